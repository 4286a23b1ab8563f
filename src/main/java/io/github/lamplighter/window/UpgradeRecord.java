package io.github.lamplighter.window;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One line of a tool's history, and what an upgrade came to.
record UpgradeRecord(
        boolean isRollback,
        String outcome,
        Optional<String> from,
        Optional<String> to,
        Optional<String> reason,
        Optional<Duration> downtime,
        boolean dataMayHaveChanged,
        Optional<Instant> startedAt) {

    static UpgradeRecord of(JsonNode json) {
        return new UpgradeRecord(
                JsonFields.text(json, "asked").filter("rollback"::equals).isPresent(),
                JsonFields.text(json, "outcome").orElse(""),
                JsonFields.text(json, "from"),
                JsonFields.text(json, "to"),
                JsonFields.text(json, "reason"),
                JsonFields.number(json, "downtimeMillis").map(Duration::ofMillis),
                JsonFields.truth(json, "dataMayHaveChanged").orElse(false),
                JsonFields.instant(json, "startedAt"));
    }

    boolean went() {
        return outcome.equals("upgraded") || wentBackAsAsked();
    }

    /// Somebody asked for the earlier version, and has it.
    private boolean wentBackAsAsked() {
        return isRollback && outcome.equals("rolled-back");
    }

    /// The button that puts the version before an upgrade back; it is kept for that.
    Optional<Action> wayBack(String id) {
        return from.filter(_ -> outcome.equals("upgraded"))
                .map(before -> Action.of("Back to %s…".formatted(before), "rollback", id));
    }

    boolean needsSomebody() {
        return outcome.equals("needs-attention");
    }

    /// The result in one sentence. Unknown parts are left out.
    String sentence(String name, boolean runs) {
        String old = from.orElse("the earlier version");
        String target = to.orElse("The new version");
        String down = downtime.filter(length -> length.toMillis() > 0)
                .map(HumanFormat::took)
                .orElse("");
        if (wentBackAsAsked()) {
            return runs && !down.isEmpty()
                    ? "Went back to %s, which answers. Down for %s.".formatted(target, down)
                    : "Went back to %s.".formatted(target);
        }
        return switch (outcome) {
            case "upgraded" ->
                runs && !down.isEmpty()
                        ? "%s answers. Down for %s.".formatted(target, down)
                        : "%s is installed.".formatted(target);
            case "current" ->
                "%s is already at %s. Nothing was changed."
                        .formatted(name, to.or(() -> from).orElse("the newest version"));
            case "rolled-back" ->
                runs && !down.isEmpty()
                        ? "%s was taken back. %s runs and answers again (down %s).".formatted(target, old, down)
                        : "%s was taken back. %s is installed, as before.".formatted(target, old);
            case "refused" -> "%s was left as it is.".formatted(name);
            case "needs-consent" -> "It was not done: something else would be interrupted.";
            case "needs-attention" -> "%s is stopped and needs you.".formatted(name);
            default -> "%s stays at %s. Nothing was put in its place.".formatted(name, old);
        };
    }

    /// For the list of a tool's history.
    String line() {
        String versions = from.map(
                        before -> before + to.map(after -> " → " + after).orElse(""))
                .orElse(to.orElse(""));
        if (wentBackAsAsked()) {
            return "Went back " + versions;
        }
        return switch (outcome) {
            case "upgraded" -> "Upgraded " + versions;
            case "rolled-back" ->
                "%s was taken back; went back to %s".formatted(to.orElse("It"), from.orElse("before"));
            case "refused" -> "Not upgraded: refused";
            case "needs-attention" -> "Upgrade stopped half-way: needs you";
            case "current" -> "Already at " + to.or(() -> from).orElse("the newest");
            default -> "Not upgraded " + versions;
        };
    }
}
