package io.github.lamplighter.upgrade;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.self.AppBundle;
import io.github.lamplighter.installer.self.BuildRecord;
import io.github.lamplighter.installer.self.SelfInstaller;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.release.FeedServer;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ToolCatalog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lamplighter 0.1.0, installed in a home of its own, with a feed on loopback. Its versions are small scripts
/// with the layout of a package, so that a test takes milliseconds. The tray icon is a fake that remembers
/// its version. A transaction can be killed at any call of a port; files and tray icon survive that.
final class OwnUpgradeFixture implements AutoCloseable {

    /// Kills the transaction; an [Error], so that no `catch` in the program sees it.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /// What a version does that is not as it should be.
    enum Fault {
        NONE,
        DOES_NOT_START,
        REPORTS_ANOTHER_VERSION,
        RECORDS_ANOTHER_VERSION,
        HAS_NO_DOCTOR,
        FAILS_A_CHECK,
        HAS_A_LINK_OUTSIDE
    }

    private final String kind;
    final Path home;
    final AppDirectories directories;
    final VersionFolders folders;
    final FeedServer server = new FeedServer();
    final Journals journals;
    final Manifest manifest;

    /// The folder that the tray icon runs from; empty when it does not run.
    Optional<Path> tray = Optional.empty();
    /// Versions whose tray icon does not start.
    List<String> darkTrays = List.of();
    boolean armed;
    int kept = 2;
    Duration minimumAge = Duration.ZERO;

    private Instant now = Instant.parse("2026-11-29T11:00:00Z");
    private final Thread thread = Thread.currentThread();
    private int calls;
    private int killAt = -1;

    OwnUpgradeFixture(Path home) throws IOException, GeneralSecurityException {
        this(home, "tar");
    }

    /// @param kind `tar`, or `app`: the package is in an application of macOS
    OwnUpgradeFixture(Path home, String kind) throws IOException, GeneralSecurityException {
        this.kind = kind;
        server.kind = kind;
        this.home = home.toRealPath();
        this.directories = AppDirectories.linux(Map.of(), this.home);
        this.folders = new VersionFolders(directories);
        this.journals = new Journals(directories);
        image(folders.folder("0.1.0"), "0.1.0", Fault.NONE);
        folders.use("versions/0.1.0");
        this.manifest =
                ToolCatalog.assumedManifest(installer().installed().getFirst()).orElseThrow();
    }

    /// Makes a package and publishes it.
    Path publish(String version, Fault fault) throws IOException, GeneralSecurityException {
        Path archive = archive(version, fault);
        server.publish(version, archive);
        return archive;
    }

    Path archive(String version, Fault fault) throws IOException {
        String name = "lamplighter-%s-linux-x86_64".formatted(version);
        Path folder = home.resolve("build").resolve(name);
        image(folder, version, fault);
        Path archive = home.resolve("build").resolve(name + ".tar.gz");
        try {
            int status = new ProcessBuilder(
                            "tar", "-C", home.resolve("build").toString(), "-czf", archive.toString(), name)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("tar failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return archive;
    }

    private void image(Path version, String name, Fault fault) throws IOException {
        if (kind.equals("app")) {
            Files.createDirectories(version);
            files(AppBundle.in(version).resolve("Contents/Resources/lamplighter"), name, fault);
            AppBundle.link(version);
        } else {
            files(version, name, fault);
        }
    }

    private void files(Path folder, String version, Fault fault) throws IOException {
        Files.createDirectories(folder.resolve("lib"));
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(BuildRecord.in(folder), """
            {"schema":"lamplighter.build/1","kind":"%s","version":"%s","commit":"%s","platform":"linux-x86_64",
             "feed":"%s","key":"%s"}
            """.formatted(
                        kind,
                        fault == Fault.RECORDS_ANOTHER_VERSION ? "9.9.9" : version,
                        "ab".repeat(20),
                        server.url(),
                        server.publicKey()));
        String severity = fault == Fault.FAILS_A_CHECK ? "failure" : "ok";
        Path launcher = Files.writeString(VersionFolders.launcher(folder), """
            #!/bin/sh
            case $1 in
              --version) %s echo "lamplighter %s" ;;
              doctor) %s echo '{"data":{"tools":[{"findings":[{"id":"launcher","severity":"%s","title":"Command found"}]}]}}' ;;
            esac
            """.formatted(
                        fault == Fault.DOES_NOT_START ? "exit 3;" : "",
                        fault == Fault.REPORTS_ANOTHER_VERSION ? "9.9.9" : version,
                        fault == Fault.HAS_NO_DOCTOR ? "exit 1;" : "",
                        severity));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("lib/large"), version.repeat(10_000));
        if (fault == Fault.HAS_A_LINK_OUTSIDE) {
            Files.createSymbolicLink(folder.resolve("lib/outside"), Path.of("../../../../secret"));
        }
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

    UpgradeWorker worker() {
        return new UpgradeWorker(context());
    }

    UpgradeOutcome upgrade() {
        return upgrade(Optional.empty());
    }

    UpgradeOutcome upgrade(Optional<String> to) {
        return worker().upgrade(
                        manifest,
                        new PlanUpgrade.UpgradeOptions(to, false, false),
                        new PlanUpgrade(context()).newId(),
                        Optional.empty(),
                        new CancellationToken());
    }

    UpgradeOutcome rollBack(String version) {
        Snapshot snapshot = worker().kept(manifest).stream()
                .filter(kept -> kept.version().equals(version))
                .findFirst()
                .orElseThrow();
        return worker().rollBack(
                        manifest,
                        snapshot,
                        new PlanUpgrade(context()).newId(),
                        Optional.empty(),
                        new CancellationToken());
    }

    List<UpgradeOutcome> recover() {
        return new RecoverUpgrades(context(), _ -> Optional.of(manifest)).recover(RecoverUpgrades.Occasion.COMMAND);
    }

    /// The version that the stable launcher starts.
    String inUse() throws IOException {
        Process process = new ProcessBuilder(folders.launcher().toString(), "--version").start();
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .strip()
                .replace("lamplighter ", "");
    }

    Optional<String> trayVersion() {
        return tray.map(folder -> String.valueOf(folder.getFileName()));
    }

    /// The names in the folder of all versions.
    List<String> versions() throws IOException {
        try (var children = Files.list(folders.versions())) {
            return children.map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private SelfInstaller installer() {
        return new SelfInstaller(
                directories,
                new SelfInstaller.ThisProgram(
                        folders.launcher(),
                        Optional.of(BuildRecord.in(folders.folder("0.1.0"))),
                        "0.1.0",
                        Path.of("/usr/bin/java"),
                        "25"));
    }

    UpgradeContext context() {
        Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString());
        ProcessRunner runner = killing(ProcessRunner.class, new LocalProcessRunner(environment));
        return new UpgradeContext(
                directories,
                userName(),
                ProcessHandle.current().pid(),
                killing(InstantSource.class, () -> now = now.plusMillis(10)),
                ZoneOffset.UTC,
                kept,
                runner,
                List.of(installer()),
                unused(ServiceManager.class),
                unused(UpgradedService.class),
                killing(GateChecks.class, _ -> Map.of("launcher", new GateChecks.Gate(Severity.OK, "Command found"))),
                ReleaseSource.of(new Releases(
                        runner,
                        new Releases.Access(
                                environment,
                                directories,
                                InstantSource.fixed(now),
                                ZoneOffset.UTC,
                                Duration.ofSeconds(10),
                                minimumAge,
                                true,
                                Duration.ZERO))),
                new ProcessTable() {
                    @Override
                    public List<Running> from(Path folder) {
                        return List.of();
                    }

                    @Override
                    public boolean hasProcess(String unit) {
                        return false;
                    }

                    @Override
                    public List<Running> marked(String name, String value) {
                        return List.of();
                    }

                    @Override
                    public void end(long pid) {}
                },
                killing(RecoveryAtLogin.class, new RecoveryAtLogin() {
                    @Override
                    public void arm(List<String> units, boolean isAtWork) {
                        armed = true;
                    }

                    @Override
                    public void disarm() {
                        armed = false;
                    }
                }),
                _ -> () -> {},
                unused(DirectorySwap.class),
                killing(ResidentTray.class, new FakeTray()),
                journals,
                new EnvironmentLock(directories),
                new ActivityLog(directories));
    }

    private final class FakeTray implements ResidentTray {
        @Override
        public boolean isRunningFrom(Path folder) {
            return tray.filter(image -> image.startsWith(folder)).isPresent();
        }

        @Override
        public Optional<String> restart(Path launcher, Path image) {
            tray = Optional.empty();
            kill();
            try {
                Path started = launcher.toRealPath().getParent().getParent();
                if (!started.startsWith(image) || darkTrays.contains(String.valueOf(image.getFileName()))) {
                    return Optional.of("The new tray icon did not start.");
                }
                tray = Optional.of(image);
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    private String userName() {
        try {
            return Files.getOwner(home).getName();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static <T> T unused(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (_, method, _) -> {
            throw new UnsupportedOperationException(method.getName());
        }));
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

    /// Not in the threads of the HTTP client, which report the progress of a download.
    private void kill() {
        if (Thread.currentThread() != thread) {
            return;
        }
        calls++;
        if (calls == killAt) {
            throw new Killed();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
