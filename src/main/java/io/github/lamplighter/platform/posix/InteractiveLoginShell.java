package io.github.lamplighter.platform.posix;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.SearchPath;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.text.SecretDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the user's shell as a terminal would, but with a minimal environment: variables that this process
/// inherited (from the desktop, from another shell) must not count as set by the shell's own start-up files.
public final class InteractiveLoginShell implements LoginShell {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /// The least remaining time for a second attempt.
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Set<String> POSIX_LIKE = Set.of("bash", "zsh", "fish", "ksh", "mksh", "dash", "sh", "ash");

    /// The variable that tells the answer of a shell from what its start-up files print.
    private static final String MARK = "LAMPLIGHTER_MARK";

    private static final List<String> NEEDED = List.of(
            "HOME",
            "USER",
            "LOGNAME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
            "XDG_RUNTIME_DIR");

    private final ProcessRunner runner;
    private final Map<String, String> environment;
    private final AppDirectories directories;
    private final InstantSource clock;
    /// The shell runs once per command, so a start-up file that hangs delays it once.
    private Optional<ShellAnswer> shellAnswer = Optional.empty();

    public InteractiveLoginShell(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, InstantSource clock) {
        this.runner = runner;
        this.environment = Map.copyOf(environment);
        this.directories = directories;
        this.clock = clock;
    }

    @Override
    public synchronized LoginShell.Answer path() {
        LoginShell.Answer answer = switch (shellAnswer()) {
            case ShellAnswer.Variables variables -> {
                SearchPath clean = SearchPath.cleaned(
                        variables.values().getOrDefault("PATH", ""), directories.home(), Optional.empty());
                yield new LoginShell.Answer.Found(clean.value(), clean.warnings());
            }
            case ShellAnswer.Nothing nothing ->
                // What it said the last time is closer to the truth than what this process was given.
                new LoginShell.Answer.Fallback(
                        kept().filter(LoginShell.Answer.Found.class::isInstance)
                                .map(LoginShell.Answer::value)
                                .orElseGet(() -> SearchPath.cleaned(
                                                environment.getOrDefault("PATH", ""),
                                                directories.home(),
                                                Optional.empty())
                                        .value()),
                        nothing.why());
        };
        // A shell that hangs once does not take back its answer.
        if (answer instanceof LoginShell.Answer.Found || !(kept().orElse(answer) instanceof LoginShell.Answer.Found)) {
            keep(answer);
        }
        return answer;
    }

    @Override
    public synchronized Map<String, String> variables(List<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, String> result = shellAnswer() instanceof ShellAnswer.Variables variables
                ? new HashMap<>(variables.values())
                : new HashMap<>();
        result.keySet().retainAll(Set.copyOf(names));
        keepVariables(names, result);
        return result;
    }

    @Override
    public Map<String, String> keptVariables(List<String> names) {
        Map<String, String> result = new HashMap<>();
        if (JsonFile.read(file()) instanceof JsonFile.Content.Present(JsonNode json)) {
            for (String name : names) {
                if (json.path("variables").path(name).isString()) {
                    result.put(name, json.path("variables").path(name).stringValue());
                }
            }
        }
        return result;
    }

    @Override
    public Optional<LoginShell.Answer> kept() {
        if (!(JsonFile.read(file()) instanceof JsonFile.Content.Present(JsonNode json))
                || !json.path("path").isString()) {
            return Optional.empty();
        }
        String path = json.path("path").stringValue();
        if (json.path("why").isString()) {
            return Optional.of(
                    new LoginShell.Answer.Fallback(path, json.path("why").stringValue()));
        }
        List<String> warnings = new ArrayList<>();
        json.path("warnings").forEach(warning -> warnings.add(warning.asString("")));
        return Optional.of(new LoginShell.Answer.Found(path, warnings));
    }

    private sealed interface ShellAnswer {
        record Variables(Map<String, String> values) implements ShellAnswer {}

        record Nothing(String why) implements ShellAnswer {}
    }

    private ShellAnswer shellAnswer() {
        if (shellAnswer.isEmpty()) {
            shellAnswer = Optional.of(ask());
        }
        return shellAnswer.get();
    }

    private ShellAnswer ask() {
        Optional<String> shell = shell();
        if (shell.isEmpty()) {
            return new ShellAnswer.Nothing("Could not find your login shell.");
        }
        String name = String.valueOf(Path.of(shell.get()).getFileName());
        // A start-up file may replace the shell (`exec fish`, `exec tmux`), most often only in interactive shells.
        // Other shells have other options: tcsh refuses `-l` beside another one.
        List<List<String>> attempts = POSIX_LIKE.contains(name)
                ? List.of(List.of("-l", "-i"), List.of("-l"))
                : List.of(List.of("-l", "-i"), List.of("-i"), List.of());
        long began = System.nanoTime();
        ShellAnswer answer = new ShellAnswer.Nothing("%s did not respond.".formatted(name));
        for (List<String> options : attempts) {
            Duration left = LIMIT.minus(Duration.ofNanos(System.nanoTime() - began));
            if (answer instanceof ShellAnswer.Nothing && left.compareTo(LEAST) > 0) {
                answer = ask(shell.get(), name, left, options);
            }
        }
        return answer;
    }

    private ShellAnswer ask(String shell, String name, Duration limit, List<String> options) {
        // Marks the answer, because start-up files may print greetings and escape sequences.
        String mark = "lamplighter-" + UUID.randomUUID();
        boolean posix = POSIX_LIKE.contains(name);
        List<String> argv = new ArrayList<>(newSession());
        argv.addAll(List.of(
                "/usr/bin/env",
                "-i",
                MARK + "=" + mark,
                "TERM=xterm-256color",
                "PATH=/usr/local/bin:/usr/bin:/bin",
                "SHELL=" + shell));
        for (String variable : NEEDED) {
            String value = environment.get(variable);
            if (value != null) {
                argv.add(variable + "=" + value);
            }
        }
        argv.add(shell);
        argv.addAll(options);
        // Every shell starts one program in the same way, if little else (xonsh, nu, tcsh, elvish).
        argv.addAll(List.of(
                "-c",
                posix ? "echo; echo %s; /usr/bin/env -0; echo; echo %s".formatted(mark, mark) : "/usr/bin/env -0"));
        // An interactive shell ignores SIGTERM.
        return switch (runner.run(Command.of(limit, argv).abruptly().in(directories.home()))) {
            case io.github.lamplighter.process.ProcessResult.NotStarted notStarted ->
                new ShellAnswer.Nothing(notStarted.reason());
            case io.github.lamplighter.process.ProcessResult.TimedOut timedOut ->
                answer(timedOut.out(), mark, posix)
                        .<ShellAnswer>map(ShellAnswer.Variables::new)
                        .orElseGet(() -> new ShellAnswer.Nothing(
                                "%s did not respond within %d s.".formatted(name, LIMIT.toSeconds())));
            case io.github.lamplighter.process.ProcessResult.Exited exited ->
                answer(exited.out(), mark, posix)
                        .<ShellAnswer>map(ShellAnswer.Variables::new)
                        .orElseGet(() -> new ShellAnswer.Nothing(
                                "%s exited with code %d without an answer.".formatted(name, exited.status())));
        };
    }

    /// A session of its own, because an interactive shell would otherwise take over this process's terminal.
    /// macOS has no setsid(1), but Perl.
    private List<String> newSession() {
        return runner.find("setsid")
                .map(setsid -> List.of(setsid.toString(), "-w"))
                .or(() -> runner.find("perl")
                        .map(perl -> List.of(
                                perl.toString(),
                                "-e",
                                "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127")))
                .orElse(List.of());
    }

    private static Optional<Map<String, String>> answer(String out, String mark, boolean posix) {
        return posix ? between(out, mark) : unmarked(out, mark);
    }

    private static Optional<Map<String, String>> between(String out, String mark) {
        int start = out.indexOf(mark + "\n");
        int end = out.lastIndexOf("\n" + mark);
        if (start < 0 || end <= start + mark.length()) {
            return Optional.empty();
        }
        return variables(out.substring(start + mark.length() + 1, end));
    }

    /// Without lines around it, the answer is what env(1) prints: each variable up to a NUL, among them our mark.
    private static Optional<Map<String, String>> unmarked(String out, String mark) {
        int end = out.lastIndexOf('\0');
        int first = out.indexOf('\0');
        int start = first < 0 ? 0 : out.lastIndexOf('\n', first) + 1;
        return end < start
                ? Optional.empty()
                : variables(out.substring(start, end)).filter(values -> mark.equals(values.get(MARK)));
    }

    private static Optional<Map<String, String>> variables(String text) {
        Map<String, String> values = new HashMap<>();
        for (String entry : text.split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                values.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return values.containsKey("PATH") ? Optional.of(values) : Optional.empty();
    }

    /// `$SHELL`, or the shell in the user database.
    private Optional<String> shell() {
        return Optional.ofNullable(environment.get("SHELL"))
                .or(this::fromUserDatabase)
                .filter(path -> path.startsWith("/") && Files.isExecutable(Path.of(path)));
    }

    private Optional<String> fromUserDatabase() {
        try {
            String owner = Files.getOwner(Path.of("/proc/self")).getName();
            return Files.readAllLines(Path.of("/etc/passwd")).stream()
                    .map(line -> line.split(":", -1))
                    .filter(field -> field.length >= 7 && field[0].equals(owner))
                    .map(field -> field[6].strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path file() {
        return directories.state().resolve("login-shell.json");
    }

    private void keep(LoginShell.Answer answer) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("schema", "lamplighter.login-shell/1");
        json.put("path", answer.value());
        switch (answer) {
            case LoginShell.Answer.Found found -> found.warnings().forEach(json.putArray("warnings")::add);
            case LoginShell.Answer.Fallback fallback -> json.put("why", fallback.why());
        }
        json.put("askedAt", clock.instant().toString());
        if (JsonFile.read(file()) instanceof JsonFile.Content.Present(JsonNode before)
                && before.path("variables").isObject()) {
            json.set("variables", before.path("variables"));
        }
        write(json);
    }

    /// Saves only the variables that a manifest names.
    private void keepVariables(List<String> names, Map<String, String> values) {
        if (!(JsonFile.read(file()) instanceof JsonFile.Content.Present(JsonNode before))
                || !(before instanceof ObjectNode json)) {
            return;
        }
        ObjectNode variables = json.path("variables") instanceof ObjectNode kept ? kept : json.putObject("variables");
        for (String name : names) {
            String value = values.get(name);
            if (value == null || ServiceDefinitionFactory.isSecret(name) || SecretDetector.looksLikeOne(value)) {
                variables.remove(name);
            } else {
                variables.put(name, value);
            }
        }
        write(json);
    }

    private void write(JsonNode json) {
        try {
            JsonFile.write(file(), json);
        } catch (IOException e) {
            // Without it the next status cannot tell whether the service file is up to date, and says so.
        }
    }
}
