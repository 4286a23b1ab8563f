package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// How soon a listener knows that a service died, against asking `systemctl` from time to time. Prints the
/// table of `docs/dev/benchmarks.md`.
@Tag("long")
@EnabledIf("isPossible")
class WatchLatencyIT {

    private static final int ROUNDS = 60;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static boolean isPossible() {
        return UserManager.isPossible();
    }

    @Test
    void eachDeathIsHeardAndHowSoonIsPrinted() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager systemd = UserManager.start(home)) {
            Path units = Files.createDirectories(home.resolve(".config/systemd/user"));
            Files.writeString(units.resolve("lamp.service"), "[Service]\nExecStart=/bin/sleep 1000\n");
            SystemdServiceManager manager = new SystemdServiceManager(
                    new LocalProcessRunner(systemd.environment()),
                    systemd.environment(),
                    AppDirectories.linux(systemd.environment(), home.path()),
                    new ProcProcesses());
            List<Long> heard = new ArrayList<>();
            List<Long> known = new ArrayList<>();
            BlockingQueue<Long> told = new LinkedBlockingQueue<>();
            try (AutoCloseable _ = manager.watch(List.of("lamp.service"), _ -> told.add(System.nanoTime()))) {
                assertThat(told.poll(10, TimeUnit.SECONDS)).as("it listens").isNotNull();
                for (int i = 0; i < ROUNDS; i++) {
                    ProcessHandle lamp = started(manager);
                    Await.until("it is quiet", LIMIT, () -> told.poll(300, TimeUnit.MILLISECONDS) == null);
                    long died = System.nanoTime();
                    lamp.destroyForcibly();
                    Long at = told.poll(10, TimeUnit.SECONDS);
                    assertThat(at).as("it was told").isNotNull();
                    heard.add(at - died);
                    Await.until(
                            "and says so",
                            LIMIT,
                            () -> manager.state("lamp.service").phase() == Phase.FAILED);
                    known.add(System.nanoTime() - died);
                }
            }
            List<Long> question = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                long began = System.nanoTime();
                manager.state("lamp.service");
                question.add(System.nanoTime() - began);
            }
            StringBuilder table = new StringBuilder("\n| how | median | 95 % | longest |\n|---|---|---|---|\n");
            row(table, "signals: until the listener is told", heard);
            row(table, "signals: until the new state was read", known);
            for (long pause : new long[] {0, 1000, 5000}) {
                int rounds = pause == 0 ? ROUNDS : (int) (60_000 / pause / 4);
                row(table, "asking `systemctl` every %d ms".formatted(pause), polled(manager, pause, rounds));
            }
            row(table, "(one question)", question);
            System.out.println(table);
        }
    }

    /// The death falls anywhere between two questions, as it does in life.
    private static List<Long> polled(SystemdServiceManager manager, long pause, int rounds) throws Exception {
        List<Long> result = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            ProcessHandle lamp = started(manager);
            TimeUnit.MILLISECONDS.sleep(pause * i / rounds);
            long died = System.nanoTime();
            lamp.destroyForcibly();
            long left = pause - pause * i / rounds;
            do {
                TimeUnit.MILLISECONDS.sleep(left);
                left = pause;
            } while (manager.state("lamp.service").phase() != Phase.FAILED);
            result.add(System.nanoTime() - died);
        }
        return result;
    }

    private static ProcessHandle started(SystemdServiceManager manager) {
        manager.start("lamp.service");
        return ProcessHandle.of(manager.state("lamp.service").pid().orElseThrow())
                .orElseThrow();
    }

    private static void row(StringBuilder table, String name, List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        table.append("| %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        millis(median(sorted)),
                        millis(sorted.get((int) (sorted.size() * 0.95))),
                        millis(sorted.getLast())));
    }

    private static long median(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, nanos < 100_000_000 ? "%.1f ms" : "%.0f ms", nanos / 1e6);
    }
}
