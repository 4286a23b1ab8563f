package io.github.lamplighter.doctor;

import io.github.lamplighter.app.CommandSyntax;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.TestManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A tool in a pretended world, well in every respect until a test changes something. The files are real.
public final class Case {

    public static final Instant NOW = Instant.parse("2026-11-23T14:06:00Z");
    public static final String UNIT = "lamplighter-muxplex.service";

    private static final Pattern WORD = Pattern.compile("(?:[^\\s']|'[^']*')+");

    final Path home;
    Expected expected = Expected.RUNNING;
    public Phase phase = Phase.RUNNING;
    Optional<Boolean> enabled = Optional.of(true);
    int restarts;
    Optional<LastExit> lastExit = Optional.empty();
    Owner owner = Owner.OURS;
    Optional<String> file = Optional.empty();
    Optional<String> wanted = Optional.empty();
    boolean changedByHand = true;
    Optional<Boolean> lingers = Optional.of(true);
    Optional<String> endsAtLogout = Optional.empty();
    Optional<AtLogin> atLogin = Optional.empty();
    List<ForeignUnit> foreign = new ArrayList<>();

    /// Whether the socket of its name is switched on; empty where there is none.
    Optional<Boolean> socketEnabled = Optional.empty();

    /// The active units that start its service.
    List<String> startedBy = List.of();

    ProbeResult probeResult = new ProbeResult.Yes(true, "HTTP 200", Duration.ofMillis(3));
    IdentityResult identityResult = new IdentityResult.Yes("pid 4242 listens on 8088");
    Optional<String> runningVersion = Optional.of("0.9.2");
    public Verdict verdict = new Verdict.Current("0.9.2");
    Origin origin = new Origin.Index();
    Origin.RevisionKind revisionKind = Origin.RevisionKind.UNRESOLVED;
    String runtimeVersion = "22.11.0";
    String runtimeFloor = ">=20";
    boolean installed = true;

    /// Other installations of the same package, by the folders below the home that hold them.
    final List<String> otherCopies = new ArrayList<>();

    /// Another package manager's link has the name of the tool.
    boolean takenOver;
    InstallerKind installer = InstallerKind.NPM;
    List<Listener> listeners = List.of();
    List<Listener> allListeners = List.of();

    /// The URLs that respond besides its own.
    List<String> responding = new ArrayList<>();

    boolean proxied;
    List<Manifest.RequiredProgram> programs = new ArrayList<>();
    Map<String, Path> onServicePath = new HashMap<>();
    Map<String, Path> onShellPath = new HashMap<>();
    String said = "tmux 3.4";

    /// What each of them says on its standard error.
    String saidAside = "";

    /// What is on this machine's own PATH, and what command lines answer; every other one says [#said].
    List<String> commands = new ArrayList<>();

    Map<String, String> told = new HashMap<>();
    List<String> arguments = new ArrayList<>(List.of("serve"));
    List<Path> settings = new ArrayList<>();
    Optional<Path> environmentFile = Optional.empty();
    Optional<UnfinishedUpgrade> upgrade = Optional.empty();
    Optional<Report.RolledBack> rolledBack = Optional.empty();
    private Runnable whenProbed = () -> {};
    Optional<UnfinishedUpgrade> whenAskedAgain = Optional.empty();
    private final AtomicInteger asked = new AtomicInteger();
    public Optional<Instant> stopped = Optional.empty();
    Optional<RuntimeException> broken = Optional.empty();
    String url = "http://127.0.0.1:8088/";
    Optional<X509Certificate> shown = Optional.empty();
    List<ProcessTable.Running> processes = List.of();
    Optional<Path> replacedProgram = Optional.empty();
    Optional<String> processUnit = Optional.empty();
    Optional<Path> certificate = Optional.empty();
    List<Manifest.Auth> auth = List.of();
    SessionCounter.Count sessions = new SessionCounter.Count.Open(0, "tmux list-sessions");
    Optional<Manifest.ToolDoctor> toolDoctor = Optional.empty();
    int status;
    Optional<Provenance> lastSeen = Optional.empty();
    List<Manifest> managed = List.of();
    List<Path> data = List.of();
    final Map<String, Path> dataSetBy = new HashMap<>();
    Instant now = NOW;
    ZoneId zone = ZoneId.of("America/New_York");
    Optional<String> refused = Optional.empty();
    public Optional<String> unavailable = Optional.empty();
    boolean silent;
    List<Path> additions = List.of();
    List<String> command = List.of();
    MissingParts missingParts = MissingParts.NOTHING;
    boolean isFileThere = true;
    Optional<ServiceEnvironment> variables = Optional.empty();
    boolean shellHangs;
    Optional<String> shellPath = Optional.of("/shell/bin");
    Instant since = NOW.minusSeconds(3600);
    String words = "";
    boolean seesAll = true;
    boolean tellsItsVersion = true;
    String runtimeName = "node";
    boolean masked;
    List<LogLine> log = List.of(new LogLine(0, 3, "EADDRINUSE: 8088"));
    String version = "0.9.2";
    Map<String, String> recorded = Map.of();
    Path prefix;

    public Case(Path home) {
        this.home = home;
        this.prefix = home;
        executable("service/bin/there");
        path(servicePath());
        executable("bin/muxplex");
        executable("node/bin/node");
    }

    public Case with(Consumer<Case> change) {
        change.accept(this);
        return this;
    }

    public Case command() {
        expected = Expected.COMMAND;
        return this;
    }

    public void now(Instant time) {
        now = time;
    }

    public Case silent() {
        probeResult = new ProbeResult.No("no answer in 5 s");
        return this;
    }

    public Case outdated(String version) {
        verdict = new Verdict.Outdated(new UpgradeTarget.IndexVersion(version), Optional.empty());
        return this;
    }

    final String servicePath() {
        return home.resolve("service/bin").toString();
    }

    final void path(String path) {
        file = Optional.of("[Service]\nExecStart=muxplex\nEnvironment=\"PATH=" + path
                + "\"\n[Install]\nWantedBy=default.target\n");
    }

    void listens(String... addresses) {
        listeners = Arrays.stream(addresses)
                .map(address ->
                        new Listener(address, 8088, Optional.of(4242L), 1000, Optional.empty(), Optional.of("muxplex")))
                .toList();
    }

    void write(Path file, String text, Instant at) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.from(at));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path executable(String name) {
        try {
            Path path = home.resolve(name);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "#!/bin/sh\n");
            path.toFile().setExecutable(true);
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path program() {
        return prefix.resolve("bin/muxplex");
    }

    private Path environment() {
        return prefix.resolve("lib/node_modules/muxplex");
    }

    ProcessRunner runner() {
        return new SomePrograms();
    }

    public AppDirectories directories() {
        return AppDirectories.linux(Map.of(), home);
    }

    public Manifest manifest() {
        TestManifest manifest = new TestManifest(
                new Manifest.Install(installer, "muxplex", environment(), program(), Optional.empty(), recorded));
        dataSetBy.forEach(manifest::dataSetBy);
        return manifest.expected(expected)
                .service(arguments)
                .stopSeconds(10)
                .workingDirectory(home)
                .environmentFile(environmentFile)
                .endpoint(new Manifest.Endpoint(
                        url,
                        List.of(),
                        tellsItsVersion
                                ? Optional.of(new Manifest.JsonAnswer("/api/instance-info", "/version"))
                                : Optional.empty(),
                        Optional.empty(),
                        proxied,
                        30))
                .requires(programs)
                .settings(settings)
                .data(data.toArray(Path[]::new))
                .smoke("--version")
                .tls(certificate.map(Manifest.Tls::new))
                .auth(auth)
                .sessions("/bin/tmux", "list-sessions")
                .doctor(toolDoctor)
                .build();
    }

    /// The offered version was tried before, and undone.
    public Case triedBefore(String version, String reason) {
        rolledBack = Optional.of(new Report.RolledBack(version, NOW.minusSeconds(3600), Optional.of(reason)));
        return this;
    }

    /// Its service stops after its state was read.
    public Case stopsDuringTheFirstRun() {
        whenProbed = () -> phase = Phase.STOPPED;
        return this;
    }

    Case whenProbed(Runnable what) {
        whenProbed = what;
        return this;
    }

    /// Its upgrade ends while its checks run.
    public Case upgradedDuringTheFirstRun() {
        whenProbed = () -> upgrade = Optional.empty();
        return this;
    }

    /// A process upgrades it.
    public Case upgrading() {
        upgrade = Optional.of(new UnfinishedUpgrade.InProgress("Upgrade in progress since 12:00: installing."));
        return this;
    }

    public DiagnoseTool doctor() {
        return new DiagnoseTool(new DoctorPorts(
                List.of(new OneInstall(), anotherManager()),
                (_, _) -> verdict,
                _ -> revisionKind,
                new OneService(),
                (_, _) -> refused.<ServiceDefinitionFactory.Result>map(ServiceDefinitionFactory.Result.Refused::new)
                        .orElseGet(() -> new ServiceDefinitionFactory.Result.Made(new ServiceDefinition(
                                "muxplex",
                                "",
                                List.of("muxplex"),
                                Map.of(),
                                "/anything",
                                home,
                                Optional.empty(),
                                Optional.empty(),
                                10))),
                new Endpoints() {
                    @Override
                    public ProbeResult answering(Manifest.Endpoint endpoint, BooleanSupplier isToAnswer) {
                        whenProbed.run();
                        return probeResult;
                    }

                    @Override
                    public List<Manifest.Endpoint> responding(List<Manifest.Endpoint> endpoints) {
                        return endpoints.stream()
                                .filter(endpoint -> responding.contains(endpoint.url()))
                                .toList();
                    }

                    @Override
                    public IdentityResult identify(Manifest.Endpoint endpoint, ServiceState service) {
                        return identityResult;
                    }

                    @Override
                    public SessionCounter.Count sessions(
                            Manifest.Sessions asked,
                            Optional<Manifest.Endpoint> endpoint,
                            Map<String, String> variables) {
                        return sessions;
                    }

                    @Override
                    public Optional<X509Certificate> certificate(Manifest.Endpoint endpoint) {
                        return shown;
                    }

                    @Override
                    public Optional<String> version(Manifest.Endpoint endpoint) {
                        broken.ifPresent(problem -> {
                            throw problem;
                        });
                        return runningVersion;
                    }
                },
                new ListeningSockets() {
                    @Override
                    public List<Listener> on(int port) {
                        return listeners;
                    }

                    @Override
                    public List<Listener> all() {
                        return allListeners;
                    }

                    @Override
                    public boolean seesAll() {
                        return seesAll;
                    }
                },
                new SomeShell(),
                new SomeProcesses(),
                new SomePrograms(),
                new SystemPackages(new SomePrograms(), directories()),
                directories(),
                _ -> asked.getAndIncrement() == 0 ? upgrade : whenAskedAgain.or(() -> upgrade),
                (_, _) -> rolledBack,
                (_, _) -> stopped,
                _ -> lastSeen,
                () -> managed,
                io.github.lamplighter.process.OperatingSystem.linux("debian"),
                () -> now,
                () -> zone));
    }

    public Report report() {
        Report report = doctor().examine(manifest(), DiagnoseTool.Scope.FULL).report();
        report.findings().stream()
                .flatMap(finding -> finding.remedies().stream())
                .forEach(Case::isPossible);
        return report;
    }

    /// Fails for a button, or a command to copy, that no command line takes.
    private static void isPossible(Remedy remedy) {
        switch (remedy) {
            case Remedy.Action action -> checkSyntax(action.argv());
            case Remedy.CopyCommand copy
            when copy.command().startsWith("lamplighter ") -> {
                for (String command : copy.command().split(" && ", -1)) {
                    checkSyntax(WORD.matcher(command)
                            .results()
                            .map(word -> word.group().replace("'", ""))
                            .toList());
                }
            }
            case Remedy.CopyCommand _, Remedy.Open _, Remedy.Wait _ -> {}
        }
    }

    Optional<Finding> finding(String id) {
        return report().findings().stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst();
    }

    private static void checkSyntax(List<String> argv) {
        CommandSyntax.check(argv.subList(1, argv.size()));
    }

    /// Another install of the same package, under `other`.
    private Provenance otherCopy() {
        return copyIn("other");
    }

    private Provenance copyIn(String folder) {
        Provenance mine = install();
        return new Provenance(
                mine.installer(),
                mine.packageName(),
                home.resolve(folder + "/lib/node_modules/muxplex"),
                home.resolve(folder + "/bin/muxplex"),
                "0.7.0",
                mine.origin(),
                mine.runtime(),
                mine.evidence());
    }

    Provenance install() {
        return new Provenance(
                InstallerKind.NPM,
                "muxplex",
                environment(),
                program(),
                version,
                origin,
                new Provenance.Runtime(runtimeName, home.resolve("node/bin/node"), runtimeVersion, runtimeFloor),
                List.of(new Evidence("~/lib/node_modules/muxplex/package.json", "version 0.9.2")));
    }

    /// Owns the command, if it took it.
    private Installer anotherManager() {
        return (Installer) Proxy.newProxyInstance(
                Case.class.getClassLoader(),
                new Class<?>[] {Installer.class},
                (_, method, _) -> switch (method.getName()) {
                    case "kind" -> InstallerKind.UV;
                    case "owner" -> takenOver ? Optional.of(otherCopy()) : Optional.empty();
                    case "installed" -> List.of();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private final class OneInstall implements Installer {
        @Override
        public InstallerKind kind() {
            return InstallerKind.NPM;
        }

        @Override
        public List<Provenance> installed() {
            return Stream.concat(
                            otherCopies.stream().map(Case.this::copyIn),
                            Stream.of(install()).filter(_ -> takenOver))
                    .toList();
        }

        @Override
        public Optional<Provenance> owner(Path program) {
            return !installed || takenOver
                    ? Optional.empty()
                    : Optional.of(program.startsWith(home.resolve("other")) ? otherCopy() : install());
        }

        @Override
        public MissingParts missingParts(Provenance install) {
            return missingParts;
        }

        @Override
        public List<DatedPackage> installedAfter(Provenance install, Instant moment) {
            return new NpmInstaller(directories(), Map.of(), new SomePrograms()).installedAfter(install, moment);
        }

        @Override
        public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RepairCommands repairCommands(Provenance provenance, RepairCommands.Need need) {
            return new NpmInstaller(directories(), Map.of(), new SomePrograms()).repairCommands(provenance, need);
        }

        @Override
        public Path stageRoot(Provenance provenance) {
            throw new UnsupportedOperationException();
        }
    }

    private final class SomeShell implements LoginShell {
        @Override
        public Answer path() {
            return shellHangs
                    ? new Answer.Fallback("/usr/bin", "bash did not respond within 5 s.")
                    : new Answer.Found("/shell/bin", List.of());
        }

        @Override
        public Optional<Answer> kept() {
            return shellPath.filter(_ -> !shellHangs).map(path -> new Answer.Found(path, List.of()));
        }
    }

    private final class SomeProcesses implements ProcessTable {
        @Override
        public List<Running> from(Path environment) {
            return processes;
        }

        @Override
        public Optional<Path> replacedProgram(long pid) {
            return replacedProgram;
        }

        @Override
        public boolean hasProcess(String unit) {
            return processUnit.filter(unit::equals).isPresent();
        }

        @Override
        public List<Running> marked(String name, String value) {
            return List.of();
        }

        @Override
        public List<String> ancestors(long pid) {
            return List.of("bash", "tmux: server", "systemd");
        }

        @Override
        public Optional<Instant> startedAt(long pid) {
            return Optional.of(NOW.minusSeconds(86_400));
        }

        @Override
        public Origin origin(long pid) {
            return processUnit.isEmpty()
                    ? ProcessTable.super.origin(pid)
                    : new Origin(List.of("systemd"), Optional.empty(), false, processUnit);
        }

        @Override
        public void end(long pid) {
            throw new AssertionError("the doctor ends nothing");
        }
    }

    private final class SomePrograms implements ProcessRunner {
        @Override
        public ProcessResult run(Command command) {
            String line = String.join(" ", command.argv());
            return told.containsKey(line)
                    ? new ProcessResult.Exited(0, told.get(line), "", Duration.ZERO)
                    : new ProcessResult.Exited(status, said, saidAside, Duration.ZERO);
        }

        @Override
        public ProcessResult run(Command command, Consumer<String> line) {
            return run(command);
        }

        @Override
        public Optional<String> launch(List<String> argv, Map<String, Optional<String>> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> launch(List<String> argv, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Path> find(String name) {
            return commands.contains(name) ? Optional.of(Path.of("/usr/bin", name)) : Optional.empty();
        }

        @Override
        public Optional<Path> find(String name, String path) {
            return Optional.ofNullable((path.equals(servicePath()) ? onServicePath : onShellPath).get(name));
        }
    }

    /// A unit of somebody else that runs the tool; it does not run while the tool's own does not.
    ForeignUnit unit(String name, boolean enabled) {
        return unit(name, enabled, Optional.empty(), Optional.empty());
    }

    ForeignUnit unit(String name, boolean enabled, Optional<String> obstacle, Optional<Path> autostart) {
        return new ForeignUnit(
                name,
                home.resolve(name),
                List.of(),
                enabled,
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                obstacle,
                autostart,
                List.of(),
                "");
    }

    private final class OneService implements ServiceManager {
        @Override
        public Optional<String> unavailable() {
            return unavailable;
        }

        @Override
        public boolean isSilent() {
            return silent;
        }

        @Override
        public String unitOf(String toolName) {
            return "lamplighter-" + toolName + ".service";
        }

        @Override
        public String render(ServiceDefinition definition) {
            return wanted.orElse(
                    "# by Lamplighter\n[Service]\nExecStart=muxplex\nEnvironment=\"PATH=%s\"\n[Install]\nWantedBy=default.target\n"
                            .formatted(definition.path()));
        }

        @Override
        public Optional<String> fileText(String unit) {
            return phase == Phase.NOT_INSTALLED || !isFileThere ? Optional.empty() : file;
        }

        @Override
        public List<Path> dropIns(String unit) {
            return additions;
        }

        @Override
        public List<String> command(String unit) {
            return command;
        }

        @Override
        public Optional<ServiceEnvironment> variables(String unit) {
            return variables;
        }

        @Override
        public boolean isWritten(String unit) {
            return owner != Owner.FOREIGN;
        }

        @Override
        public boolean isChangedByHand(String unit) {
            return changedByHand;
        }

        @Override
        public List<ForeignUnit> foreign(Manifest.Install install) {
            return foreign;
        }

        @Override
        public Optional<Boolean> lingers() {
            return lingers;
        }

        @Override
        public Optional<String> endsAtLogout() {
            return endsAtLogout;
        }

        @Override
        public ServiceState state(String unit) {
            boolean runs = phase == Phase.RUNNING;
            boolean isSocket = unit.endsWith(".socket");
            return new ServiceState(
                    unit,
                    phase,
                    masked ? ServiceState.Load.MASKED : ServiceState.Load.USABLE,
                    isSocket ? AtLogin.of(socketEnabled) : atLogin.orElseGet(() -> AtLogin.of(enabled)),
                    runs ? Optional.of(4242L) : Optional.empty(),
                    Optional.of(since),
                    restarts,
                    lastExit,
                    Optional.of(home.resolve(".config/systemd/user").resolve(unit)),
                    phase == Phase.UNKNOWN ? Owner.FOREIGN : owner,
                    !words.isEmpty() ? words : phase == Phase.RUNNING ? "active/running" : phase.word(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    runs || isSocket ? List.of() : startedBy);
        }

        @Override
        public List<LogLine> log(String unit, int lines, Optional<String> since) {
            return last(log, lines);
        }

        @Override
        public List<LogLine> managerLines(String unit, int lines) {
            return last(
                    log.stream()
                            .filter(line -> line.text().startsWith(UNIT + ":"))
                            .toList(),
                    lines);
        }

        private static List<LogLine> last(List<LogLine> all, int lines) {
            return all.subList(Math.max(0, all.size() - lines), all.size());
        }

        @Override
        public void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> line) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AutoCloseable watch(List<String> units, Consumer<String> changed) {
            throw new UnsupportedOperationException();
        }

        private ServiceOutcome never() {
            throw new AssertionError("the doctor changes nothing");
        }

        @Override
        public ServiceOutcome write(ServiceDefinition definition) {
            return never();
        }

        @Override
        public ServiceOutcome writeOver(ServiceDefinition definition) {
            return never();
        }

        @Override
        public ServiceOutcome restore(String unit, Optional<String> text) {
            return never();
        }

        @Override
        public ServiceOutcome enable(String unit) {
            return never();
        }

        @Override
        public ServiceOutcome disable(String unit) {
            return never();
        }

        @Override
        public ServiceOutcome start(String unit) {
            return never();
        }

        @Override
        public ServiceOutcome stop(String unit, Duration limit) {
            return never();
        }

        @Override
        public ServiceOutcome remove(String unit) {
            return never();
        }
    }
}
