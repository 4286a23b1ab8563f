package io.github.lamplighter.window;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A tool's background service as `service status` tells it.
///
/// @param state the contract's word
/// @param unavailable why no service manager can be asked
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
                        ? envelope.reason().or(() -> Optional.of("The service could not be asked"))
                        : Optional.empty());
    }

    boolean runs() {
        return state.equals("running") || state.equals("starting") || state.equals("restarting");
    }

    boolean isInstalled() {
        return !state.equals("not-installed") && !state.equals("unknown");
    }

    /// The state as a sentence.
    String sentence(HumanFormat humanFormat, Instant now) {
        String when =
                since.map(instant -> " " + humanFormat.since(instant, now)).orElse("");
        String process = pid.map(number -> " · pid " + number).orElse("");
        return switch (state) {
            case "running" -> "Running" + when + process;
            case "starting" -> "Starting" + when + process;
            case "restarting" -> "Restarting again and again" + when;
            case "stopped" -> "Stopped" + when;
            case "failed" ->
                "Ended by itself" + when + lastExit.map(exit -> " · " + exit).orElse("");
            case "not-installed" -> "It has no background service yet";
            default -> "Could not check";
        };
    }

    String ownerSentence() {
        return switch (owner) {
            case "ours" -> "Written by Lamplighter; it runs without it";
            case "adopted" -> "Not written by Lamplighter; looked after as it is";
            case "foreign" -> "Not written by Lamplighter";
            default -> "";
        };
    }
}
