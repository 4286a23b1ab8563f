package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.CoResidentProcesses;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The services of this user, run by `systemd --user`. Verbs go through `systemctl`, changes are heard over
/// D-Bus.
public final class SystemdServiceManager implements ServiceManager {

    static final String PREFIX = "lamplighter-";

    /// systemd.unit(5), "Description".
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,246}\\.service");

    private static final Duration START_LIMIT = Duration.ofSeconds(100);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int WORDS = 10;

    private static final List<Path> SYSTEM_WIDE = List.of(
            Path.of("/etc/systemd/user"), Path.of("/usr/local/lib/systemd/user"), Path.of("/usr/lib/systemd/user"));

    private final UserManagerClient userManagerClient;
    private final JournalReader journalReader;
    private final UnitTriggers unitTriggers;
    private final AppDirectories directories;
    private final Path folder;
    private final UnitFileIndex files;
    private final Optional<UnitStateBatch> states;

    /// @param environment of this process: where the runtime folder, the bus and the settings are
    public SystemdServiceManager(ProcessRunner runner, Map<String, String> environment, AppDirectories directories) {
        this.userManagerClient = new UserManagerClient(runner, Map.copyOf(environment));
        this.journalReader = new JournalReader(runner, userManagerClient);
        this.unitTriggers =
                new UnitTriggers(userManagerClient, directories.state().resolve("triggers"));
        this.directories = directories;
        this.folder = directories.configHome().resolve("systemd/user");
        this.files = new UnitFileIndex(directories);
        this.states = Optional.empty();
    }

    private SystemdServiceManager(SystemdServiceManager live, UnitStateBatch states) {
        this.userManagerClient = live.userManagerClient;
        this.journalReader = live.journalReader;
        this.unitTriggers = live.unitTriggers;
        this.directories = live.directories;
        this.folder = live.folder;
        this.files = live.files;
        this.states = Optional.of(states);
    }

    @Override
    public ServiceManager snapshot(Supplier<List<String>> units) {
        return new SystemdServiceManager(
                this, new UnitStateBatch(userManagerClient, userManagerClient::unavailable, units));
    }

    @Override
    public Optional<String> unavailable() {
        return states.map(UnitStateBatch::unavailable).orElseGet(userManagerClient::unavailable);
    }

    @Override
    public String unitOf(String toolName) {
        return PREFIX + toolName + ".service";
    }

    @Override
    public String render(ServiceDefinition definition) {
        return UnitFileWriter.render(definition, unit(definition));
    }

    private String unit(ServiceDefinition definition) {
        return definition.unit().orElseGet(() -> unitOf(definition.name()));
    }

    @Override
    public boolean isWritten(String unit) {
        return read(folder.resolve(unit)).filter(UnitFileWriter::isOurs).isPresent();
    }

    @Override
    public void prefetch() {
        files.lookAround();
    }

    @Override
    public List<ForeignUnit> foreign(Manifest.Install install) {
        return files.of(install);
    }

    /// Only root changes a unit of the system.
    private static Optional<ServiceOutcome> ofTheSystem(String unit, String verb) {
        return UserManagerClient.isOfTheSystem(unit)
                ? Optional.of(new ServiceOutcome.Refused(
                        "%s belongs to the system, not to your session, so only root may do that: `sudo systemctl %s %s`."
                                .formatted(UserManagerClient.plain(unit), verb, UserManagerClient.plain(unit))))
                : Optional.empty();
    }

    @Override
    public Optional<String> fileText(String unit) {
        Optional<String> ours = read(folder.resolve(unit));
        return ours.isPresent() ? ours : state(unit).file().flatMap(SystemdServiceManager::read);
    }

    /// systemd.unit(5): `UNIT.d`, the same for every prefix that ends in `-`, and `service.d` for all,
    /// beside the units of the user and of the system.
    @Override
    public List<Path> dropIns(String unit) {
        if (UserManagerClient.isOfTheSystem(unit)) {
            return List.of();
        }
        List<String> names = new ArrayList<>(List.of("service.d"));
        for (int dash = unit.indexOf('-'); dash > 0; dash = unit.indexOf('-', dash + 1)) {
            names.add(unit.substring(0, dash + 1) + ".service.d");
        }
        names.add(unit + ".d");
        List<Path> found = new ArrayList<>();
        for (Path units : Stream.concat(
                        Stream.of(folder, directories.configHome().resolve("systemd/user.control")),
                        SYSTEM_WIDE.stream())
                .toList()) {
            for (String name : names) {
                try (var files = Files.newDirectoryStream(units.resolve(name), "*.conf")) {
                    files.forEach(found::add);
                } catch (IOException e) {
                    // No such folder: nothing is added there.
                }
            }
        }
        return found;
    }

    @Override
    public Optional<ServiceEnvironment> variables(String unit) {
        return unavailable().isPresent() ? Optional.empty() : UnitEnvironment.of(unit, userManagerClient, directories);
    }

    @Override
    public List<String> command(String unit) {
        return UserManagerClient.isOfTheSystem(unit)
                ? List.of()
                : fileText(unit)
                        .map(text -> files.command(unit, text, dropIns(unit)))
                        .orElse(List.of());
    }

    @Override
    public boolean isChangedByHand(String unit) {
        return read(folder.resolve(unit))
                .filter(UnitFileWriter::isChangedByHand)
                .isPresent();
    }

    @Override
    public Optional<Boolean> lingers() {
        try {
            String user = Files.getOwner(Path.of("/proc/self")).getName();
            return Optional.of(Files.exists(Path.of("/var/lib/systemd/linger", user)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// loginctl(1), `enable-linger`; nobody is asked for a password.
    @Override
    public ServiceOutcome linger() {
        if (lingers().filter(on -> on).isPresent()) {
            return new ServiceOutcome.Already("Your services go on when you log out.");
        }
        return switch (userManagerClient.run("loginctl", "--no-ask-password", "enable-linger")) {
            case ProcessResult.Exited(int status, var _, var _, var _)
            when status == 0 ->
                new ServiceOutcome.Done("Your services go on when you log out, and start when this computer does.");
            case ProcessResult.Exited exited
            when exited.err().matches("(?s)Failed to connect to [\\w ]*bus.*") ->
                new ServiceOutcome.Failed(
                        "It stops when you log out: the system's bus is not there to ask systemd-logind, which alone"
                                + " can let services go on.",
                        List.of());
            case ProcessResult.Exited exited ->
                new ServiceOutcome.Failed(
                        "It stops when you log out: the system did not allow more (%s). `sudo loginctl enable-linger \"$USER\"` does it."
                                .formatted(exited.err()
                                        .strip()
                                        .replaceFirst("^Could not enable linger: ", "")
                                        .replaceFirst("\\.$", "")),
                        List.of());
            case ProcessResult.TimedOut _ ->
                new ServiceOutcome.Failed(
                        "It stops when you log out: systemd-logind gave no answer. `sudo loginctl enable-linger"
                                + " \"$USER\"` does it.",
                        List.of());
            case ProcessResult.NotStarted _ ->
                new ServiceOutcome.Failed(
                        "It stops when you log out: there is no loginctl here, and so no systemd-logind that could let"
                                + " services go on.",
                        List.of());
        };
    }

    /// The socket on which the manager itself listens is made when it begins, and never again.
    @Override
    public Optional<Instant> startedAt() {
        return directories
                .runtime()
                .map(runtime -> runtime.resolve("systemd/private"))
                .flatMap(socket -> {
                    try {
                        return Optional.of(Files.getLastModifiedTime(socket, LinkOption.NOFOLLOW_LINKS)
                                .toInstant());
                    } catch (IOException e) {
                        return Optional.empty();
                    }
                });
    }

    @Override
    public ServiceOutcome write(ServiceDefinition definition) {
        return write(definition, false);
    }

    @Override
    public ServiceOutcome writeOver(ServiceDefinition definition) {
        return write(definition, true);
    }

    private ServiceOutcome write(ServiceDefinition definition, boolean over) {
        Optional<String> problem = UnitFileWriter.problem(definition);
        if (problem.isPresent()) {
            return new ServiceOutcome.Refused(problem.get());
        }
        String unit = unit(definition);
        if (!NAME.matcher(unit).matches()) {
            return new ServiceOutcome.Refused("`%s` cannot be the name of a unit.".formatted(unit));
        }
        Path file = folder.resolve(unit);
        Optional<String> before = read(file);
        if (over) {
            // Its text was kept by whoever wants it replaced.
        } else if (before.filter(text -> !UnitFileWriter.isOurs(text)).isPresent()
                || (before.isEmpty() && Files.exists(file, LinkOption.NOFOLLOW_LINKS))) {
            return new ServiceOutcome.Refused(
                    "%s was not written by Lamplighter, so it is left as it is.".formatted(unit));
        }
        String text = render(definition);
        if (before.filter(text::equals).isPresent()) {
            ServiceOutcome reloaded = reloadIfNeeded(unit);
            return reloaded instanceof ServiceOutcome.Failed
                    ? reloaded
                    : new ServiceOutcome.Already("The service file is as it should be.");
        }
        ServiceOutcome written = restore(unit, Optional.of(text));
        if (!(written instanceof ServiceOutcome.Done)) {
            return written;
        }
        Properties shown =
                userManagerClient.show(unit, List.of("LoadState", "LoadError", "Environment", "FragmentPath"));
        if (shown.trouble().isEmpty() && shown.is("LoadState", "loaded")) {
            return new ServiceOutcome.Done("The service file was written.");
        }
        restore(unit, before);
        return new ServiceOutcome.Failed(
                "systemd does not take the service file: "
                        + shown.trouble().orElse(shown.get("LoadState") + " " + shown.get("LoadError")),
                List.of());
    }

    @Override
    public ServiceOutcome restore(String unit, Optional<String> text) {
        Path file = folder.resolve(unit);
        files.forget();
        try {
            if (text.isPresent()) {
                AtomicFile.write(file, text.get().getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return new ServiceOutcome.Failed(
                    "The service file could not be %s: %s. What was there is as it was."
                            .formatted(text.isPresent() ? "written" : "removed", AtomicFile.why(file, e)),
                    List.of());
        }
        return done(userManagerClient.systemctl("daemon-reload"), "The service file was put in place.");
    }

    @Override
    public ServiceOutcome enable(String unit) {
        return atLogin(unit, true);
    }

    @Override
    public ServiceOutcome disable(String unit) {
        return atLogin(unit, false);
    }

    /// The verb's own exit status says little (`enable` of a unit without [Install] is 0): the state
    /// afterwards counts.
    private ServiceOutcome atLogin(String unit, boolean wanted) {
        Optional<ServiceOutcome> refused = ofTheSystem(unit, wanted ? "enable" : "disable");
        if (refused.isPresent()) {
            return refused.get();
        }
        ServiceState before = state(unit);
        if (before.phase() == ServiceState.Phase.UNKNOWN) {
            return new ServiceOutcome.Failed(before.words(), List.of());
        }
        String goal = wanted ? "It starts when you log in." : "It does not start when you log in.";
        if (before.phase() == ServiceState.Phase.NOT_INSTALLED) {
            return wanted ? new ServiceOutcome.Refused(missing(unit)) : new ServiceOutcome.Already(goal);
        }
        if (before.enabled().equals(Optional.of(wanted))) {
            return new ServiceOutcome.Already(goal);
        }
        ProcessResult result = userManagerClient.systemctl(wanted ? "enable" : "disable", unit);
        if (state(unit).enabled().equals(Optional.of(wanted))) {
            return new ServiceOutcome.Done(goal);
        }
        return result instanceof ProcessResult.Exited exited && exited.status() == 0
                ? new ServiceOutcome.Refused(
                        "%s is started by other units, so it has no switch of its own.".formatted(unit))
                : new ServiceOutcome.Failed(UserManagerClient.sentence(result), List.of());
    }

    @Override
    public ServiceOutcome start(String unit) {
        Optional<ServiceOutcome> refused = ofTheSystem(unit, "start");
        if (refused.isPresent()) {
            return refused.get();
        }
        Properties shown = userManagerClient.show(unit, UnitStateParser.PROPERTIES);
        ServiceState state = UnitStateParser.of(unit, shown, this::isOurs);
        switch (state.phase()) {
            case UNKNOWN -> {
                return new ServiceOutcome.Failed(state.words(), List.of());
            }
            case NOT_INSTALLED -> {
                return new ServiceOutcome.Refused(missing(unit));
            }
            case RUNNING -> {
                if (!shown.is("ActiveState", "deactivating")) {
                    unitTriggers.bringBack(unit);
                    return new ServiceOutcome.Already("It runs already.");
                }
            }
            case STARTING, STOPPED, FAILED, RESTARTING -> {}
        }
        // What a new reading of the files does not mend is said before systemd says it.
        if (shown.is("LoadState", "masked") || isUnusable(shown)) {
            return new ServiceOutcome.Refused(state.sentence().orElse(state.words()));
        }
        if (shown.is("NeedDaemonReload", "yes")
                && done(userManagerClient.systemctl("daemon-reload"), "") instanceof ServiceOutcome.Failed failed) {
            return failed;
        }
        List<String> away = unitTriggers.bringBack(unit);
        // Also clears the count of starts, without which a unit that crashed often is refused.
        userManagerClient.systemctl("reset-failed", unit);
        ProcessResult result = userManagerClient.systemctl(START_LIMIT, List.of("start", unit));
        ServiceOutcome outcome = done(
                result,
                away.isEmpty()
                        ? "It was started."
                        : "It was started, but %s, which starts it too, did not come back."
                                .formatted(String.join(", ", away)));
        return outcome instanceof ServiceOutcome.Failed failed
                ? new ServiceOutcome.Failed(why(unit, failed.reason()), lastLogLines(unit))
                : outcome;
    }

    @Override
    public ServiceOutcome stop(String unit, Duration limit) {
        Optional<ServiceOutcome> refused = ofTheSystem(unit, "stop");
        if (refused.isPresent()) {
            return refused.get();
        }
        Properties shown = userManagerClient.show(unit, UnitStateParser.PROPERTIES);
        ServiceState state = UnitStateParser.of(unit, shown, this::isOurs);
        if (state.phase() == ServiceState.Phase.UNKNOWN) {
            return new ServiceOutcome.Failed(state.words(), List.of());
        }
        // What would start it again (a socket, a timer) goes first, else the next connection brings it back.
        List<String> starters = unitTriggers.active(shown);
        boolean quiet = shown.is("ActiveState", "inactive") || shown.is("ActiveState", "failed");
        if (quiet
                && starters.isEmpty()
                && ControlGroup.processes(state.controlGroup()).isEmpty()) {
            userManagerClient.systemctl("reset-failed", unit);
            return new ServiceOutcome.Already("It does not run.");
        }
        try {
            unitTriggers.remember(unit, starters);
        } catch (IOException e) {
            return new ServiceOutcome.Failed(
                    "It was not stopped, since it could not be written down what starts it (%s): %s"
                            .formatted(String.join(", ", starters), e.getMessage()),
                    List.of());
        }
        String well = starters.isEmpty()
                ? "It was stopped."
                : "It was stopped, and so was what starts it: %s.".formatted(String.join(", ", starters));
        long end = System.nanoTime() + limit.toNanos();
        List<String> verb = new ArrayList<>(List.of("stop"));
        verb.addAll(starters);
        verb.add(unit);
        ServiceOutcome outcome = done(userManagerClient.systemctl(limit, verb), "It was stopped.");
        if (outcome instanceof ServiceOutcome.Failed) {
            return userManagerClient.systemctl("is-active", unit) instanceof ProcessResult.Exited
                    ? new ServiceOutcome.Failed(
                            "It still runs %d s after it was asked to stop.".formatted(limit.toSeconds()),
                            lastLogLines(unit))
                    : outcome;
        }
        boolean keepsChildren = shown.is("KillMode", "process") || shown.is("KillMode", "none");
        while (true) {
            Properties now = userManagerClient.show(unit, List.of("ActiveState", "Result", "MainPID"));
            boolean down = now.is("ActiveState", "inactive") || now.is("ActiveState", "failed");
            if (down
                    && now.is("MainPID", "0")
                    && (keepsChildren
                            || ControlGroup.processes(state.controlGroup()).isEmpty())) {
                boolean killed = now.is("Result", "timeout");
                // A stop that was asked for leaves nothing failed behind.
                userManagerClient.systemctl("reset-failed", unit);
                return new ServiceOutcome.Done(
                        killed ? "It did not end when it was asked to, so it was killed." : well);
            }
            if (System.nanoTime() > end || !pause()) {
                return new ServiceOutcome.Failed(
                        "It still runs %d s after it was asked to stop.".formatted(limit.toSeconds()),
                        lastLogLines(unit));
            }
        }
    }

    @Override
    public ServiceOutcome remove(String unit) {
        Path file = folder.resolve(unit);
        Optional<String> text = read(file);
        if (text.isEmpty()) {
            return new ServiceOutcome.Already("There is no service file of Lamplighter's.");
        }
        if (text.filter(UnitFileWriter::isOurs).isEmpty()) {
            return new ServiceOutcome.Refused("%s was not written by Lamplighter, so it stays.".formatted(unit));
        }
        ServiceState state = state(unit);
        if (state.pid().isPresent()) {
            return new ServiceOutcome.Refused("It still runs; stop it first.");
        }
        ServiceOutcome outcome = restore(unit, Optional.empty());
        userManagerClient.systemctl("reset-failed", unit);
        unitTriggers.forget(unit);
        return outcome instanceof ServiceOutcome.Done
                ? new ServiceOutcome.Done("The service file was removed.")
                : outcome;
    }

    @Override
    public ServiceState state(String unit) {
        Optional<String> unavailable = UserManagerClient.isOfTheSystem(unit) ? Optional.empty() : unavailable();
        return unavailable.isPresent()
                ? UnitStateParser.unknown(unit, unavailable.get())
                : UnitStateParser.of(
                        unit,
                        states.map(all -> all.of(unit))
                                .orElseGet(() -> userManagerClient.show(unit, UnitStateParser.PROPERTIES)),
                        this::isOurs);
    }

    @Override
    public List<String> triggers(String unit) {
        return states.map(all -> unitTriggers.active(all.of(unit))).orElseGet(() -> unitTriggers.active(unit));
    }

    @Override
    public ServiceOutcome resume(String unit) {
        List<String> away = unitTriggers.bringBack(unit);
        return away.isEmpty()
                ? new ServiceOutcome.Done("What starts it is in force again.")
                : new ServiceOutcome.Failed(
                        "%s, which starts it, did not come back.".formatted(String.join(", ", away)), List.of());
    }

    @Override
    public CoResidentProcesses coResidents(String unit) {
        Properties shown = userManagerClient.show(unit, List.of("KillMode", "MainPID", "ControlGroup", "DropInPaths"));
        if (!shown.get("MainPID").matches("[1-9]\\d{0,17}")) {
            return CoResidentProcesses.NONE;
        }
        return new CoResidentProcesses(
                shown.get("KillMode"),
                ControlGroup.guests(
                        Optional.of(shown.get("ControlGroup")).filter(group -> !group.isEmpty()),
                        Long.parseLong(shown.get("MainPID"))),
                shown.get("DropInPaths").isEmpty());
    }

    @Override
    public List<LogLine> log(String unit, int lines, Optional<String> since) {
        return journalReader.last(unit, lines, since);
    }

    @Override
    public List<LogLine> lastLogLines(String unit, int lines) {
        return journalReader.lastWords(unit, lines);
    }

    @Override
    public Optional<String> logUnavailableReason() {
        return journalReader.gap();
    }

    @Override
    public Optional<String> refusesSince(String when) {
        return journalReader.refusesSince(when);
    }

    @Override
    public Optional<String> logElsewhere(String unit) {
        Properties shown = userManagerClient.show(unit, List.of("StandardOutput", "StandardError"));
        if (shown.trouble().isPresent() || !isElsewhere(shown.get("StandardOutput"))) {
            return Optional.empty();
        }
        String where = definition(unit)
                .flatMap(text -> text.lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("StandardOutput="))
                        .reduce((_, last) -> last))
                .map(line -> line.substring("StandardOutput=".length()).strip())
                .orElse(shown.get("StandardOutput"));
        int colon = where.indexOf(':');
        return Optional.of(
                colon < 0
                        ? "%s does not write to the journal: its service file says `StandardOutput=%s`."
                                .formatted(unit, where)
                        : "%s writes to %s, not to the journal (`StandardOutput=%s` in its service file). `tail -f` shows that file."
                                .formatted(unit, where.substring(colon + 1), where));
    }

    /// Words that systemd.exec(5) has for sinks other than the journal; files come without their path.
    private static boolean isElsewhere(String sink) {
        return switch (sink) {
            case "file", "append", "truncate", "null", "socket", "tty", "fd" -> true;
            default -> sink.contains(":");
        };
    }

    /// The file with all drop-ins, in the order in which systemd reads them.
    private Optional<String> definition(String unit) {
        return userManagerClient.systemctl("cat", unit) instanceof ProcessResult.Exited exited && exited.status() == 0
                ? Optional.of(exited.out())
                : Optional.empty();
    }

    @Override
    public void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> line) {
        journalReader.follow(unit, lines, since, line);
    }

    @Override
    public AutoCloseable watch(List<String> units, Consumer<String> changed) {
        UnitWatch watch = new UnitWatch(userManagerClient, units, changed);
        watch.start();
        return watch;
    }

    private static boolean isUnusable(Properties shown) {
        return (shown.is("LoadState", "bad-setting") || shown.is("LoadState", "error"))
                && !shown.is("NeedDaemonReload", "yes");
    }

    private ServiceOutcome reloadIfNeeded(String unit) {
        return userManagerClient.show(unit, List.of("NeedDaemonReload")).is("NeedDaemonReload", "yes")
                ? done(userManagerClient.systemctl("daemon-reload"), "It was read again.")
                : new ServiceOutcome.Already("");
    }

    private static ServiceOutcome done(ProcessResult result, String reason) {
        return result instanceof ProcessResult.Exited exited && exited.status() == 0
                ? new ServiceOutcome.Done(reason)
                : new ServiceOutcome.Failed(UserManagerClient.sentence(result), List.of());
    }

    private String why(String unit, String said) {
        ServiceState state = state(unit);
        return state.lastExit()
                .filter(_ -> state.phase() != ServiceState.Phase.RUNNING)
                .map(exit -> "It did not start: " + exit + ".")
                .orElse("It did not start: " + said);
    }

    private List<String> lastLogLines(String unit) {
        return journalReader.lastWords(unit, WORDS).stream().map(LogLine::text).toList();
    }

    private static String missing(String unit) {
        return "There is no service %s; `lamplighter service install` makes one.".formatted(unit);
    }

    private boolean isOurs(Path file) {
        return read(file).filter(UnitFileWriter::isOurs).isPresent();
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("");
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLL);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
