package io.github.lamplighter.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lamplighter.demo.DemoHome;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.platform.linux.DesktopAutostart;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.UninstallLamplighter.Outcome;
import io.github.lamplighter.setup.UninstallPlan.Kind;
import io.github.lamplighter.setup.UninstallPlan.Remaining;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.KeptFolders;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UninstallLamplighterTest {

    private static final String UNIT = "lamplighter-http-server.service";

    @TempDir
    private Path temporary;

    private PackageFixture fixture;
    private TreeSet<String> before;
    private Path work;

    private final List<String> done = new ArrayList<>();
    private boolean stops = true;
    private boolean armed = true;
    private Runnable disarming = () -> {};

    @BeforeEach
    void anInstalledPackageInUse() throws IOException {
        fixture = new PackageFixture(Files.createDirectory(temporary.resolve("jürgen x")));
        Path image = fixture.unpacked("0.1.0");
        before = tree();
        fixture.install(image);
        fixture.install(fixture.unpacked("0.2.0"));
        io.github.lamplighter.upgrade.DirectoryTrees.delete(
                fixture.home.resolve("Downloads/lamplighter-0.2.0-linux-x86_64"));
        autostart().on();
        PackageFixture.write(fixture.directories.settings(), "{}");
        PackageFixture.write(fixture.directories.manifests().resolve("http-server.json"), "{}");
        PackageFixture.write(fixture.directories.glance(), "{}");
        PackageFixture.write(fixture.directories.data().resolve("jdk/jdk-25/release"), "downloaded for a checkout");
        PackageFixture.write(fixture.directories.cache().resolve("http/a"), "cached");
        work = Files.createDirectories(fixture.directories.state().resolve("work/http-server"));
    }

    @Test
    void nothingIsLeftButTheWorkingDirectoryOfAServiceThatStays() throws Exception {
        Outcome outcome = run(false);
        assertThat(outcome).isEqualTo(new Outcome.Done(List.of()));
        assertThat(done).isEmpty();
        TreeSet<String> left = tree();
        left.removeAll(before);
        assertThat(left)
                .containsExactlyInAnyOrder(
                        ".config",
                        ".local/state",
                        ".local/state/lamplighter",
                        ".local/state/lamplighter/work",
                        ".local/state/lamplighter/work/http-server",
                        ".local");
    }

    @Test
    void theServicesGoIfTheyWereAskedFor() throws Exception {
        assertThat(run(true)).isInstanceOf(Outcome.Done.class);
        assertThat(done).containsExactly("stop", "disable", "remove");
        assertThat(fixture.directories.state()).doesNotExist();
    }

    @Test
    void aServiceThatDoesNotStopKeepsTheProgramAndItsManifest() throws Exception {
        stops = false;
        assertThat(run(true))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.problems()).containsExactly(UNIT + ": still running"));
        assertThat(fixture.directories.manifests().resolve("http-server.json")).exists();
        assertThat(fixture.files.command()).exists();
        stops = true;
        assertThat(run(true)).isInstanceOf(Outcome.Done.class);
        assertThat(fixture.files.command()).doesNotExist();
    }

    @Test
    void filesOfOthersStayAndAreNamed() throws Exception {
        Path secrets = PackageFixture.write(fixture.directories.config().resolve("http-server.env"), "TOKEN=1");
        Path note = PackageFixture.write(fixture.directories.data().resolve("versions/mine/note"), "x");
        Path entry = fixture.data("applications/io.github.lamplighter.Lamplighter.desktop");
        Files.writeString(entry, Files.readString(entry) + "X-Mine=1\n");
        Path output = PackageFixture.write(work.resolve("data.db"), "data of the tool");
        Path other = Files.createSymbolicLink(
                fixture.directories.config().resolve("link"), Files.createDirectory(fixture.home.resolve("dotfiles")));
        UninstallPlan plan = uninstall().plan(true);
        assertThat(plan.remaining())
                .extracting(Remaining::path)
                .contains(secrets, note.getParent(), entry, work, other);
        assertThat(uninstall().run(plan)).isInstanceOf(Outcome.Done.class);
        assertThat(secrets).hasContent("TOKEN=1");
        assertThat(note).exists();
        assertThat(entry).exists();
        assertThat(output).exists();
        assertThat(other).exists();
        assertThat(fixture.folders.current()).doesNotExist();
        assertThat(fixture.directories.settings()).doesNotExist();
        assertThat(fixture.files.command()).doesNotExist();
    }

    @Test
    void aSecondRunFinishesWhatAKillLeft() throws Exception {
        disarming = () -> {
            throw new IllegalStateException("killed");
        };
        assertThatThrownBy(() -> run(false)).hasMessage("killed");
        assertThat(fixture.files.command()).as("the user can still ask again").exists();
        disarming = () -> {};
        // As after a kill between two deletions.
        io.github.lamplighter.upgrade.DirectoryTrees.delete(fixture.directories.config());
        Files.delete(fixture.data("man/man1/lamplighter.1"));
        assertThat(run(false)).isInstanceOf(Outcome.Done.class);
        assertThat(fixture.directories.data()).doesNotExist();
        assertThat(uninstall().plan(false).isEmpty()).isTrue();
    }

    @Test
    void anUninstallFromAnotherCopyRemovesAHalfDeletedProgram() throws Exception {
        io.github.lamplighter.upgrade.DirectoryTrees.delete(
                fixture.folders.folder("0.1.0").resolve("lib"));
        io.github.lamplighter.upgrade.DirectoryTrees.delete(
                fixture.folders.folder("0.2.0").resolve("lib"));
        assertThat(run(false)).isInstanceOf(Outcome.Done.class);
        assertThat(fixture.directories.data()).doesNotExist();
        assertThat(fixture.files.command()).doesNotExist();
    }

    @Test
    void ourOwnProcessesEndAndNoOthers() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path running = fixture.directories.state().resolve("running");
            PackageFixture.write(
                    running.resolve("tray-" + sleeper.pid()),
                    sleeper.info().startInstant().orElseThrow().toString());
            PackageFixture.write(running.resolve("window-" + stranger.pid()), "2020-01-01T00:00:00Z");
            UninstallPlan plan = uninstall().plan(false);
            assertThat(plan.processes())
                    .extracting(resident -> resident.process().pid())
                    .containsExactly(sleeper.pid());
            uninstall().run(plan);
            assertThat(sleeper.isAlive()).isFalse();
            assertThat(stranger.isAlive()).as("its pid was used again").isTrue();
        } finally {
            sleeper.destroyForcibly();
            stranger.destroyForcibly();
        }
    }

    @Test
    void whatAProcessWritesUntilItEndsIsRemovedToo() throws Exception {
        Path cache = fixture.directories.cache();
        io.github.lamplighter.upgrade.DirectoryTrees.delete(cache);
        UninstallPlan plan = uninstall().plan(false);
        assertThat(plan.removal(Kind.CACHE)).isEmpty();
        String script =
                "trap 'mkdir -p \"$0/npm\"; echo {} >\"$0/npm/a.json\"; exit' TERM; echo; while :; do sleep 0.02; done";
        Process writer = new ProcessBuilder("sh", "-c", script, cache.toString()).start();
        try {
            writer.getInputStream().read();
            PackageFixture.write(
                    fixture.directories.state().resolve("running/check-" + writer.pid()),
                    writer.info().startInstant().orElseThrow().toString());
            assertThat(uninstall().run(plan)).isEqualTo(new Outcome.Done(List.of()));
            assertThat(writer.isAlive())
                    .as("it started after the plan was made")
                    .isFalse();
            assertThat(cache).doesNotExist();
        } finally {
            writer.destroyForcibly();
        }
    }

    @Test
    void theRemovalIsInTheOrderInWhichItCanBeRepeated() throws Exception {
        List<Kind> kinds = uninstall().plan(false).removals().stream()
                .map(removal -> removal.kind())
                .toList();
        assertThat(kinds).isSorted().startsWith(Kind.AUTOSTART).endsWith(Kind.STATE, Kind.PROGRAM);
    }

    private Outcome run(boolean services) throws IOException {
        return uninstall().run(uninstall().plan(services));
    }

    private Autostart autostart() {
        return new DesktopAutostart(
                fixture.directories,
                "io.github.lamplighter.Lamplighter",
                Map.of(),
                List.of(fixture.folders.launcher().toString()));
    }

    private UninstallLamplighter uninstall() {
        return new UninstallLamplighter(new UninstallLamplighter.Parts(
                fixture.directories,
                fixture.folders,
                fixture.files,
                new EnvironmentLock(fixture.directories),
                new ResidentProcesses(fixture.directories),
                new LocalProcessRunner(Map.of()),
                autostart(),
                autostart(),
                recovery(),
                new KeptFolders(new Journals(fixture.directories), List.of()),
                services(),
                DemoHome.of(fixture.directories.dataHome(), fixture.home),
                () -> {
                    throw new AssertionError("there is no demo");
                },
                List::of,
                _ -> new ServiceOutcome.Done("restored"),
                _ -> Optional.empty(),
                Optional.of(fixture.folders.folder("0.2.0").resolve("lib/build.json")),
                fixture.folders.launcher()));
    }

    private RecoveryAtLogin recovery() {
        return new RecoveryAtLogin() {
            @Override
            public void arm(List<String> units, boolean isAtWork) {
                armed = true;
            }

            @Override
            public void disarm() {
                disarming.run();
                armed = false;
            }

            @Override
            public List<Path> files() {
                return armed ? List.of(fixture.home) : List.of();
            }
        };
    }

    private ServiceManager services() {
        return (ServiceManager) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceManager.class},
                (_, method, _) -> switch (method.getName()) {
                    case "written" -> done.contains("remove") ? List.of() : List.of(UNIT);
                    case "unavailable" -> Optional.empty();
                    case "fileText" -> Optional.of("WorkingDirectory=" + work + "\n");
                    case "state" -> state();
                    case "stop" -> stops ? did("stop") : new ServiceOutcome.Failed("still running");
                    case "disable", "remove" -> did(method.getName());
                    default -> throw new AssertionError(method);
                });
    }

    private ServiceOutcome did(String what) {
        done.add(what);
        return new ServiceOutcome.Done(what);
    }

    private ServiceState state() {
        return ServiceState.unknown(UNIT, "");
    }

    private TreeSet<String> tree() throws IOException {
        try (Stream<Path> paths = Files.walk(fixture.home)) {
            return new TreeSet<>(paths.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                            || !path.startsWith(fixture.home.resolve("Downloads")))
                    .map(path -> fixture.home.relativize(path).toString())
                    .toList());
        }
    }
}
