package io.github.lamplighter.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DesktopOpenerTest {

    @TempDir
    private Path folder;

    @Test
    void theProgramGetsTheWholePathAsOneArgument() throws IOException {
        opens("printf '%s\\n' \"$#\" \"$1\" > \"$0.seen\"");
        assertThat(opener().open("/home/ada/my tools/a.json")).isEmpty();
        assertThat(folder.resolve("xdg-open.seen")).hasContent("1\n/home/ada/my tools/a.json");
    }

    /// As on a desktop without a program for the file.
    @Test
    void aFailureIsReported() throws IOException {
        opens("exit 3");
        assertThat(opener().open("/home/ada/a.json")).contains("xdg-open failed (exit code 3).");
    }

    @Test
    void aProgramThatGoesOnHasOpenedIt() throws IOException {
        opens("echo $$ > \"$0.new\"; mv \"$0.new\" \"$0.pid\"; exec sleep 60");
        Path pid = folder.resolve("xdg-open.pid");
        try {
            assertThat(new LocalProcessRunner(environment())
                            .launch(List.of(folder.resolve("xdg-open").toString()), Duration.ofMillis(300)))
                    .isEmpty();
            Await.until("it runs", Duration.ofSeconds(10), () -> Files.exists(pid));
            assertThat(process(pid).isAlive()).as("it outlives the caller").isTrue();
        } finally {
            process(pid).destroyForcibly();
        }
    }

    @Test
    void aMachineWithoutADesktopSaysSo() {
        assertThat(opener().open("http://127.0.0.1/")).contains("xdg-open is not installed.");
    }

    private static ProcessHandle process(Path pid) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private DesktopOpener opener() {
        return new DesktopOpener(new LocalProcessRunner(environment()));
    }

    private Map<String, String> environment() {
        return Map.of("PATH", folder.toString());
    }

    private void opens(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("xdg-open"), "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
