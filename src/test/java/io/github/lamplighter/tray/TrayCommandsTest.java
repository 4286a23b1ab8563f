package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrayCommandsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path home;

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean runs;

    /// proc_pid_stat(5): the 19th field, counted behind the name in parentheses as the 17th.
    @Test
    void theDoctorInTheBackgroundHasALowPriority() throws Exception {
        Path seen = home.resolve("seen");
        CountDownLatch done = new CountDownLatch(1);
        commands("cat /proc/$$/stat > '%s'\necho \"$@\" >> '%s'".formatted(seen, seen))
                .doctor(List.of("--offline"), done::countDown);
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(seen);
        String[] fields = lines.getFirst().replaceFirst("^.*\\) ", "").split(" ");
        assertThat(fields[16]).as("its nice value").isEqualTo("10");
        assertThat(lines.getLast()).isEqualTo("doctor --background --offline");
    }

    /// To start the window's command takes several times as long.
    @Test
    void aWindowThatRunsIsAskedDirectly() throws Exception {
        Path started = home.resolve("started");
        TrayCommands commands = commands("echo \"$@\" >> '%s'".formatted(started));

        runs = true;
        commands.window(MenuAction.OpenWindow.asking("restart", "alpha"), Optional.empty(), failures::add);
        assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("alpha restart");

        runs = false;
        commands.window(MenuAction.OpenWindow.asking("restart", "alpha"), Optional.empty(), failures::add);
        Await.until(LIMIT, () -> Files.exists(started) && Files.size(started) > 0);
        assertThat(started).content().isEqualTo("window alpha --ask restart\n");
        Files.delete(started);

        runs = true;
        asked.clear();
        commands.window(MenuAction.OpenWindow.checking("alpha"), Optional.empty(), failures::add);
        Await.until(LIMIT, () -> Files.exists(started) && Files.size(started) > 0);
        assertThat(started).as("the command starts the check").content().isEqualTo("window alpha --check\n");
        assertThat(asked).isEmpty();
        assertThat(failures).isEmpty();
    }

    private TrayCommands commands(String script) throws IOException {
        Path launcher = home.resolve("lamplighter");
        Files.writeString(launcher, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
        return new TrayCommands(
                new LocalProcessRunner(environment),
                List.of(launcher.toString()),
                AppDirectories.linux(environment, home),
                new RunningWindow() {
                    @Override
                    public boolean isOpen() {
                        return runs;
                    }

                    @Override
                    public boolean show(Optional<String> tool, Optional<String> ask) {
                        return runs && asked.add(tool.orElse("-") + " " + ask.orElse("-"));
                    }
                });
    }
}
