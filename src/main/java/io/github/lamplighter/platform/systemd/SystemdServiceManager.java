package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.FileServiceManager;
import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.CoResidentProcesses;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The user's services, run by `systemd --user`. Commands go through `systemctl`, changes arrive over D-Bus. It is long
/// because the port has a method for each verb of a service manager.
public final class SystemdServiceManager extends FileServiceManager {

    static final String PREFIX = "lamplighter-";

    /// systemd.unit(5), "Description".
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,246}\\.service");

    private static final Duration START_LIMIT = Duration.ofSeconds(100);
    private static final Duration POLL = Duration.ofMillis(50);

    private static final List<Path> SYSTEM_WIDE = List.of(
            Path.of("/etc/systemd/user"), Path.of("/usr/local/lib/systemd/user"), Path.of("/usr/lib/systemd/user"));

    private final UserManagerClient userManagerClient;
    private final JournalReader journalReader;
    private final UnitTriggers unitTriggers;
    private final Lingering lingering;
    private final AppDirectories directories;
    private final UnitPlacement placement;
    private final UnitFileIndex files;
    private final LoginReach loginReach;
    private final Optional<UnitStateBatch> states;

    /// @param environment of this process, which tells the runtime directory, the bus and the configuration
    /// @param processTable tells in which unit a tool is running
    public SystemdServiceManager(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            ProcessTable processTable) {
        this(runner, environment, directories, processTable, UnitPlacement.permanent(directories));
    }

    /// The services of the demo, whose files are deleted at logout. Nothing is written to the user's configuration.
    public static SystemdServiceManager untilLogout(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            ProcessTable processTable) {
        return new SystemdServiceManager(
                runner,
                environment,
                directories,
                processTable,
                UnitPlacement.temporary(new UserManagerClient(runner, environment).runtime(), directories));
    }

    private SystemdServiceManager(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            ProcessTable processTable,
            UnitPlacement placement) {
        super(POLL);
        this.userManagerClient = new UserManagerClient(runner, Map.copyOf(environment));
        this.journalReader = new JournalReader(runner, userManagerClient);
        this.unitTriggers =
                new UnitTriggers(userManagerClient, directories.state().resolve("triggers"));
        this.lingering = new Lingering(userManagerClient);
        this.directories = directories;
        this.placement = placement;
        this.files = new UnitFileIndex(directories, processTable);
        this.loginReach = new LoginReach(userManagerClient, files::wantedBy, placement.enabledState());
        this.states = Optional.empty();
    }

    private SystemdServiceManager(SystemdServiceManager live, UnitStateBatch states) {
        super(POLL);
        this.userManagerClient = live.userManagerClient;
        this.journalReader = live.journalReader;
        this.unitTriggers = live.unitTriggers;
        this.lingering = live.lingering;
        this.directories = live.directories;
        this.placement = live.placement;
        this.files = live.files;
        this.loginReach = live.loginReach;
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
    public boolean isSilent() {
        return userManagerClient.isSilent();
    }

    @Override
    public String unitOf(String toolName) {
        return placement.prefix() + toolName + ".service";
    }

    @Override
    public String render(ServiceDefinition definition) {
        return UnitFileRenderer.render(definition, unit(definition));
    }

    @Override
    public List<ForeignUnit> foreign(Manifest.Install install) {
        return files.of(install);
    }

    @Override
    protected Path file(String unit) {
        return placement.folder().resolve(unit);
    }

    @Override
    protected boolean isOurs(String text) {
        return UnitFileRenderer.isOurs(text);
    }

    /// The units that run Lamplighter itself name no tool.
    @Override
    protected boolean isOfATool(String text) {
        return UnitFileRenderer.isOfATool(text);
    }

    @Override
    protected boolean isChangedText(String text) {
        return UnitFileRenderer.isChangedByHand(text);
    }

    @Override
    protected String rootCommand(String verb, String name) {
        return "sudo systemctl %s %s".formatted(verb, name);
    }

    @Override
    public Optional<String> fileText(String unit) {
        return read(file(unit)).or(() -> state(unit).file().flatMap(FileServiceManager::read));
    }

    /// systemd.unit(5): `UNIT.d`, the same for every prefix that ends in `-`, and `service.d` for all units,
    /// in the directories of the user and of the system.
    @Override
    public List<Path> dropIns(String unit) {
        if (ForeignUnit.isOfTheSystem(unit)) {
            return List.of();
        }
        List<String> names = new ArrayList<>(List.of("service.d"));
        for (int dash = unit.indexOf('-'); dash > 0; dash = unit.indexOf('-', dash + 1)) {
            names.add(unit.substring(0, dash + 1) + ".service.d");
        }
        names.add(unit + ".d");
        List<Path> found = new ArrayList<>();
        for (Path units : Stream.concat(
                        Stream.of(placement.folder(), directories.configHome().resolve("systemd/user.control")),
                        SYSTEM_WIDE.stream())
                .toList()) {
            for (String name : names) {
                try (var files = Files.newDirectoryStream(units.resolve(name), "*.conf")) {
                    files.forEach(found::add);
                } catch (IOException e) {
                    // No such directory, so no drop-ins.
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
        return ForeignUnit.isOfTheSystem(unit)
                ? List.of()
                : fileText(unit)
                        .map(text -> files.command(unit, text, dropIns(unit)))
                        .orElse(List.of());
    }

    @Override
    public Optional<Boolean> lingers() {
        return placement.untilLogout() ? Optional.of(false) : lingering.isEnabled();
    }

    @Override
    public ServiceOutcome linger() {
        return placement
                .endsAtLogout()
                .<ServiceOutcome>map(why -> new ServiceOutcome.Refused("The demo stops at logout: %s.".formatted(why)))
                .orElseGet(lingering::enable);
    }

    @Override
    public ServiceOutcome stopLingering() {
        return lingering.disable();
    }

    @Override
    public Optional<String> endsAtLogout() {
        return placement.endsAtLogout();
    }

    /// The manager creates its own socket when it starts, and never again.
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
    protected Optional<String> problem(ServiceDefinition definition) {
        String unit = unit(definition);
        return UnitFileRenderer.problem(definition)
                .or(() -> NAME.matcher(unit).matches()
                        ? Optional.empty()
                        : Optional.of("`%s` is not a valid unit name.".formatted(unit)));
    }

    @Override
    protected ServiceOutcome accepted(String unit) {
        Properties shown =
                userManagerClient.show(unit, List.of("LoadState", "LoadError", "Environment", "FragmentPath"));
        return shown.trouble().isEmpty() && shown.is("LoadState", "loaded")
                ? new ServiceOutcome.Already("")
                : new ServiceOutcome.Failed("systemd does not accept the service file: "
                        + shown.trouble().orElse(shown.get("LoadState") + " " + shown.get("LoadError")));
    }

    @Override
    protected ServiceOutcome reload(String unit) {
        files.forget();
        return done(userManagerClient.systemctl("daemon-reload"), "systemd read the service file.");
    }

    @Override
    protected ServiceOutcome reloadIfChanged(String unit) {
        return userManagerClient.show(unit, List.of("NeedDaemonReload")).is("NeedDaemonReload", "yes")
                ? reload(unit)
                : new ServiceOutcome.Already("");
    }

    /// `enable` and `disable` exit with 0 also if they changed nothing.
    @Override
    protected ServiceOutcome switchEnabled(String unit, boolean enable) {
        return done(
                        userManagerClient.systemctl(
                                placement.switching(enable, unit).toArray(String[]::new)),
                        "")
                .then(() -> new ServiceOutcome.Refused(stillAsBefore(unit, enable)));
    }

    private String stillAsBefore(String unit, boolean enable) {
        List<Path> links = files.links(unit);
        Optional<Path> autostart = files.source(state(unit).file());
        if (autostart.isPresent()) {
            return "%s comes from the autostart entry %s. To %s it, %s `Hidden=true` in that file, or use your desktop's settings."
                    .formatted(
                            unit,
                            directories.display(autostart.get()),
                            enable ? "enable" : "disable",
                            enable ? "remove" : "set");
        }
        Optional<Path> ofAll = links.stream()
                .filter(link -> SYSTEM_WIDE.stream().anyMatch(link::startsWith))
                .findFirst();
        if (!enable && ofAll.isPresent()) {
            return "%s is still enabled, for all users: %s. Only root can change that: `sudo systemctl --global disable %s`. To keep it from starting for you, run `systemctl --user mask %s`."
                    .formatted(unit, ofAll.get(), unit, unit);
        }
        return switch (state(unit).atLogin()) {
            case AtLogin.Unreached reached ->
                "%s is %s. Set `WantedBy=default.target` in its [Install] section, then run `systemctl --user reenable %s`."
                        .formatted(unit, reached.words(), unit);
            case AtLogin.WithDesktop reached -> "%s is %s.".formatted(unit, reached.words());
            case AtLogin.Starts _, AtLogin.Disabled _, AtLogin.ByUnit _, AtLogin.Unknown _ ->
                "%s has no [Install] section, so it can't be enabled or disabled. Other units start it."
                        .formatted(unit);
        };
    }

    @Override
    protected ServiceOutcome startOwn(String unit) {
        Properties shown = userManagerClient.show(unit, UnitStateParser.PROPERTIES);
        ServiceState state = parsed(unit, shown);
        switch (state.phase()) {
            case UNKNOWN -> {
                return new ServiceOutcome.Failed(state.words());
            }
            case NOT_INSTALLED -> {
                return missing(unit);
            }
            case RUNNING -> {
                if (!shown.is("ActiveState", "deactivating")) {
                    unitTriggers.bringBack(unit);
                    return new ServiceOutcome.Already("The service is already running.");
                }
            }
            case STARTING, STOPPED, FAILED, RESTARTING -> {}
        }
        // A reload does not fix these.
        if (state.masked() || isUnusable(shown)) {
            return new ServiceOutcome.Refused(state.sentence().orElse(state.words()));
        }
        boolean stale = shown.is("NeedDaemonReload", "yes");
        return (stale ? reload(unit) : new ServiceOutcome.Already(""))
                .then(() -> startLoaded(state, shown.is("ActiveState", "active")));
    }

    /// @param isExited whether it is an "exited" one-shot, which systemd starts again only after a stop
    private ServiceOutcome startLoaded(ServiceState before, boolean isExited) {
        String unit = before.unit();
        List<String> missing = unitTriggers.bringBack(unit);
        // Also resets the start counter: systemd refuses a unit that crashed often.
        userManagerClient.systemctl("reset-failed", unit);
        ServiceOutcome outcome = done(
                userManagerClient.systemctl(START_LIMIT, List.of(isExited ? "restart" : "start", unit)),
                missing.isEmpty()
                        ? "The service was started."
                        : "The service was started, but %s, which also starts it, was not."
                                .formatted(String.join(", ", missing)));
        return outcome instanceof ServiceOutcome.Failed failed
                ? new ServiceOutcome.Failed(why(before, failed.reason()), lastLines(unit))
                : skipped(unit).<ServiceOutcome>map(ServiceOutcome.Failed::new).orElse(outcome);
    }

    /// Why systemd started nothing although the start succeeded: a condition of the unit is not met (systemd.unit(5)).
    private Optional<String> skipped(String unit) {
        List<String> conditions = Stream.concat(
                        fileText(unit).stream(),
                        dropIns(unit).stream().flatMap(file -> FileServiceManager.read(file).stream()))
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> line.startsWith("Condition"))
                .toList();
        return conditions.isEmpty()
                        || !userManagerClient
                                .show(unit, List.of("ConditionResult", "Id"))
                                .is("ConditionResult", "no")
                ? Optional.empty()
                : Optional.of("The service was not started, because a condition of its service file is not met: %s."
                        .formatted(conditions.stream().map("`%s`"::formatted).collect(Collectors.joining(", "))));
    }

    @Override
    protected ServiceOutcome stopOwn(String unit, Duration limit) {
        Properties shown = userManagerClient.show(unit, UnitStateParser.PROPERTIES);
        ServiceState state = parsed(unit, shown);
        if (state.phase() == ServiceState.Phase.UNKNOWN) {
            return new ServiceOutcome.Failed(state.words());
        }
        // A socket or timer stops first; otherwise the next connection starts the service again.
        List<String> starters = unitTriggers.active(shown);
        if (isDown(shown)
                && starters.isEmpty()
                && ControlGroup.processes(state.controlGroup()).isEmpty()) {
            userManagerClient.systemctl("reset-failed", unit);
            return new ServiceOutcome.Already("The service is not running.");
        }
        try {
            unitTriggers.remember(unit, starters);
        } catch (IOException e) {
            return new ServiceOutcome.Failed("Not stopped: could not save which units start it (%s): %s"
                    .formatted(String.join(", ", starters), e.getMessage()));
        }
        long end = System.nanoTime() + limit.toNanos();
        List<String> command = new ArrayList<>(List.of("stop"));
        command.addAll(starters);
        command.add(unit);
        ServiceOutcome outcome = done(userManagerClient.systemctl(limit, command), "");
        if (!outcome.isSuccess()) {
            return userManagerClient.systemctl("is-active", unit) instanceof ProcessResult.Exited
                    ? stillRunning(unit, limit)
                    : outcome;
        }
        boolean keepsChildren = shown.is("KillMode", "process") || shown.is("KillMode", "none");
        AtomicBoolean killed = new AtomicBoolean();
        boolean down = await(
                () -> {
                    Properties now = userManagerClient.show(unit, List.of("ActiveState", "Result", "MainPID"));
                    killed.set(now.is("Result", "timeout"));
                    return isDown(now)
                            && now.is("MainPID", "0")
                            && (keepsChildren
                                    || ControlGroup.processes(state.controlGroup())
                                            .isEmpty());
                },
                Duration.ofNanos(end - System.nanoTime()));
        if (!down) {
            return stillRunning(unit, limit);
        }
        // A requested stop is not a failure.
        userManagerClient.systemctl("reset-failed", unit);
        return stopped(
                killed.get(),
                starters.isEmpty()
                        ? "The service was stopped."
                        : "The service was stopped, and so were the units that start it: %s."
                                .formatted(String.join(", ", starters)));
    }

    private static boolean isDown(Properties shown) {
        return shown.is("ActiveState", "inactive") || shown.is("ActiveState", "failed");
    }

    @Override
    protected ServiceOutcome removeFile(String unit) {
        ServiceOutcome outcome = super.removeFile(unit);
        userManagerClient.systemctl("reset-failed", unit);
        unitTriggers.forget(unit);
        placement.tidy();
        return outcome;
    }

    @Override
    public ServiceState state(String unit) {
        Optional<String> unavailable = ForeignUnit.isOfTheSystem(unit) ? Optional.empty() : unavailable();
        return unavailable.isPresent()
                ? ServiceState.unknown(unit, unavailable.get())
                : parsed(
                        unit,
                        states.map(all -> all.of(unit))
                                .orElseGet(() -> userManagerClient.show(unit, UnitStateParser.PROPERTIES)));
    }

    private ServiceState parsed(String unit, Properties shown) {
        ServiceState state = UnitStateParser.of(unit, shown, this::isOurFile, loginReach);
        return switch (state.phase()) {
            case STOPPED, FAILED, RESTARTING -> state.withStartedBy(unitTriggers.active(shown));
            case RUNNING, STARTING, NOT_INSTALLED, UNKNOWN -> state;
        };
    }

    @Override
    public List<String> triggers(String unit) {
        return states.map(all -> unitTriggers.active(all.of(unit))).orElseGet(() -> unitTriggers.active(unit));
    }

    @Override
    public ServiceOutcome resume(String unit) {
        List<String> away = unitTriggers.bringBack(unit);
        return away.isEmpty()
                ? new ServiceOutcome.Done("The units that start it are active again.")
                : new ServiceOutcome.Failed("%s, which starts it, was not started.".formatted(String.join(", ", away)));
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
        return journalReader.lastLogLines(unit, lines);
    }

    @Override
    public List<LogLine> managerLines(String unit, int lines) {
        return journalReader.managerLines(unit, lines);
    }

    @Override
    public Optional<String> logUnavailableReason() {
        return journalReader.unavailableReason();
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
                        ? "%s does not write to the journal: its service file has `StandardOutput=%s`."
                                .formatted(unit, where)
                        : "%s writes to %s instead of the journal (`StandardOutput=%s`). To see it, run `tail -f`."
                                .formatted(unit, where.substring(colon + 1), where));
    }

    /// Sinks of systemd.exec(5) other than the journal; `systemctl show` omits the path of a file.
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

    private static ServiceOutcome done(ProcessResult result, String reason) {
        return result instanceof ProcessResult.Exited exited && exited.status() == 0
                ? new ServiceOutcome.Done(reason)
                : new ServiceOutcome.Failed(UserManagerClient.sentence(result));
    }

    /// How the program ended, or what systemd said if it was not started: then the last exit is of an earlier run.
    private String why(ServiceState before, String said) {
        ServiceState state = state(before.unit());
        return state.lastExit()
                .filter(_ -> state.phase() != ServiceState.Phase.RUNNING)
                .filter(_ -> !state.invocation().equals(before.invocation()))
                .map(exit -> "The service did not start: " + exit.words() + ".")
                .orElse("The service did not start: " + said);
    }

    private boolean isOurFile(Path file) {
        return read(file).filter(this::isOurs).isPresent();
    }
}
