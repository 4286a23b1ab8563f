package io.github.lamplighter.readiness;

import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Sessions;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How many sessions are open in a tool: counted from the lines of a command, or answered by the tool itself.
public final class LiveSessions {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Programs programs;
    private final Probe probe;

    public LiveSessions(Programs programs, Probe probe) {
        this.programs = programs;
        this.probe = probe;
    }

    /// What came of counting.
    public sealed interface Count {
        /// What was asked: a command line, or an address.
        String source();

        record Open(int number, String source) implements Count {}

        /// @param why a sentence
        record NotCounted(String source, String why) implements Count {}
    }

    public Count count(Sessions sessions, Optional<Endpoint> endpoint) {
        return switch (sessions) {
            case Sessions.FromCommand command -> lines(Command.of(LIMIT, command.command()));
            case Sessions.FromEndpoint(var answer) ->
                endpoint.<Count>map(found -> answered(
                                found, answer.path(), answer.pointer(), "GET " + join(found.url(), answer.path())))
                        .orElseGet(() -> new Count.NotCounted(answer.path(), "Its description names no address."));
        };
    }

    /// Such commands often end with a status of their own when there is nothing to list.
    private Count lines(Command command) {
        return switch (programs.run(command)) {
            case Answer.Exited exited ->
                new Count.Open(
                        (int) exited.out()
                                .lines()
                                .filter(text -> !text.isBlank())
                                .count(),
                        command.line());
            case Answer.TimedOut _ ->
                new Count.NotCounted(command.line(), "It did not end within %d s.".formatted(LIMIT.toSeconds()));
            case Answer.NotStarted notStarted -> new Count.NotCounted(command.line(), notStarted.reason());
        };
    }

    private Count answered(Endpoint endpoint, String path, String pointer, String source) {
        Optional<JsonNode> json = probe.json(endpoint, path);
        if (json.isEmpty()) {
            return new Count.NotCounted(source, "It gave no JSON answer.");
        }
        try {
            JsonNode value = json.get().at(pointer);
            if (value.isArray() || value.isObject()) {
                return new Count.Open(value.size(), source);
            }
            return value.isInt() && value.intValue() >= 0
                    ? new Count.Open(value.intValue(), source)
                    : new Count.NotCounted(source, "Neither a number nor a list stands at %s.".formatted(pointer));
        } catch (IllegalArgumentException _) {
            return new Count.NotCounted(source, "Nothing stands at %s.".formatted(pointer));
        }
    }

    private static String join(String url, String path) {
        return url.replaceFirst("/$", "") + (path.startsWith("/") ? path : "/" + path);
    }
}
