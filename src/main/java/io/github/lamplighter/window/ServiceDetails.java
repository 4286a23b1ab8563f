package io.github.lamplighter.window;

import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A tool's background service, from `service status --json`.
///
/// @param state the contract's word
/// @param words the service manager's own words for the state
/// @param unavailable why the state is not known
record ServiceDetails(
        String state,
        Optional<Boolean> atLogin,
        Optional<Long> pid,
        Optional<Instant> since,
        long restarts,
        Optional<String> lastExit,
        Optional<String> file,
        String owner,
        Optional<String> words,
        Optional<String> unavailable) {

    static ServiceDetails of(Envelope envelope) {
        JsonNode tool = envelope.tool();
        Optional<String> state = JsonFields.text(tool, "state");
        return new ServiceDetails(
                state.orElse("unknown"),
                JsonFields.truth(tool.path("facts").path("enabled"), "value"),
                JsonFields.number(tool, "pid"),
                JsonFields.instant(tool, "since"),
                JsonFields.number(tool, "restarts").orElse(0L),
                JsonFields.text(tool, "lastExit"),
                JsonFields.text(tool, "file"),
                JsonFields.text(tool, "owner").orElse(""),
                JsonFields.text(tool, "words"),
                state.isEmpty() || (state.get().equals("unknown") && !envelope.succeeded())
                        ? envelope.reason().or(() -> Optional.of("Could not get the service's status"))
                        : Optional.empty());
    }

    boolean isRunning() {
        return state.equals("running") || state.equals("starting") || state.equals("restarting");
    }

    boolean isInstalled() {
        return !state.equals("not-installed") && !state.equals("unknown");
    }

    String sentence(HumanFormat humanFormat, Instant now) {
        String when =
                since.map(instant -> " " + humanFormat.since(instant, now)).orElse("");
        String process = pid.map(number -> " · pid " + number).orElse("");
        return switch (state) {
            case "running" -> "Running" + when + process;
            case "starting" -> "Starting" + when + process;
            case "restarting" -> "Restarting repeatedly" + when;
            case "stopped" -> "Stopped" + when;
            case "failed" ->
                "Stopped unexpectedly" + when
                        + lastExit.map(exit -> " · " + exit).orElse("");
            case "not-installed" -> "No service set up";
            default -> "Status unknown";
        };
    }

    String ownerSentence() {
        return switch (owner) {
            case "ours" -> "Created by Lamplighter";
            case "adopted" -> "Not created by Lamplighter (its file is never changed)";
            case "foreign" -> "Not created by Lamplighter";
            default -> "";
        };
    }
}
