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
    /// SIGHUP, SIGINT, SIGKILL, SIGTERM: for example Ctrl+C while the shell is running.
    private static final Set<Integer> SIGNALLED = Set.of(128 + 1, 128 + 2, 128 + 9, 128 + 15);

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
            case ShellAnswer.Nothing nothing -> {
                SearchPath clean =
                        SearchPath.cleaned(environment.getOrDefault("PATH", ""), directories.home(), Optional.empty());
                yield new LoginShell.Answer.Fallback(clean.value(), nothing.why());
            }
        };
        if (!wasInterrupted() || !(kept().orElse(answer) instanceof LoginShell.Answer.Found)) {
            keep(answer);
        }
        return answer;
    }

    private boolean wasInterrupted() {
        return shellAnswer() instanceof ShellAnswer.Nothing nothing && nothing.interrupted();
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

        /// @param interrupted whether a signal ended the shell, which says nothing about its start-up files
        record Nothing(String why, boolean interrupted) implements ShellAnswer {
            Nothing(String why) {
                this(why, false);
            }
        }
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
        if (!POSIX_LIKE.contains(name)) {
            return new ShellAnswer.Nothing("Lamplighter can't read the PATH of %s.".formatted(name));
        }
        long began = System.nanoTime();
        ShellAnswer interactive = ask(shell.get(), name, LIMIT, List.of("-l", "-i"));
        Duration left = LIMIT.minus(Duration.ofNanos(System.nanoTime() - began));
        // A start-up file may replace the shell (`exec fish`, `exec tmux`), most often only in interactive shells.
        return interactive instanceof ShellAnswer.Nothing && left.compareTo(LEAST) > 0
                ? ask(shell.get(), name, left, List.of("-l"))
                : interactive;
    }

    private ShellAnswer ask(String shell, String name, Duration limit, List<String> options) {
        // Marks the answer, because start-up files may print greetings and escape sequences.
        String mark = "lamplighter-" + UUID.randomUUID();
        List<String> argv = new ArrayList<>(newSession());
        argv.addAll(List.of(
                "/usr/bin/env", "-i", "TERM=xterm-256color", "PATH=/usr/local/bin:/usr/bin:/bin", "SHELL=" + shell));
        for (String variable : NEEDED) {
            String value = environment.get(variable);
            if (value != null) {
                argv.add(variable + "=" + value);
            }
        }
        argv.add(shell);
        argv.addAll(options);
        argv.addAll(List.of("-c", "echo; echo %s; /usr/bin/env -0; echo; echo %s".formatted(mark, mark)));
        // An interactive shell ignores SIGTERM.
        return switch (runner.run(Command.of(limit, argv).abruptly().in(directories.home()))) {
            case io.github.lamplighter.process.ProcessResult.NotStarted notStarted ->
                new ShellAnswer.Nothing(
                        notStarted.reason(), Thread.currentThread().isInterrupted());
            case io.github.lamplighter.process.ProcessResult.TimedOut timedOut ->
                between(timedOut.out(), mark)
                        .<ShellAnswer>map(ShellAnswer.Variables::new)
                        .orElseGet(() -> new ShellAnswer.Nothing(
                                "%s did not respond within %d s.".formatted(name, LIMIT.toSeconds())));
            case io.github.lamplighter.process.ProcessResult.Exited exited ->
                between(exited.out(), mark)
                        .<ShellAnswer>map(ShellAnswer.Variables::new)
                        .orElseGet(() -> new ShellAnswer.Nothing(
                                "%s exited with code %d without an answer.".formatted(name, exited.status()),
                                SIGNALLED.contains(exited.status())));
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

    private static Optional<Map<String, String>> between(String out, String mark) {
        int start = out.indexOf(mark + "\n");
        int end = out.lastIndexOf("\n" + mark);
        if (start < 0 || end <= start + mark.length()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (String entry : out.substring(start + mark.length() + 1, end).split("\0")) {
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
