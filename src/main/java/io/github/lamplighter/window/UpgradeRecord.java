package io.github.lamplighter.window;

import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.text.HumanTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The result of an upgrade or a rollback; a line of a tool's history.
///
/// @param reason why it failed; empty if the user cancelled it
record UpgradeRecord(
        boolean isRollback,
        String outcome,
        Optional<String> from,
        Optional<String> to,
        Optional<String> reason,
        boolean isCancelled,
        Optional<Duration> downtime,
        boolean dataMayHaveChanged,
        Optional<Instant> startedAt) {

    private static final String LAMPLIGHTER = "lamplighter";

    static UpgradeRecord of(JsonNode json) {
        boolean isCancelled = JsonFields.truth(json, "cancelled").orElse(false);
        return new UpgradeRecord(
                JsonFields.text(json, "asked").filter("rollback"::equals).isPresent(),
                JsonFields.text(json, "outcome").orElse(""),
                JsonFields.text(json, "from"),
                JsonFields.text(json, "to"),
                JsonFields.text(json, "reason").filter(_ -> !isCancelled),
                isCancelled,
                JsonFields.number(json, "downtimeMillis").map(Duration::ofMillis),
                JsonFields.truth(json, "dataMayHaveChanged").orElse(false),
                JsonFields.instant(json, "startedAt"));
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    boolean succeeded() {
        return outcome.equals("upgraded") || isRequestedRollback();
    }

    /// Whether the new version failed, and Lamplighter rolled back.
    boolean wasUndone() {
        return !isRollback && !isCancelled && outcome.equals("rolled-back");
    }

    private boolean isRequestedRollback() {
        return isRollback && outcome.equals("rolled-back");
    }

    /// The action that restores the version before this upgrade.
    Optional<Action> rollback(String id) {
        return from.filter(_ -> outcome.equals("upgraded"))
                .map(before -> Action.of("Roll back to " + before, "rollback", id));
    }

    boolean needsRepair() {
        return outcome.equals("needs-attention");
    }

    ToolRow.Mark mark() {
        return succeeded()
                ? ToolRow.Mark.OK
                : needsRepair() ? ToolRow.Mark.FAILURE : isCancelled ? ToolRow.Mark.INFO : ToolRow.Mark.WARNING;
    }

    /// The result in one sentence. Unknown parts are left out.
    String sentence(String name, boolean running) {
        // This window still runs from the version before.
        return name.equals(LAMPLIGHTER) && succeeded()
                ? plainSentence(name, running) + " Reopen this window to use it."
                : plainSentence(name, running);
    }

    private String plainSentence(String name, boolean running) {
        String old = from.orElse("the previous version");
        String target = to.orElse("the new version");
        String down = downtime.filter(length -> length.toMillis() > 0)
                .map(HumanTime::duration)
                .orElse("");
        if (isRequestedRollback()) {
            return running && !down.isEmpty()
                    ? "Rolled back to %s (down for %s).".formatted(target, down)
                    : "Rolled back to %s.".formatted(target);
        }
        return switch (outcome) {
            case "upgraded" ->
                running && !down.isEmpty()
                        ? "Upgraded to %s (down for %s).".formatted(target, down)
                        : "Upgraded to %s.".formatted(target);
            case "current" ->
                "%s is already at %s. Nothing was changed."
                        .formatted(name, to.or(() -> from).orElse("the newest version"));
            case "rolled-back" ->
                isCancelled
                        ? "Cancelled. Rolled back to %s.".formatted(old)
                        : running && !down.isEmpty()
                                ? "%s failed. Rolled back to %s, which is running (down for %s)."
                                        .formatted(capitalized(target), old, down)
                                : "%s failed. Rolled back to %s.".formatted(capitalized(target), old);
            case "refused" -> "%s was not upgraded. Nothing was changed.".formatted(name);
            case "needs-consent" -> "Not upgraded: other programs would be interrupted.";
            case "needs-attention" -> "%s is down and needs manual repair.".formatted(name);
            default ->
                (isCancelled ? "Cancelled. %s is still at %s." : "%s is still at %s. Nothing was changed.")
                        .formatted(name, old);
        };
    }

    /// The line in a tool's history.
    String line() {
        String versions = from.map(
                        before -> before + to.map(after -> " → " + after).orElse(""))
                .orElse(to.orElse(""));
        if (isRequestedRollback()) {
            return "Rolled back " + versions;
        }
        if (isCancelled) {
            return (isRollback ? "Rollback cancelled " : "Upgrade cancelled ") + versions;
        }
        return switch (outcome) {
            case "upgraded" -> "Upgraded " + versions;
            case "rolled-back" ->
                "%s failed; rolled back to %s".formatted(to.orElse("Upgrade"), from.orElse("the previous version"));
            case "refused" -> "Not upgraded: refused";
            case "needs-attention" -> "Upgrade interrupted: needs manual repair";
            case "current" -> "Already at " + to.or(() -> from).orElse("the newest");
            default -> "Not upgraded " + versions;
        };
    }
}
