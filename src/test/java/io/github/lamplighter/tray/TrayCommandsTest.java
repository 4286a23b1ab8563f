package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrayCommandsTest {

    @TempDir
    Path home;

    /// proc_pid_stat(5): the 19th field, counted behind the name in parentheses as the 17th.
    @Test
    void theDoctorInTheBackgroundHasALowPriority() throws Exception {
        Path seen = home.resolve("seen");
        Path launcher = home.resolve("lamplighter");
        Files.writeString(launcher, "#!/bin/sh\ncat /proc/$$/stat > '%s'\necho \"$@\" >> '%s'\n".formatted(seen, seen));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
        CountDownLatch done = new CountDownLatch(1);
        new TrayCommands(
                        new LocalProcessRunner(environment),
                        List.of(launcher.toString()),
                        AppDirectories.linux(environment, home))
                .doctor(List.of("--offline"), done::countDown);
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(seen);
        String[] fields = lines.getFirst().replaceFirst("^.*\\) ", "").split(" ");
        assertThat(fields[16]).as("its nice value").isEqualTo("10");
        assertThat(lines.getLast()).isEqualTo("doctor --background --offline");
    }
}
