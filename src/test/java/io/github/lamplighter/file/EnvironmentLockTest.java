package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.EnvironmentLock.Busy;
import io.github.lamplighter.file.EnvironmentLock.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentLockTest {

    @TempDir
    private Path home;

    private Path environment;
    private EnvironmentLock locks;

    @BeforeEach
    void place() throws IOException {
        environment = Files.createDirectories(home.resolve("tools/x"));
        locks = new EnvironmentLock(AppDirectories.linux(Map.of(), home));
    }

    @Test
    void theSecondAttemptIsToldTheHolder() throws IOException {
        try (Held held = (Held) locks.take(environment, "Upgrading x to 1.1.0")) {
            assertThat(held).isNotNull();
            Path link = Files.createSymbolicLink(home.resolve("link"), environment);
            assertThat(locks.take(link, "Checking x")).isEqualTo(new Busy("Upgrading x to 1.1.0"));
            assertThat(locks.take(home, "Checking y")).isInstanceOfSatisfying(Held.class, Held::close);
            // The try above must not have let go of the kernel's lock.
            assertThat(takenByAnotherProcess()).isFalse();
        }
        assertThat(takenByAnotherProcess()).isTrue();
        assertThat(locks.take(environment, "Checking x")).isInstanceOfSatisfying(Held.class, Held::close);
    }

    @Test
    void theLockIsReleasedWhenItsHolderIsKilled() throws Exception {
        Process other = other("hold");
        assertThat(Objects.requireNonNull(other.inputReader().readLine())).isEqualTo("held");
        assertThat(locks.take(environment, "Checking x")).isEqualTo(new Busy("the other"));

        other.destroyForcibly();
        assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(locks.take(environment, "Checking x")).isInstanceOfSatisfying(Held.class, Held::close);
    }

    private boolean takenByAnotherProcess() throws IOException {
        Process other = other("try");
        String said = Objects.requireNonNull(other.inputReader().readLine());
        other.onExit().join();
        return said.equals("held");
    }

    private Process other(String what) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")) + ":"
                                + location(EnvironmentLock.class) + ":" + location(EnvironmentLockTest.class),
                        Other.class.getName(),
                        home.toString(),
                        environment.toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String location(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws Exception {
            EnvironmentLock locks = new EnvironmentLock(AppDirectories.linux(Map.of(), Path.of(arguments[0])));
            System.out.println(locks.take(Path.of(arguments[1]), "the other") instanceof Held ? "held" : "busy");
            if (arguments[2].equals("hold")) {
                System.in.read();
                Thread.sleep(60_000);
            }
        }
    }
}
