package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.platform.posix.InteractiveLoginShell;
import io.github.lamplighter.platform.proc.ProcListeners;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What comes and goes hundreds of times leaves nothing behind.
@Tag("slow")
@Tag("long")
@EnabledIf("isPossible")
class ServiceLeakTest {

    /// `-Dcycles=N` for a quick look.
    private static final int CYCLES = Integer.getInteger("cycles", 500);

    static boolean isPossible() {
        return UserManager.isPossible();
    }

    @Test
    void fiveHundredCyclesLeaveNoFileNoLinkNoProcessAndNoDescriptor() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.withDifficultName();
                UserManager systemd = UserManager.start(home)) {
            AppDirectories directories = AppDirectories.linux(systemd.environment(), home.path());
            LocalProcessRunner programs = new LocalProcessRunner(systemd.environment());
            ServiceManager manager =
                    new SystemdServiceManager(programs, systemd.environment(), directories, new ProcProcesses());
            Probe probe = new Probe(Duration.ofSeconds(2));
            ServiceControl serviceControl = new ServiceControl(
                    manager,
                    new ServiceDefinitionFactory(directories),
                    new InteractiveLoginShell(programs, systemd.environment(), directories, InstantSource.system()),
                    probe,
                    new EndpointIdentityCheck(new ProcListeners(), probe, directories),
                    new StoppedByUser(directories, manager::startedAt, InstantSource.system()),
                    List::of,
                    InstantSource.system(),
                    Duration.ofMillis(10));
            Manifest manifest = ServiceControlTest.manifest(
                    "cycle",
                    Path.of("/usr/bin/sleep"),
                    List.of("98765"),
                    Map.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty());
            cycle(serviceControl, manifest);
            List<String> files = files(home.path());
            long mine = descriptors(ProcessHandle.current().pid());
            long theManagers = descriptors(systemd.pid());
            long children = ProcessHandle.current().descendants().count();
            for (int i = 0; i < CYCLES; i++) {
                cycle(serviceControl, manifest);
            }
            assertThat(files(home.path())).containsExactlyElementsOf(files);
            assertThat(files).noneMatch(file -> file.contains("lamplighter-cycle"));
            assertThat(ProcessHandle.current().descendants().count()).isEqualTo(children);
            assertThat(ProcessHandle.allProcesses()
                            .filter(process ->
                                    process.info().commandLine().orElse("").endsWith("sleep 98765")))
                    .isEmpty();
            // The collector and the JIT open and close some of their own.
            assertThat(descriptors(ProcessHandle.current().pid())).isLessThanOrEqualTo(mine + 3);
            assertThat(descriptors(systemd.pid())).isLessThanOrEqualTo(theManagers + 3);
            assertThat(systemd.systemctl("list-units", "--all", "--no-legend", "lamplighter-*")
                            .out())
                    .isEmpty();
        }
    }

    private static void cycle(ServiceControl serviceControl, Manifest manifest) {
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.stop(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.start(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.uninstall(manifest)).isInstanceOf(ServiceOutcome.Done.class);
    }

    /// Every file, link and folder; of a link, whether it leads anywhere is not asked.
    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private static long descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        }
    }
}
