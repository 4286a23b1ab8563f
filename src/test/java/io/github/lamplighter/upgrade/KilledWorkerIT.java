package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `kill -9` of a real worker in each of its steps, with a real virtual environment, git, pip and service
/// manager.
@WithHome(inOneProcess = true)
@Tag("slow")
class KilledWorkerIT {

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static Installed lamplighter;

    private static Journals journals;
    private static Path venv;
    private static int port;

    @BeforeAll
    static void aServiceFromAGitTag() throws IOException {
        GitRepository repository = GitRepository.lampClock(home);
        venv = home.resolve("clock");
        Path program = repository.installedIn(venv, "v1.0.0");
        journals = new Journals(AppDirectories.linux(home.environment(), home.path()));
        port = Ports.free();
        lamplighter.addClock(program, port);
        well("service", "install", "lamp-clock", "--yes");
        assertThat(served()).contains("1.0.0");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"ROLLBACK", "COPY_DATA", "DOWNLOAD", "HAND_OVER"},
            mode = EnumSource.Mode.EXCLUDE)
    void recoveryAfterAKillInThisStepLeavesAWorkingTool(Step step) throws IOException {
        String id = "killed-" + step.word();
        Path journal = journals.of("lamp-clock", id);
        try (Child worker = lamplighter.start("upgrade-worker", "lamp-clock", "--transaction", id, "--to", "1.1.0")) {
            Await.until(
                    step + " begins",
                    Duration.ofMinutes(2),
                    () -> CommitAndRollback.began(journals.entries(journal), step));
            worker.process().destroyForcibly();
            worker.end(Duration.ofSeconds(20));
        }
        assertThat(venv.resolve("pyvenv.cfg")).as("before recovery").exists();

        well("recover");
        String version = served();
        assertThat(version).containsAnyOf("1.0.0", "1.1.0");
        assertThat(Child.run(
                                home.environment(),
                                Duration.ofSeconds(20),
                                venv.resolve("bin/python").toString(),
                                "-c",
                                "import importlib.metadata as m; print(m.version('lamp-clock'))")
                        .well()
                        .out()
                        .strip())
                .isSubstringOf(version);
        assertThat(journals.open()).isEmpty();
        assertThat(home.resolve(".config/systemd/user/lamplighter-recover.service"))
                .doesNotExist();
        assertThat(children(home.resolve(".lamplighter/clock/stages"))).isEmpty();
        if (version.contains("1.1.0")) {
            assertThat(step).isEqualTo(Step.COMMIT);
            well("rollback", "lamp-clock", "--yes");
            assertThat(served()).contains("1.0.0");
        }
    }

    /// Nobody is left who could run a command; the user manager is.
    @Test
    void aServiceIsNotDownForLongWhenWorkerAndTerminalAreKilledTogether() throws IOException {
        Path folder = journals.of("lamp-clock", "any").getParent();
        List<Path> before = children(folder);
        try (Child terminal = lamplighter.start("upgrade", "lamp-clock", "--to", "1.1.0", "--yes")) {
            Await.until(
                    "the service is stopped",
                    Duration.ofMinutes(2),
                    () -> newest(folder, before)
                            .filter(journal -> CommitAndRollback.began(journals.entries(journal), Step.COPY_DATA))
                            .isPresent());
            long worker = journals.transaction(newest(folder, before).orElseThrow())
                    .orElseThrow()
                    .worker();
            ProcessHandle.of(worker).ifPresent(ProcessHandle::destroyForcibly);
            terminal.process().destroyForcibly();
            terminal.end(Duration.ofSeconds(20));
        }
        Path journal = newest(folder, before).orElseThrow();
        Await.until("the recovery", Duration.ofMinutes(1), () -> journals.open().isEmpty());
        assertThat(journals.transaction(journal)
                        .orElseThrow()
                        .ended()
                        .orElseThrow()
                        .reason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("was interrupted"));
        assertThat(served()).contains("1.0.0");
    }

    /// A running upgrade has a file beside its journal, which reserves space.
    private static Optional<Path> newest(Path folder, List<Path> before) {
        try {
            return children(folder).stream()
                    .filter(file -> file.toString().endsWith(".jsonl") && !before.contains(file))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Being asked to end is a wish to cancel: the worker itself puts the old version back.
    @Test
    void sigtermAfterTheSwitchRollsBack() {
        String id = "cancelled";
        Path journal = journals.of("lamp-clock", id);
        try (Child worker = lamplighter.start("upgrade-worker", "lamp-clock", "--transaction", id, "--to", "1.1.0")) {
            Await.until(
                    "the new version starts",
                    Duration.ofMinutes(2),
                    () -> CommitAndRollback.began(journals.entries(journal), Step.START));
            worker.process().destroy();
            worker.end(Duration.ofMinutes(1));
        }
        assertThat(journals.transaction(journal)
                        .flatMap(Journals.Transaction::ended)
                        .map(UpgradeOutcome::result))
                .contains(UpgradeOutcome.Result.ROLLED_BACK);
        assertThat(served()).contains("1.0.0");
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static void well(String... words) {
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(2), words);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
    }

    private static String served() {
        try (var in =
                URI.create("http://127.0.0.1:" + port + "/version").toURL().openStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("nobody answers on port " + port, e);
        }
    }
}
