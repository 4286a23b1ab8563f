package io.github.lamplighter.cli;

import io.github.lamplighter.upgrade.StepOutcome;
import io.github.lamplighter.upgrade.StepProgress;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradePlan;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// How an upgrade is told in a terminal, and what its exit code is.
final class UpgradeText {

    private UpgradeText() {}

    static int exitCode(UpgradeOutcome outcome, boolean backwards) {
        return switch (outcome.result()) {
            case UPGRADED, CURRENT -> ExitCode.OK;
            case ROLLED_BACK -> backwards ? ExitCode.OK : ExitCode.FAILED;
            case REFUSED, NEEDS_CONSENT -> ExitCode.REFUSED;
            case BUSY -> ExitCode.BUSY;
            case FAILED -> ExitCode.FAILED;
            case NEEDS_ATTENTION -> ExitCode.NEEDS_ATTENTION;
        };
    }

    static String sentence(UpgradeOutcome outcome, boolean backwards) {
        String why = outcome.reason().orElse("");
        String down = outcome.downtimeMillis() > 0 ? " Down for %s.".formatted(seconds(outcome.downtimeMillis())) : "";
        String data = outcome.dataMayHaveChanged() && outcome.result() != UpgradeOutcome.Result.UPGRADED
                ? " Its data is not part of the safety copy: what %s changed in it stays."
                        .formatted(backwards ? outcome.from() : outcome.to())
                : "";
        return switch (outcome.result()) {
            case UPGRADED -> "%s is now %s.%s".formatted(outcome.name(), outcome.to(), down);
            case CURRENT -> "%s stays at %s. %s".formatted(outcome.name(), outcome.from(), why);
            case ROLLED_BACK ->
                backwards
                        ? "%s is %s again.%s%s".formatted(outcome.name(), outcome.to(), down, data)
                        : "%s stays at %s. %s was taken back: %s%s%s"
                                .formatted(outcome.name(), outcome.from(), outcome.to(), why, down, data);
            case REFUSED, BUSY -> "%s was left alone. %s".formatted(outcome.name(), why);
            case NEEDS_CONSENT -> "%s waits for you. %s".formatted(outcome.name(), why);
            case FAILED -> "%s was not changed. %s".formatted(outcome.name(), why);
            case NEEDS_ATTENTION -> "%s needs you. %s%s".formatted(outcome.name(), why, data);
        };
    }

    /// How a past upgrade ended, in a word or two.
    static String end(UpgradeOutcome past) {
        return switch (past.result()) {
            case UPGRADED -> "upgraded";
            case CURRENT -> "stayed";
            case ROLLED_BACK -> past.asked() == UpgradeOutcome.Asked.ROLLBACK ? "went back" : "taken back";
            case REFUSED, BUSY -> "left alone";
            case NEEDS_CONSENT -> "waited for you";
            case FAILED -> "not changed";
            case NEEDS_ATTENTION -> "needs you";
        };
    }

    /// From which version to which, as far as that was known.
    static String versions(UpgradeOutcome past) {
        return past.to().isEmpty() ? past.from() : past.from() + " → " + past.to();
    }

    /// What the plan says beyond from and to.
    static List<String> sentences(UpgradePlan plan) {
        List<String> sentences = new ArrayList<>();
        sentences.add("Needs %d MB beside the old one.".formatted(plan.megabytes()));
        if (plan.runs()) {
            sentences.add("Down for about %s.".formatted(seconds(plan.downtime().toMillis())));
        }
        return sentences;
    }

    static List<String> warnings(UpgradePlan plan) {
        List<String> warnings = new ArrayList<>();
        if (plan.dataNotDeclared()) {
            warnings.add("Its data is not part of the safety copy.");
        }
        warnings.addAll(plan.upgradeImpact().sentences());
        return warnings;
    }

    /// The journal keeps times exactly; those of the contract have one shape.
    static ObjectNode json(UpgradeOutcome outcome) {
        return outcome.json().put("startedAt", JsonTimestamps.of(outcome.startedAt(), ZoneOffset.UTC));
    }

    static ObjectNode json(UpgradePlan plan, ObjectNode json) {
        json.put("hash", plan.hash())
                .put("source", ProvenanceJson.kind(plan.provenance().origin()))
                .put("megabytes", plan.megabytes())
                .put("downtimeMillis", plan.downtime().toMillis())
                .put("running", plan.runs())
                .put("dataMayHaveChanged", plan.dataNotDeclared());
        var commands = json.putArray("commands");
        plan.commands().forEach(commands::add);
        json.putArray("sentences").add("Needs %d MB beside the old one".formatted(plan.megabytes()));
        var warnings = json.putArray("warnings");
        warnings(plan).stream().skip(plan.dataNotDeclared() ? 1 : 0).forEach(warnings::add);
        return json;
    }

    /// One line for a step that ended; empty for a step that is not shown.
    static String line(StepProgress progress, Console console) {
        if (progress.outcome().filter(outcome -> outcome != StepOutcome.SKIPPED).isEmpty()) {
            return "";
        }
        boolean done = progress.outcome().get() == StepOutcome.DONE;
        String mark = done ? "✓" : "✗";
        if (console.colour()) {
            mark = (done ? "\u001b[32m" : "\u001b[31m") + mark + "\u001b[0m";
        }
        return "  %s %-28s %7s  %s"
                .formatted(mark, progress.label(), seconds(progress.took().toMillis()), progress.detail())
                .stripTrailing();
    }

    static String seconds(long millis) {
        return millis < 10_000
                ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0)
                : Duration.ofMillis(millis).toSeconds() + " s";
    }

    /// Tells how a transaction of one tool ended, and gives the exit code.
    static int ended(
            UpgradeFollower.FollowResult followResult,
            String name,
            boolean backwards,
            ObjectNode result,
            List<Console.Problem> problems,
            Console console,
            boolean json) {
        return switch (followResult) {
            case UpgradeFollower.FollowResult.NotStarted(String why) -> {
                result.put("name", name)
                        .put("asked", (backwards ? UpgradeOutcome.Asked.ROLLBACK : UpgradeOutcome.Asked.UPGRADE).word())
                        .put("outcome", UpgradeOutcome.Result.FAILED.word())
                        .putNull("from")
                        .putNull("to")
                        .put("reason", why)
                        .put("downtimeMillis", 0)
                        .put("dataMayHaveChanged", false)
                        .putNull("journal")
                        .putArray("steps");
                problems.add(new Console.Problem("not-begun", why));
                if (!json) {
                    console.err().println("lamplighter: " + why);
                }
                yield ExitCode.FAILED;
            }
            case UpgradeFollower.FollowResult.Finished(UpgradeOutcome outcome) -> {
                result.setAll(json(outcome));
                int code = UpgradeText.exitCode(outcome, backwards);
                String sentence = UpgradeText.sentence(outcome, backwards);
                if (code != ExitCode.OK) {
                    problems.add(new Console.Problem(
                            outcome.result() == UpgradeOutcome.Result.BUSY
                                    ? "busy"
                                    : outcome.result().word(),
                            sentence));
                }
                if (!json) {
                    (code == ExitCode.OK ? console.out() : console.err()).println(sentence);
                }
                yield code;
            }
        };
    }
}
