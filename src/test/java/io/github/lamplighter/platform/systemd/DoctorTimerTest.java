package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The timer without a service manager; `UnitFileRendererTest` has one with a manager.
class DoctorTimerTest {

    private static final String NAME = "io.github.lamplighter.doctor";

    @TempDir
    private Path home;

    @Test
    void itsFilesAreRemovedWithoutAServiceManager() throws Exception {
        Path folder = Files.createDirectories(home.resolve(".config/systemd/user"));
        Path wants = Files.createDirectories(folder.resolve("timers.target.wants"));
        for (String unit : List.of(NAME + ".timer", NAME + ".service")) {
            Files.writeString(folder.resolve(unit), "# Written by Lamplighter.\n[Unit]\n");
        }
        Files.createSymbolicLink(wants.resolve(NAME + ".timer"), folder.resolve(NAME + ".timer"));
        assertThat(timer().off()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(wants).isEmptyDirectory();
        assertThat(folder).isDirectoryNotContaining("glob:**/io.*");
        assertThat(timer().off()).isInstanceOf(Autostart.Change.Already.class);
    }

    @Test
    void theFilesOfSomeoneElseStay() throws Exception {
        Path unit =
                Files.createDirectories(home.resolve(".config/systemd/user")).resolve(NAME + ".timer");
        Files.writeString(unit, "[Timer]\nOnCalendar=daily\n");
        assertThat(timer().state().words()).contains("was not created by Lamplighter");
        assertThat(timer().off()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(unit).exists();
    }

    private DoctorTimer timer() {
        Map<String, String> environment = Map.of("PATH", "/nowhere");
        return new DoctorTimer(
                new LocalProcessRunner(environment),
                environment,
                AppDirectories.linux(environment, home),
                () -> new io.github.lamplighter.service.LoginShell.Answer.Found("/usr/bin", List.of()),
                () -> "6h",
                List.of("/usr/bin/lamplighter"));
    }
}
