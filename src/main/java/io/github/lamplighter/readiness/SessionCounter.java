package io.github.lamplighter.readiness;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Sessions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Counts the open sessions of a tool: the lines of a command's output, or a value of the tool's own endpoint.
public final class SessionCounter {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /// `no server running on …` and `error connecting to … (No such file or directory)` (tmux), `No Sockets
    /// found in …` (screen), `No active sessions` (zellij, zmx).
    private static final Pattern NOTHING_TO_LIST = Pattern.compile(
            "(?i)\\bno (?:\\w+ )?(?:server running|sessions?|sockets? found)\\b|\\(no such file or directory\\)");

    private final ProcessRunner runner;
    private final Probe probe;

    public SessionCounter(ProcessRunner runner, Probe probe) {
        this.runner = runner;
        this.probe = probe;
    }

    /// The result of counting.
    public sealed interface Count {
        /// The command line or URL that was used.
        String source();

        record Open(int number, String source) implements Count {}

        /// @param why a sentence
        record NotCounted(String source, String why) implements Count {}
    }

    /// @param variables of the tool's service, which may decide where the sessions are (`TMUX_TMPDIR`)
    public Count count(Sessions sessions, Optional<Endpoint> endpoint, Map<String, String> variables) {
        return switch (sessions) {
            case Sessions.FromCommand command ->
                lines(Command.of(LIMIT, command.command()).withAll(variables));
            case Sessions.FromEndpoint(var answer) ->
                endpoint.<Count>map(found -> answered(
                                found, answer.path(), answer.pointer(), "GET " + join(found.url(), answer.path())))
                        .orElseGet(() -> new Count.NotCounted(answer.path(), "The manifest has no URL."));
        };
    }

    /// Many such commands fail if there is nothing to list, and print that. Any other failure counts as not
    /// counted, because "none" allows a stop.
    private Count lines(Command command) {
        return switch (runner.run(command)) {
            case ProcessResult.Exited exited
            when exited.status() == 0 ->
                new Count.Open(
                        (int) exited.out()
                                .lines()
                                .filter(text -> !text.isBlank())
                                .count(),
                        command.line());
            case ProcessResult.Exited exited ->
                isNothing(exited)
                        ? new Count.Open(0, command.line())
                        : new Count.NotCounted(
                                command.line(),
                                "The command failed with exit code %d%s"
                                        .formatted(
                                                exited.status(),
                                                (exited.err() + "\n" + exited.out())
                                                        .lines()
                                                        .filter(text -> !text.isBlank())
                                                        .findFirst()
                                                        .map(text -> ": " + text.strip())
                                                        .orElse(".")));
            case ProcessResult.TimedOut _ ->
                new Count.NotCounted(
                        command.line(), "The command did not finish within %d s.".formatted(LIMIT.toSeconds()));
            case ProcessResult.NotStarted notStarted -> new Count.NotCounted(command.line(), notStarted.reason());
        };
    }

    /// Exit code 1 without output means "none" for `pgrep` and `grep`.
    private static boolean isNothing(ProcessResult.Exited exited) {
        String said = exited.out() + exited.err();
        return said.isBlank()
                ? exited.status() == 1
                : NOTHING_TO_LIST.matcher(said).find();
    }

    private Count answered(Endpoint endpoint, String path, String pointer, String source) {
        Optional<JsonNode> json = probe.json(endpoint, path);
        if (json.isEmpty()) {
            return new Count.NotCounted(source, "The URL returned no JSON.");
        }
        try {
            JsonNode value = json.get().at(pointer);
            if (value.isArray() || value.isObject()) {
                return new Count.Open(value.size(), source);
            }
            return value.isInt() && value.intValue() >= 0
                    ? new Count.Open(value.intValue(), source)
                    : new Count.NotCounted(
                            source, "The value at %s is neither a number nor a list.".formatted(pointer));
        } catch (IllegalArgumentException _) {
            return new Count.NotCounted(source, "There is no value at %s.".formatted(pointer));
        }
    }

    private static String join(String url, String path) {
        return url.replaceFirst("/$", "") + (path.startsWith("/") ? path : "/" + path);
    }
}
