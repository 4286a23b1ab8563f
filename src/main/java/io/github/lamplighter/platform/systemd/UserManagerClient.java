package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.ForeignUnit;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Connects to the user's service manager: the runtime directory, the bus, and `systemctl --user`.
final class UserManagerClient {

    private static final Duration QUICK = Duration.ofSeconds(10);

    /// For the query of many units, with which an interactive run begins.
    private static final Duration BATCH = Duration.ofSeconds(3);

    /// For further queries of a manager that did not respond.
    private static final Duration SHORT = Duration.ofSeconds(1);

    /// How long a manager counts as silent, unless it responds before.
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Set<String> QUERIES = Set.of("show", "cat", "is-active", "show-environment");

    private static final String LOG_IN =
            "Log in (SSH is enough), or enable lingering once: `sudo loginctl enable-linger \"$USER\"`.";

    /// The flags of a socket that accepts connections (__SO_ACCEPTCON).
    private static final String ACCEPTS = " 00010000 ";

    /// The socket of the user's manager, in the runtime directory.
    private static final String SOCKET = "systemd/private";

    /// Files that Docker, Podman and systemd-nspawn create in a container.
    private static final List<Path> CONTAINER =
            List.of(Path.of("/.dockerenv"), Path.of("/run/.containerenv"), Path.of("/run/systemd/container"));

    private final ProcessRunner runner;
    private final Map<String, String> environment;
    private final Map<String, Silence> silences = new ConcurrentHashMap<>();

    /// A query that a manager did not respond to.
    ///
    /// @param limit the time that it was given
    /// @param at in the nanoseconds of [System#nanoTime]
    private record Silence(Duration limit, long at) {}

    UserManagerClient(ProcessRunner runner, Map<String, String> environment) {
        this.runner = runner;
        this.environment = environment;
    }

    /// Why the service manager cannot be used and what to do, as a sentence; empty if it can be used.
    Optional<String> unavailable() {
        if (runner.find("systemctl").isEmpty()) {
            return Optional.of(
                    "systemd is not available (no systemctl), so background services don't work here. Everything else"
                            + " does.");
        }
        String sudo = environment.getOrDefault("SUDO_USER", "root");
        if (!sudo.equals("root") && userId() == 0) {
            return Optional.of(
                    "Lamplighter is running as root with sudo. To manage the services of %s, run it without sudo."
                            .formatted(sudo));
        }
        Optional<Path> runtime = runtime();
        if (runtime.map(folder -> folder.resolve(SOCKET))
                .filter(Files::isRegularFile)
                .isPresent()) {
            // A stand-in of the AOT training, which must work the same on every machine.
            return Optional.empty();
        }
        if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
            return Optional.of(notBooted());
        }
        if (runtime.isEmpty()) {
            return Optional.of(noRuntime());
        }
        Path socket = runtime.get().resolve(SOCKET);
        if (!Files.exists(socket) && !Files.exists(runtime.get().resolve("bus"))) {
            return Optional.of(
                    "Your service manager is not running: its socket is missing in %s. ".formatted(runtime.get())
                            + LOG_IN);
        }
        if (isLeftBehind(socket)) {
            return Optional.of(
                    "Your service manager crashed: no process listens at its socket %s. Log out of all sessions and log in again, or run `sudo systemctl restart user@%d.service`."
                            .formatted(socket, userId()));
        }
        return Optional.empty();
    }

    /// A killed manager leaves its socket behind. `systemctl` would then use the bus, which waits half a
    /// minute for a manager.
    private static boolean isLeftBehind(Path socket) {
        if (isListed(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A busy manager must not block here.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// Whether a process listens at a socket, from the kernel's list (proc_net(5)). That is much faster than
    /// connecting, but the list has no sockets of another network namespace.
    private static boolean isListed(Path socket) {
        try (InputStream in = new FileInputStream("/proc/net/unix")) {
            String list = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            int at = list.indexOf(" " + socket + "\n");
            return at > 0 && list.substring(list.lastIndexOf('\n', at) + 1, at).contains(ACCEPTS);
        } catch (IOException e) {
            return false;
        }
    }

    private String notBooted() {
        String kernel = line(Path.of("/proc/sys/kernel/osrelease")).toLowerCase(Locale.ROOT);
        if (kernel.contains("microsoft")) {
            return kernel.contains("wsl2") || kernel.contains("microsoft-standard")
                    ? "WSL is running without systemd, so background services aren't available. Add `[boot]` and"
                            + " `systemd=true` to /etc/wsl.conf, run `wsl --shutdown` in Windows, then reopen WSL."
                    : "WSL 1 has no systemd, so background services aren't available. To switch to WSL 2, run"
                            + " `wsl --set-version DISTRIBUTION 2` in Windows.";
        }
        boolean container = CONTAINER.stream().anyMatch(Files::exists) || environment.containsKey("container");
        String first = line(Path.of("/proc/1/comm"));
        return container
                ? "This container has no service manager. Run the tool as the container's command, or start it in a"
                        + " terminal."
                : "This system was booted with %s instead of systemd, so there is no service manager. Start the tool with that system, or in a terminal."
                        .formatted(first.isEmpty() ? "another program" : "`" + first + "`");
    }

    private String noRuntime() {
        Optional<Path> configured = configured();
        if (configured.isPresent() && Files.exists(configured.get())) {
            return "XDG_RUNTIME_DIR is set to %s, which belongs to another user (`su` and `sudo` keep it). Log in with `su -`, SSH or at the screen."
                    .formatted(configured.get());
        }
        String missing = configured
                .map(path -> "XDG_RUNTIME_DIR is set to %s, which doesn't exist".formatted(path))
                .orElse("XDG_RUNTIME_DIR is not set");
        return "There is no login session for services (%s). ".formatted(missing) + LOG_IN;
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// `$XDG_RUNTIME_DIR` if it is this user's; otherwise (`su`, cron) its usual path, if that exists.
    Optional<Path> runtime() {
        long user = userId();
        return configured()
                .filter(path -> owner(path) == user)
                .or(() -> Optional.of(Path.of("/run/user/" + user)).filter(path -> owner(path) == user));
    }

    private Optional<Path> configured() {
        return Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
                .filter(value -> value.startsWith("/"))
                .map(Path::of);
    }

    /// The address of the bus of the user's manager. The variable may name another bus (`dbus-run-session`),
    /// so the manager's own comes first.
    Optional<String> bus() {
        return runtime()
                .map(folder -> folder.resolve("bus"))
                .filter(Files::exists)
                .map(socket -> "unix:path=" + socket)
                .or(() -> Optional.ofNullable(environment.get("DBUS_SESSION_BUS_ADDRESS"))
                        .filter(value -> !value.isEmpty()));
    }

    static long userId() {
        return owner(Path.of("/proc/self"));
    }

    private static long owner(Path path) {
        try {
            return ((Number) Files.getAttribute(path, "unix:uid")).longValue();
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    ProcessResult systemctl(String... arguments) {
        return systemctl(QUICK, List.of(arguments));
    }

    ProcessResult systemctl(Duration limit, List<String> arguments) {
        String manager = arguments.stream().anyMatch(ForeignUnit::isOfTheSystem) ? "--system" : "--user";
        List<String> argv = new ArrayList<>(List.of("systemctl", manager));
        argv.addAll(List.of("--no-pager", "--no-ask-password"));
        arguments.forEach(argument -> argv.add(ForeignUnit.plain(argument)));
        Optional<Silence> silence = Optional.ofNullable(silences.get(manager))
                .filter(_ -> QUERIES.contains(arguments.getFirst()))
                .filter(before -> System.nanoTime() - before.at() < SILENCE.toNanos());
        ProcessResult result = runner.run(inSession(Command.of(silence.isPresent() ? SHORT : limit, argv)));
        return switch (result) {
            case ProcessResult.TimedOut late
            when silence.isPresent() ->
                // What the manager was given before counts.
                new ProcessResult.TimedOut(silence.get().limit(), late.out(), late.err());
            case ProcessResult.TimedOut late -> {
                if (QUERIES.contains(arguments.getFirst())) {
                    silences.put(manager, new Silence(limit, System.nanoTime()));
                }
                yield late;
            }
            case ProcessResult.Exited _ -> {
                silences.remove(manager);
                yield result;
            }
            case ProcessResult.NotStarted _ -> result;
        };
    }

    /// Whether the user's manager did not respond lately.
    boolean isSilent() {
        return silences.containsKey("--user");
    }

    /// Runs another program of systemd in this session.
    ProcessResult run(String program, String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(runner.find(program).map(Path::toString).orElse(program));
        argv.addAll(List.of(arguments));
        return runner.run(inSession(Command.of(QUICK, argv)));
    }

    /// `command` with the variables of this session instead of this process, and with English output.
    Command inSession(Command command) {
        Command result = command.with("LC_ALL", "C").with("SYSTEMD_COLORS", "0").with("SYSTEMD_URLIFY", "0");
        for (String name : List.of("HOME", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS")) {
            String value = environment.get(name);
            result = value == null ? result.without(name) : result.with(name, value);
        }
        Optional<Path> runtime = runtime();
        if (runtime.isPresent() && !runtime.equals(configured())) {
            // The variable is also from the other user.
            result = result.without("DBUS_SESSION_BUS_ADDRESS");
        }
        return runtime.isPresent()
                ? result.with("XDG_RUNTIME_DIR", runtime.get().toString())
                : result.without("XDG_RUNTIME_DIR");
    }

    /// The properties of a unit, which need not exist; or the sentence why they could not be read.
    Properties show(String unit, List<String> names) {
        ProcessResult result = show(QUICK, List.of(unit), names);
        return switch (result) {
            case ProcessResult.Exited exited
            when exited.status() == 0 && exited.out().isBlank() ->
                new Properties(Map.of(), Optional.of("`systemctl show %s` printed nothing.".formatted(unit)));
            case ProcessResult.Exited exited when exited.status() == 0 -> Properties.of(exited.out());
            case ProcessResult.Exited _, ProcessResult.NotStarted _ ->
                new Properties(Map.of(), Optional.of(sentence(result)));
            case ProcessResult.TimedOut late -> new Properties(Map.of(), Optional.of(noAnswer(late)));
        };
    }

    /// The properties of several units of one manager, in one call. Empty if a unit could not be read.
    BatchAnswer showAll(List<String> units, List<String> names) {
        if (units.isEmpty()) {
            return new BatchAnswer.Shown(Map.of());
        }
        return switch (show(BATCH, units, names)) {
            case ProcessResult.Exited exited
            when exited.status() == 0 -> new BatchAnswer.Shown(paragraphs(units, exited.out()));
            case ProcessResult.Exited _, ProcessResult.NotStarted _ -> new BatchAnswer.Shown(Map.of());
            case ProcessResult.TimedOut late -> new BatchAnswer.NoAnswer(noAnswer(late));
        };
    }

    private static String noAnswer(ProcessResult.TimedOut late) {
        return "Your service manager did not respond within %d s. Try again in a minute. If that does not help, log out of all sessions and log in again."
                .formatted(late.limit().toSeconds());
    }

    sealed interface BatchAnswer {
        record Shown(Map<String, Properties> units) implements BatchAnswer {}

        /// @param why a sentence with what to do
        record NoAnswer(String why) implements BatchAnswer {}
    }

    /// One paragraph for each unit, in their order.
    private static Map<String, Properties> paragraphs(List<String> units, String out) {
        Map<String, Properties> all = new HashMap<>();
        String[] paragraphs = out.strip().split("\n\n");
        for (int i = 0; paragraphs.length == units.size() && i < paragraphs.length; i++) {
            all.put(units.get(i), Properties.of(paragraphs[i]));
        }
        return all;
    }

    private ProcessResult show(Duration limit, List<String> units, List<String> names) {
        List<String> plain = new ArrayList<>(List.of("show"));
        plain.addAll(units);
        plain.addAll(List.of("-p", String.join(",", names)));
        List<String> unix = new ArrayList<>(plain);
        unix.add(1 + units.size(), "--timestamp=unix");
        ProcessResult result = systemctl(limit, unix);
        return isOldOption(result) ? systemctl(limit, plain) : result;
    }

    /// Versions before 251 do not support `--timestamp=unix`.
    private static boolean isOldOption(ProcessResult result) {
        return result instanceof ProcessResult.Exited exited
                && exited.status() != 0
                && exited.err().contains("timestamp");
    }

    /// The first line of an error of systemctl; with advice if the manager was not reached.
    static String sentence(ProcessResult result) {
        return switch (result) {
            case ProcessResult.NotStarted notStarted -> notStarted.reason();
            case ProcessResult.TimedOut timedOut ->
                "systemctl did not respond within %d s"
                        .formatted(timedOut.limit().toSeconds());
            case ProcessResult.Exited exited -> {
                String text = exited.err()
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("See "))
                        .findFirst()
                        .orElse("systemctl failed with exit code " + exited.status());
                yield text.startsWith("Failed to connect to bus")
                        ? "Could not connect to your service manager (%s). Log out of all sessions and log in again."
                                .formatted(text.replaceFirst("^[^:]*: ", ""))
                        : text;
            }
        };
    }

    /// @param trouble why nothing could be read
    record Properties(Map<String, String> values, Optional<String> trouble) {
        static Properties of(String text) {
            Map<String, String> values = new LinkedHashMap<>();
            text.lines().forEach(line -> {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
                }
            });
            return new Properties(values, Optional.empty());
        }

        String get(String name) {
            String value = values.getOrDefault(name, "");
            return value.equals("[not set]") ? "" : value;
        }

        boolean is(String name, String value) {
            return get(name).equals(value);
        }
    }
}
