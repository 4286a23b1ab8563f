package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.release.ArchiveDownload;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.TestManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// Fakes of all ports of a transaction over a real folder. A transaction can be killed at any call of a port;
/// the files and the service manager survive that, as real ones do.
final class TransactionFixture {

    static final String UNIT = "lamplighter-x.service";
    private static final String[] PARTS = {"version", "lib/a", "lib/b", "bin/x"};

    /// Kills the transaction; an [Error], so that no `catch` in the program sees it.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    final Path home;
    final Path environment;
    final Path program;
    final Path data;
    final AppDirectories directories;
    final Journals journals;
    Manifest manifest;
    String newest = "1.1.0";
    boolean newestServes = true;
    /// Whether the newest version, once started, passes the check that counts for a rollback.
    boolean newestPassesItsCheck = true;
    private String lastStarted = "";
    int kept = 2;

    /// What a stop of the service interrupts: before the rollback point (true) and after it.
    Function<Boolean, StopImpactAssessor.StopImpact> stopImpact = _ -> StopImpactAssessor.StopImpact.NONE;

    /// A release that is too young to be offered.
    Optional<Verdict.SkippedRelease> young = Optional.empty();
    Optional<Verdict> silent = Optional.empty();

    static final String SILENT = "systemctl did not respond within 3 s.";

    /// Where the installation came from.
    Origin origin = new Origin.Index();

    /// The command line of the service.
    List<String> command = List.of();

    boolean installs = true;
    /// Of a package manager that does not install.
    int exitCode = 1;
    boolean disarms = true;
    boolean listsProcesses = true;
    boolean managerResponds = true;
    boolean copiesForReal;
    /// Whether `cp` does anything; it reports no error.
    boolean copies = true;
    int outputLines;
    /// The `PATH` of the test of the new version.
    Optional<String> testedWith = Optional.empty();
    boolean running;
    boolean armed;
    Runnable whileArming = () -> {};
    Runnable whileStarting = () -> {};
    Runnable whileStopping = () -> {};
    Runnable whileCopying = () -> {};

    private Optional<Path> rows = Optional.empty();
    String rowsAtLastStart = "";
    String unitFile = "version 1.0.0\n";

    private Instant now = Instant.parse("2026-11-23T11:00:00Z");
    private int calls;
    private int killAt = -1;

    TransactionFixture(Path home, boolean running, boolean declaresData) throws IOException {
        this.home = home;
        this.running = running;
        this.environment = Files.createDirectories(home.resolve("tools/x")).toRealPath();
        this.program = home.resolve("bin/x");
        this.data = home.resolve("data");
        this.directories = AppDirectories.linux(Map.of(), home);
        this.journals = new Journals(directories);
        make(environment, "1.0.0", environment);
        Files.createDirectories(program.getParent());
        Files.createSymbolicLink(program, environment.resolve("bin/x"));
        Files.createDirectories(data);
        Files.writeString(data.resolve("file"), "written by 1.0.0");
        this.manifest = described(environment, program, declaresData ? List.of(data) : List.of())
                .build();
    }

    void setClock(Instant time) {
        now = time;
    }

    private static TestManifest described(Path environment, Path program, List<Path> data) {
        return new TestManifest(InstallerKind.NPM, "x", environment, program)
                .service(List.of())
                .stopSeconds(5)
                .smoke("--version")
                .data(data.toArray(Path[]::new));
    }

    /// The same tool, whose manifest says that it has no data.
    Manifest withoutData() {
        return described(environment, program, List.of()).hasNoData().build();
    }

    /// The same tool, whose arguments set another data folder than its manifest lists.
    Manifest withDataIn(Path folder) {
        return described(environment, program, List.of(data))
                .dataSetBy("--data", data)
                .service(List.of("--data", folder.toString()))
                .build();
    }

    /// Another tool in the same environment.
    Manifest named(String name) {
        return described(environment, program, manifest.data()).named(name).build();
    }

    /// Kills the transaction at this call of a port, counted from now: before the call for odd numbers, after
    /// it for even ones.
    void killAt(int call) {
        calls = 0;
        killAt = call;
    }

    int calls() {
        return calls;
    }

    /// Deletes the copies of the data in every snapshot.
    void deleteBackups() {
        try (var snapshots = Files.list(home.resolve("tools/.lamplighter/x/snapshots"))) {
            for (Path snapshot : snapshots.toList()) {
                DirectoryTrees.delete(snapshot.resolve("data"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isNewestInstalled() {
        try {
            return whole().equals(newest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes this file or folder the data of the tool.
    void declares(Path path) {
        manifest = described(environment, program, List.of(path)).build();
    }

    /// Replaces a folder of the home by a link to `~/disk`, and returns that.
    Path moveToAnotherDisk(String path) throws IOException {
        Path disk = home.resolve("disk");
        Path link = home.resolve(path);
        if (Files.exists(link)) {
            Files.move(link, disk);
        } else {
            Files.createDirectories(disk);
        }
        Files.createSymbolicLink(link, disk);
        return disk;
    }

    /// Makes the service read the file `rows` in this folder when it starts.
    void readsRowsFrom(Path folder) {
        rows = Optional.of(folder.resolve("rows"));
    }

    void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void relink(Path link, Path target) {
        try {
            Files.delete(link);
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void makeData() {
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    UpgradeContext context(DirectorySwap directorySwap) {
        return new UpgradeContext(
                directories,
                userName(),
                ProcessHandle.current().pid(),
                killing(InstantSource.class, () -> now = now.plusMillis(10)),
                ZoneOffset.UTC,
                kept,
                killing(ProcessRunner.class, new FakeProcessRunner()),
                List.of(new FakeInstaller()),
                killing(ServiceManager.class, service()),
                killing(UpgradedService.class, new FakeServicePort()),
                killing(
                        GateChecks.class,
                        _ -> Map.of(
                                "process",
                                new GateChecks.Gate(
                                        !running
                                                ? Severity.UNKNOWN
                                                : newestPassesItsCheck || !lastStarted.equals("1.1.0")
                                                        ? Severity.OK
                                                        : Severity.FAILURE,
                                        running ? "It runs" : "It does not run"))),
                new FakeReleaseSource(),
                killing(ProcessTable.class, new UnitProcesses()),
                killing(RecoveryAtLogin.class, new RecoveryAtLogin() {
                    @Override
                    public void arm(List<String> units, boolean isAtWork) {
                        armed = true;
                        whileArming.run();
                    }

                    @Override
                    public void disarm() {
                        if (!disarms) {
                            throw new UncheckedIOException(new IOException("the bus is gone"));
                        }
                        armed = false;
                    }
                }),
                _ -> () -> {},
                killing(DirectorySwap.class, directorySwap),
                new NoTray(),
                journals,
                new EnvironmentLock(directories),
                new ActivityLog(directories));
    }

    /// The version at the final path; fails if its files are of different versions.
    String whole() throws IOException {
        String version = Files.readString(environment.resolve("version"));
        for (String part : PARTS) {
            String text = Files.readString(environment.resolve(part));
            if (!text.contains(version) || text.contains("stages")) {
                throw new IOException(part + " says " + text + " where the version is " + version);
            }
        }
        return version;
    }

    private static void make(Path folder, String version, Path says) throws IOException {
        for (String part : PARTS) {
            Path file = folder.resolve(part);
            Files.createDirectories(file.getParent());
            Files.writeString(file, part.equals("version") ? version : version + " in " + says);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private String userName() {
        try {
            return Files.getOwner(home).getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T killing(Class<T> port, T real) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (_, method, arguments) -> {
                    kill();
                    try {
                        Object result = method.invoke(real, arguments);
                        kill();
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void kill() {
        calls++;
        if (calls == killAt) {
            throw new Killed();
        }
    }

    private ServiceManager service() {
        return (ServiceManager) Proxy.newProxyInstance(
                ServiceManager.class.getClassLoader(),
                new Class<?>[] {ServiceManager.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "unitOf" -> UNIT;
                    case "state" -> state();
                    case "fileText" -> Optional.of(unitFile);
                    case "render" -> "version " + Files.readString(environment.resolve("version")) + "\n";
                    case "write" -> {
                        unitFile = "version " + Files.readString(environment.resolve("version")) + "\n";
                        yield new ServiceOutcome.Done("");
                    }
                    case "restore" -> {
                        @SuppressWarnings("unchecked")
                        Optional<String> text = (Optional<String>) arguments[1];
                        unitFile = text.orElse("");
                        yield new ServiceOutcome.Done("");
                    }
                    case "command" -> command;
                    case "start" -> start();
                    case "stop" -> {
                        if (!managerResponds) {
                            yield new ServiceOutcome.Failed(SILENT);
                        }
                        running = false;
                        whileStopping.run();
                        yield new ServiceOutcome.Done("");
                    }
                    case "isWritten", "isChangedByHand" -> false;
                    case "triggers" -> List.of();
                    case "resume" -> new ServiceOutcome.Already("");
                    default -> {
                        if (!method.isDefault()) {
                            throw new UnsupportedOperationException(method.getName());
                        }
                        yield InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                });
    }

    /// Starts the service, which writes its version into its data, and migrates them: the mark of each
    /// version stays.
    private ServiceOutcome start() throws IOException {
        if (!managerResponds) {
            return new ServiceOutcome.Failed(SILENT);
        }
        running = true;
        if (rows.isPresent()) {
            rowsAtLastStart = Files.readString(rows.get());
        }
        whileStarting.run();
        lastStarted = whole();
        Files.writeString(data.resolve("file"), "written by " + lastStarted);
        Files.writeString(data.resolve("migrated-by-" + lastStarted), "");
        return new ServiceOutcome.Done("");
    }

    private ServiceState state() {
        if (!managerResponds) {
            return ServiceState.unknown(UNIT, SILENT);
        }
        return new ServiceState(
                UNIT,
                running ? ServiceState.Phase.RUNNING : ServiceState.Phase.STOPPED,
                ServiceState.Load.USABLE,
                new AtLogin.Starts(),
                running ? Optional.of(4242L) : Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                ServiceState.Owner.OURS,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private final class FakeServicePort implements UpgradedService {
        @Override
        public StopImpactAssessor.StopImpact stopImpact(Manifest asked) {
            return stopImpact.apply(!armed);
        }

        @Override
        public Optional<ServiceDefinition> definition(Manifest asked) {
            return Optional.of(new ServiceDefinition(
                    "x", "x", List.of("x"), Map.of(), "/bin", Path.of("/"), Optional.empty(), Optional.empty(), 5));
        }

        @Override
        public Readiness ready(Manifest asked) {
            try {
                return whole().equals("1.0.0") || newestServes
                        ? new Readiness.Ready("HTTP 200")
                        : new Readiness.NotReady("It ended at once.");
            } catch (IOException e) {
                return new Readiness.NotReady(String.valueOf(e.getMessage()));
            }
        }
    }

    private final class FakeReleaseSource implements ReleaseSource {
        @Override
        public Verdict verdict(Provenance provenance, Map<String, String> variables) {
            return silent.isPresent()
                    ? silent.get()
                    : young.isPresent()
                            ? new Verdict.Current(provenance.version(), List.of(young.get()))
                            : provenance.version().equals(newest)
                                    ? new Verdict.Current(newest)
                                    : new Verdict.Outdated(new UpgradeTarget.IndexVersion(newest), Optional.empty());
        }

        @Override
        public Releases.Choice named(Provenance provenance, Map<String, String> variables, String version) {
            return new Releases.Choice.Found(new UpgradeTarget.IndexVersion(version));
        }

        @Override
        public Releases.Choice same(Provenance provenance) {
            return new Releases.Choice.Found(new UpgradeTarget.IndexVersion(provenance.version()));
        }

        @Override
        public ArchiveDownload.Result download(
                UpgradeTarget.ReleaseArchive archive, Path target, LongConsumer progress) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Origin.RevisionKind kind(Origin.Git origin) {
            return origin.kind();
        }
    }

    private static final class NoTray implements ResidentTray {
        @Override
        public boolean isRunningFrom(Path folder) {
            return false;
        }

        @Override
        public Optional<String> restart(Path launcher, Path image) {
            return Optional.empty();
        }
    }

    /// The service's process has its executable outside of the tool, as an interpreter has.
    private final class UnitProcesses implements ProcessTable {
        @Override
        public List<Running> from(Path folder) {
            return List.of();
        }

        @Override
        public boolean hasProcess(String unit) {
            return running && unit.equals(UNIT);
        }

        @Override
        public List<Running> marked(String name, String value) {
            if (!listsProcesses) {
                throw new UncheckedIOException(new IOException("/proc is not mounted"));
            }
            return List.of();
        }

        @Override
        public void end(long pid) {}
    }

    /// Runs `make FOLDER VERSION`, the command of the package manager, and `cp`.
    private final class FakeProcessRunner implements ProcessRunner {
        @Override
        public ProcessResult run(Command command) {
            return run(command, _ -> {});
        }

        @Override
        public ProcessResult run(Command command, Consumer<String> line) {
            List<String> argv = command.argv();
            try {
                switch (argv.getFirst()) {
                    case "make" -> {
                        line.accept("making " + argv.get(2));
                        for (int number = 0; number < outputLines; number++) {
                            line.accept("downloading and compiling part " + number);
                        }
                        if (!installs) {
                            return new ProcessResult.Exited(exitCode, "", "no such version\n", Duration.ZERO);
                        }
                        make(Path.of(argv.get(1)), argv.get(2), Path.of(argv.get(1)));
                        // Only the first version has this program.
                        Files.deleteIfExists(Path.of(argv.get(1)).resolve("bin/x-serve"));
                    }
                    case "cp" -> {
                        // One that outlives its worker would write over what recovery restores.
                        assertThat(command.environment()).containsKey(StageSteps.MARK);
                        whileCopying.run();
                        if (!copies) {
                            break;
                        }
                        if (copiesForReal) {
                            return real(argv);
                        }
                        String from = argv.get(argv.size() - 2);
                        if (from.endsWith("/.")) {
                            try (var children = Files.list(Path.of(from).normalize())) {
                                for (Path child : children.toList()) {
                                    copy(child, Path.of(argv.getLast()).resolve(child.getFileName()));
                                }
                            }
                        } else {
                            copy(Path.of(from), Path.of(argv.getLast()));
                        }
                    }
                    case "du" -> {
                        return real(argv);
                    }
                    // A shim: it finds the Node by the settings in the home of the user.
                    case "node" -> {
                        return new ProcessResult.Exited(0, "/opt/node/bin/node\n", "", Duration.ZERO);
                    }
                    default -> {
                        if (argv.getLast().equals("--version")) {
                            testedWith = command.environment().getOrDefault("PATH", Optional.empty());
                            writeData(Path.of(command.environment()
                                    .getOrDefault("HOME", Optional.of(home.toString()))
                                    .orElseThrow()));
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new ProcessResult.Exited(0, "", "", Duration.ZERO);
        }

        private static ProcessResult real(List<String> argv) {
            Child.Ended ended = Child.run(
                    Map.of("PATH", System.getenv("PATH")), Duration.ofSeconds(20), argv.toArray(String[]::new));
            return new ProcessResult.Exited(ended.exitCode(), ended.out(), ended.err(), Duration.ZERO);
        }

        /// Some servers do not know `--version`, and start.
        private void writeData(Path itsHome) throws IOException {
            Path itsData = Files.createDirectories(itsHome.resolve(home.relativize(data)));
            Files.writeString(itsData.resolve("file"), "written by a test of the new version");
        }

        private void copy(Path from, Path to) throws IOException {
            List<Path> all = new ArrayList<>();
            try (var files = Files.walk(from)) {
                files.forEach(all::add);
            }
            for (Path file : all) {
                Files.copy(
                        file,
                        // An empty relative path names the tree itself.
                        file.equals(from) ? to : to.resolve(from.relativize(file)),
                        LinkOption.NOFOLLOW_LINKS,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }

        @Override
        public Optional<String> launch(List<String> argv, Map<String, Optional<String>> variables) {
            return Optional.of("not here");
        }

        @Override
        public Optional<String> launch(List<String> argv, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Path> find(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Path> find(String name, String path) {
            return Optional.empty();
        }
    }

    private final class FakeInstaller implements Installer {
        @Override
        public InstallerKind kind() {
            return InstallerKind.NPM;
        }

        @Override
        public List<Provenance> installed() {
            return owner(program).stream().toList();
        }

        @Override
        public Optional<Provenance> owner(Path launcher) {
            try {
                Path root = launcher.toRealPath().getParent().getParent();
                return Optional.of(new Provenance(
                        InstallerKind.NPM,
                        "x",
                        root,
                        launcher,
                        Files.readString(root.resolve("version")),
                        origin,
                        new Provenance.Runtime("node", Path.of("/usr/bin/node"), "", ""),
                        List.of()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        @Override
        public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
            Path prepared = stage.resolve("tools/x");
            return new StagePlan(
                    Optional.of(prepared),
                    List.of(Command.of(Duration.ofSeconds(5), "make", prepared.toString(), upgradeTarget.label())
                            .with("PATH", "/home/shims:/usr/bin")),
                    prepared,
                    environment,
                    true,
                    prepared.resolve("bin"),
                    new StagePlan.LinkRule.None());
        }

        @Override
        public RepairCommands repairCommands(Provenance provenance, RepairCommands.Need need) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path stageRoot(Provenance provenance) {
            return home.resolve("tools/.lamplighter/x");
        }
    }
}
