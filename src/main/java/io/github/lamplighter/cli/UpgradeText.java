package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.ProvenanceJson;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.text.JsonTimestamps;
import io.github.lamplighter.upgrade.StepOutcome;
import io.github.lamplighter.upgrade.StepProgress;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.DataRisk;
import io.github.lamplighter.upgrade.UpgradePlan;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi.Style;
import tools.jackson.databind.node.ObjectNode;

/// Plans, steps and outcomes of upgrades and rollbacks, as text and as JSON.
final class UpgradeText {

    /// Three digits at most: a larger first number is a year.
    private static final Pattern MAJOR = Pattern.compile("v?(\\d{1,3})(?!\\d)\\.");

    private UpgradeText() {}

    static int exitCode(UpgradeOutcome outcome) {
        return switch (outcome.result()) {
            case UPGRADED, CURRENT -> ExitCode.OK;
            case ROLLED_BACK -> isRollback(outcome) ? ExitCode.OK : ExitCode.FAILED;
            case REFUSED, NEEDS_CONSENT -> ExitCode.REFUSED;
            case BUSY -> ExitCode.BUSY;
            case FAILED -> ExitCode.FAILED;
            case NEEDS_ATTENTION -> ExitCode.NEEDS_ATTENTION;
        };
    }

    /// The outcome in one line.
    static String sentence(UpgradeOutcome outcome) {
        return String.join(" ", sentences(outcome));
    }

    /// The outcome, then the commands that may be useful now.
    static List<String> lines(UpgradeOutcome outcome) {
        List<String> lines = new ArrayList<>(sentences(outcome));
        String name = outcome.name();
        boolean itself = name.equals("lamplighter");
        if (itself && exitCode(outcome) == ExitCode.OK && outcome.result() != UpgradeOutcome.Result.CURRENT) {
            lines.add("If its window is open, reopen it to use %s there.".formatted(outcome.to()));
        }
        if (outcome.result() == UpgradeOutcome.Result.UPGRADED) {
            lines.add("To undo: lamplighter rollback " + name);
        } else if (outcome.result() == UpgradeOutcome.Result.ROLLED_BACK && isRollback(outcome)) {
            lines.add("To undo: lamplighter rollback %s --to %s".formatted(name, outcome.from()));
        } else if (outcome.result() == UpgradeOutcome.Result.ROLLED_BACK) {
            if (outcome.downtimeMillis() > 0 && !outcome.isCancelled()) {
                lines.add("  Log:        lamplighter logs " + name);
            }
            lines.add("  Try again:  lamplighter upgrade %s --to %s".formatted(name, outcome.to()));
        }
        return lines;
    }

    private static List<String> sentences(UpgradeOutcome outcome) {
        String name = outcome.name();
        String reason = outcome.reason().orElse("");
        String down = outcome.downtimeMillis() > 0
                ? " (down for %s)".formatted(HumanTime.duration(Duration.ofMillis(outcome.downtimeMillis())))
                : "";
        Optional<String> data = outcome.dataMayHaveChanged()
                ? Optional.of("%s was not %s; %s may have changed it."
                        .formatted(
                                outcome.dataRisk() == DataRisk.PART ? "A part of its data" : "Its data",
                                isRollback(outcome) ? "restored" : "backed up",
                                isRollback(outcome) ? outcome.from() : outcome.to()))
                : Optional.empty();
        String ended = "%s of %s to %s %s"
                .formatted(
                        isRollback(outcome) ? "Rollback" : "Upgrade",
                        name,
                        outcome.to(),
                        outcome.isCancelled() ? "was cancelled." : "failed: " + reason);
        return switch (outcome.result()) {
            case UPGRADED -> with(outcome.reason(), "Upgraded %s to %s%s.".formatted(name, outcome.to(), down));
            case CURRENT -> List.of("%s stays at %s. %s".formatted(name, outcome.from(), reason));
            case ROLLED_BACK ->
                isRollback(outcome)
                        ? with(data, "Rolled back %s to %s%s.".formatted(name, outcome.to(), down))
                        : with(data, ended, "Rolled back to %s%s.".formatted(outcome.from(), down));
            case REFUSED, BUSY ->
                List.of("%s was not %s. %s".formatted(name, isRollback(outcome) ? "rolled back" : "upgraded", reason));
            case NEEDS_CONSENT -> List.of("%s needs your confirmation. %s".formatted(name, reason));
            case FAILED ->
                outcome.isCancelled()
                        ? with(data, ended, "%s is still at %s.".formatted(name, outcome.from()))
                        : List.of("%s was not changed. %s".formatted(name, reason));
            case NEEDS_ATTENTION -> with(data, "%s needs manual repair. %s".formatted(name, reason));
        };
    }

    private static List<String> with(Optional<String> last, String... sentences) {
        List<String> all = new ArrayList<>(List.of(sentences));
        last.ifPresent(all::add);
        return all;
    }

    private static boolean isRollback(UpgradeOutcome outcome) {
        return outcome.asked() == Asked.ROLLBACK;
    }

    /// The outcome of a past upgrade in a word or two.
    static String end(UpgradeOutcome past) {
        return switch (past.result()) {
            case UPGRADED -> "upgraded";
            case CURRENT -> "up to date";
            case ROLLED_BACK ->
                isRollback(past)
                        ? "rolled back"
                        : past.isCancelled() ? "cancelled, rolled back" : "failed, rolled back";
            case REFUSED, BUSY -> isRollback(past) ? "not rolled back" : "not upgraded";
            case NEEDS_CONSENT -> "not confirmed";
            case FAILED -> past.isCancelled() ? "cancelled" : "failed";
            case NEEDS_ATTENTION -> "needs manual repair";
        };
    }

    /// `1.1.0 → 2.0.0`, as far as the versions are known.
    static String versions(UpgradeOutcome past) {
        return past.to().isEmpty() ? past.from() : past.from() + " → " + past.to();
    }

    /// `http-server 14.1.0 → 14.1.1 (npm)`
    static String title(UpgradePlan plan) {
        return "%s %s → %s (%s)"
                .formatted(
                        plan.name(),
                        plan.provenance().version(),
                        plan.upgradeTarget().label(),
                        plan.provenance().installer().word());
    }

    /// Everything in a plan that the user should know before confirming it.
    static List<String> details(UpgradePlan plan) {
        List<String> details = new ArrayList<>();
        if (plan.upgradeTarget() instanceof UpgradeTarget.ReleaseArchive archive) {
            details.add("Download:    %s (%d MB)".formatted(archive.url(), Math.max(1, archive.size() / 1_000_000)));
        }
        details.add("Disk space:  %d MB".formatted(plan.megabytes()));
        if (plan.runs()) {
            details.add("Downtime:    "
                    + (plan.downtime().isMeasured()
                            ? "about %s, as in the last upgrade"
                                    .formatted(
                                            HumanTime.estimate(plan.downtime().length()))
                            : "about as long as a restart"));
        }
        if (!plan.manifest().data().isEmpty()) {
            details.add("Data:        backed up after the service stops, and restored if the upgrade fails");
        }
        details.add("On failure:  rolls back to %s".formatted(plan.provenance().version()));
        if (plan.dataNotDeclared()) {
            details.add("! Its data is not backed up (the manifest lists no data folder).");
        }
        warnings(plan).forEach(sentence -> details.add("! " + sentence));
        plan.commands().forEach(command -> details.add("Command:     " + command));
        return details;
    }

    /// What the user should weigh before confirming a plan, a sentence each.
    private static List<String> warnings(UpgradePlan plan) {
        List<String> warnings = new ArrayList<>();
        String target = plan.upgradeTarget().label();
        if (isNewMajor(plan.provenance().version(), target)) {
            warnings.add("%s is a new major version. Its release notes name what changes for you.".formatted(target));
        }
        warnings.addAll(plan.upgradeImpact().sentences());
        return warnings;
    }

    /// Whether the first number grows; the year of a calendar version says nothing.
    private static boolean isNewMajor(String from, String to) {
        Matcher old = MAJOR.matcher(from);
        Matcher target = MAJOR.matcher(to);
        return old.lookingAt()
                && target.lookingAt()
                && Integer.parseInt(target.group(1)) > Integer.parseInt(old.group(1));
    }

    /// The outcome's JSON with a timestamp in the form of all commands.
    static ObjectNode json(UpgradeOutcome outcome) {
        return outcome.json().put("startedAt", JsonTimestamps.of(outcome.startedAt(), ZoneOffset.UTC));
    }

    static ObjectNode json(UpgradePlan plan, ObjectNode json) {
        json.put("hash", plan.hash())
                .put("source", ProvenanceJson.kind(plan.provenance().origin()))
                .put("megabytes", plan.megabytes())
                .put("downtimeMillis", plan.downtime().length().toMillis())
                .put("downtimeMeasured", plan.downtime().isMeasured())
                .put("running", plan.runs())
                .put("dataMayHaveChanged", plan.dataNotDeclared());
        plan.commands().forEach(json.putArray("commands")::add);
        if (plan.upgradeTarget() instanceof UpgradeTarget.ReleaseArchive archive) {
            json.putObject("download")
                    .put("url", archive.url())
                    .put("bytes", archive.size())
                    .put("sha256", archive.sha256());
        }
        json.putArray("sentences").add("Needs %d MB of disk space".formatted(plan.megabytes()));
        warnings(plan).forEach(json.putArray("warnings")::add);
        return json;
    }

    /// A step that ended, in one line; empty for a step that is not shown.
    static Optional<String> line(StepProgress progress, Console console) {
        return progress.outcome()
                .filter(outcome -> outcome != StepOutcome.SKIPPED)
                .map(outcome -> "  %s %-28s %7s  %s"
                        .formatted(
                                outcome == StepOutcome.DONE
                                        ? console.paint(Style.fg_green, "✓")
                                        : console.paint(Style.fg_red, "✗"),
                                progress.label(),
                                HumanTime.duration(progress.took()),
                                progress.detail())
                        .stripTrailing());
    }
}
