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

/// How this process reaches the user's service manager: the runtime folder, the bus, and `systemctl --user`.
final class UserManagerClient {

    private static final Duration QUICK = Duration.ofSeconds(10);

    /// For the question after many units, with which a run begins that somebody waits for.
    private static final Duration FIRST = Duration.ofSeconds(3);

    private static final String LOG_IN =
            "Log in (over SSH is enough), or let your services go on without a login, once:"
                    + " `sudo loginctl enable-linger \"$USER\"`.";

    /// The flags of a socket that accepts connections (__SO_ACCEPTCON).
    private static final String ACCEPTS = " 00010000 ";

    /// Of the user's manager, in the runtime folder.
    private static final String SOCKET = "systemd/private";

    /// What Docker, Podman and systemd-nspawn put into a container.
    private static final List<Path> CONTAINER =
            List.of(Path.of("/.dockerenv"), Path.of("/run/.containerenv"), Path.of("/run/systemd/container"));

    private final ProcessRunner runner;
    private final Map<String, String> environment;

    UserManagerClient(ProcessRunner runner, Map<String, String> environment) {
        this.runner = runner;
        this.environment = environment;
    }

    /// Why there is no service manager to talk to, in one sentence with what can be done.
    Optional<String> unavailable() {
        if (runner.find("systemctl").isEmpty()) {
            return Optional.of("There is no systemd here (no systemctl), so nothing can be run in the background; "
                    + "the tools themselves work as ever.");
        }
        String sudo = environment.getOrDefault("SUDO_USER", "root");
        if (!sudo.equals("root") && userId() == 0) {
            return Optional.of(
                    "This runs with sudo, as root: run it as %s, without sudo, to reach that user's services."
                            .formatted(sudo));
        }
        Optional<Path> runtime = runtime();
        if (runtime.map(folder -> folder.resolve(SOCKET))
                .filter(Files::isRegularFile)
                .isPresent()) {
            // A stand-in, at the rehearsal: that goes the same way wherever a build is made.
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
                    "Your service manager does not run: nothing of it is in %s. ".formatted(runtime.get()) + LOG_IN);
        }
        if (isLeftBehind(socket)) {
            return Optional.of(
                    "Your service manager has ended, and not as it should: nobody listens at its socket, %s. Log out of all sessions and in again, or begin it anew: `sudo systemctl restart user@%d.service`."
                            .formatted(socket, userId()));
        }
        return Optional.empty();
    }

    /// A manager that was killed leaves its socket behind. `systemctl` would go on to ask the bus, which lives on and
    /// waits half a minute for a manager to come.
    private static boolean isLeftBehind(Path socket) {
        if (isListed(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // One that listens and is busy must not make anybody wait here.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// Whether the kernel's list (proc_net(5)) says that somebody listens there, which is found out much sooner than by
    /// connecting; the list has no sockets of another network namespace.
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
                    ? "This is WSL without systemd, so nothing can be run in the background: write the lines `[boot]`"
                            + " and `systemd=true` into /etc/wsl.conf, run `wsl --shutdown` in Windows, and open it"
                            + " again."
                    : "This is WSL 1, which has no systemd, so nothing can be run in the background: `wsl --set-version"
                            + " DISTRIBUTION 2` in Windows makes it WSL 2.";
        }
        boolean container = CONTAINER.stream().anyMatch(Files::exists) || environment.containsKey("container");
        String first = line(Path.of("/proc/1/comm"));
        return container
                ? "This is a container without a service manager: let the container itself run the tool (as its"
                        + " command), or start the tool in a terminal."
                : "This system was started with %s, not with systemd, so your services have no manager: start the tool with the means of that system, or in a terminal."
                        .formatted(first.isEmpty() ? "another program" : "`" + first + "`");
    }

    private String noRuntime() {
        Optional<Path> told = told();
        if (told.isPresent() && Files.exists(told.get())) {
            return "XDG_RUNTIME_DIR is %s, which belongs to another user (`su` and `sudo` leave it so): log in as yourself, with `su -`, SSH or at the screen."
                    .formatted(told.get());
        }
        String missing = told.map(path -> "XDG_RUNTIME_DIR is %s, which is not there".formatted(path))
                .orElse("XDG_RUNTIME_DIR is not set");
        return "There is no login session to run services in (%s). ".formatted(missing) + LOG_IN;
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// `$XDG_RUNTIME_DIR`, when it is this user's; without it (`su`, cron) the place where it would be.
    Optional<Path> runtime() {
        long user = userId();
        return told().filter(path -> owner(path) == user)
                .or(() -> Optional.of(Path.of("/run/user/" + user)).filter(path -> owner(path) == user));
    }

    private Optional<Path> told() {
        return Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
                .filter(value -> value.startsWith("/"))
                .map(Path::of);
    }

    /// The bus on which the user's manager is, as an address of the D-Bus specification. The variable may
    /// name another one (`dbus-run-session`, an old way of starting a desktop), so the manager's own comes
    /// first.
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
        boolean system = arguments.stream().anyMatch(ForeignUnit::isOfTheSystem);
        List<String> argv = new ArrayList<>(List.of("systemctl", system ? "--system" : "--user"));
        argv.addAll(List.of("--no-pager", "--no-ask-password"));
        arguments.forEach(argument -> argv.add(ForeignUnit.plain(argument)));
        return runner.run(inSession(Command.of(limit, argv)));
    }

    /// Another program of systemd's, in this session.
    ProcessResult run(String program, String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(runner.find(program).map(Path::toString).orElse(program));
        argv.addAll(List.of(arguments));
        return runner.run(inSession(Command.of(QUICK, argv)));
    }

    /// `command` with the variables of this session, not of whoever started this process, and plain English
    /// words.
    Command inSession(Command command) {
        Command result = command.with("LC_ALL", "C").with("SYSTEMD_COLORS", "0").with("SYSTEMD_URLIFY", "0");
        for (String name : List.of("HOME", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS")) {
            String value = environment.get(name);
            result = value == null ? result.without(name) : result.with(name, value);
        }
        Optional<Path> runtime = runtime();
        if (runtime.isPresent() && !runtime.equals(told())) {
            // Whatever the variable names, it was another user's too.
            result = result.without("DBUS_SESSION_BUS_ADDRESS");
        }
        return runtime.isPresent()
                ? result.with("XDG_RUNTIME_DIR", runtime.get().toString())
                : result.without("XDG_RUNTIME_DIR");
    }

    /// The properties of a unit, whether it exists or not; or the sentence why they could not be read.
    Properties show(String unit, List<String> names) {
        ProcessResult result = show(QUICK, List.of(unit), names);
        return switch (result) {
            case ProcessResult.Exited exited when exited.status() == 0 -> Properties.of(exited.out());
            case ProcessResult.Exited _, ProcessResult.NotStarted _ ->
                new Properties(Map.of(), Optional.of(sentence(result)));
            case ProcessResult.TimedOut late -> new Properties(Map.of(), Optional.of(noAnswer(late)));
        };
    }

    /// The same of several units of one manager, in one call: what each is called there, and what it says. Where they
    /// cannot be had together, none is in it.
    BatchAnswer showAll(List<String> units, List<String> names) {
        if (units.isEmpty()) {
            return new BatchAnswer.Shown(Map.of());
        }
        return switch (show(FIRST, units, names)) {
            case ProcessResult.Exited exited
            when exited.status() == 0 -> new BatchAnswer.Shown(paragraphs(units, exited.out()));
            case ProcessResult.Exited _, ProcessResult.NotStarted _ -> new BatchAnswer.Shown(Map.of());
            case ProcessResult.TimedOut late -> new BatchAnswer.NoAnswer(noAnswer(late));
        };
    }

    private static String noAnswer(ProcessResult.TimedOut late) {
        return "Your service manager gave no answer in %d s: it is busy, or it hangs. Ask again in a minute; if it stays so, log out of all sessions and in again."
                .formatted(late.limit().toSeconds());
    }

    sealed interface BatchAnswer {
        record Shown(Map<String, Properties> units) implements BatchAnswer {}

        /// @param why a sentence with what to do
        record NoAnswer(String why) implements BatchAnswer {}
    }

    /// One for each unit, in their order.
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

    /// Releases before 251 do not know `--timestamp=unix`.
    private static boolean isOldOption(ProcessResult result) {
        return result instanceof ProcessResult.Exited exited
                && exited.status() != 0
                && exited.err().contains("timestamp");
    }

    /// What systemctl said, as a sentence; the usual ways of not reaching the manager get a cause.
    static String sentence(ProcessResult result) {
        return switch (result) {
            case ProcessResult.NotStarted notStarted -> notStarted.reason();
            case ProcessResult.TimedOut timedOut ->
                "systemctl gave no answer in %d s".formatted(timedOut.limit().toSeconds());
            case ProcessResult.Exited exited -> {
                String text = exited.err()
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("See "))
                        .findFirst()
                        .orElse("systemctl ended with status " + exited.status());
                yield text.startsWith("Failed to connect to bus")
                        ? "Your service manager cannot be reached (%s). Log out of all sessions and in again."
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
