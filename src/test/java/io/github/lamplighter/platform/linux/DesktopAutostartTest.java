package io.github.lamplighter.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DesktopAutostartTest {

    @TempDir
    private Path home;

    private Autostart autostart;
    private Path program;
    private Path file;

    @BeforeEach
    void make() throws Exception {
        program = home.resolve("my $lamp \"50%\"");
        Files.createFile(program);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        autostart = new DesktopAutostart(
                AppDirectories.linux(Map.of(), home), "x.Lamp", Map.of(), List.of(program.toString()));
        file = home.resolve(".config/autostart/x.Lamp.desktop");
    }

    @Test
    void onAndOffAreWhatTheFileSays() throws Exception {
        assertThat(autostart.state().on()).isFalse();
        assertThat(autostart.off()).isInstanceOf(Autostart.Change.Already.class);
        assertThat(autostart.on()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(autostart.on()).isInstanceOf(Autostart.Change.Already.class);
        assertThat(autostart.state().on()).isTrue();
        assertThat(file).content().contains("lamp \\\\\"50%%\\\\\"\" \"tray\"").contains("\\\\$lamp");
        assertThat(autostart.off()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void aDesktopThatMayNotReadTheEntryIsNamed() {
        assertThat(words(Map.of("XDG_CURRENT_DESKTOP", "sway", "WAYLAND_DISPLAY", "wayland-1")))
                .startsWith("The tray icon starts at login, but only if sway starts the programs in")
                .endsWith(" tray` to its settings.");
        assertThat(words(Map.of("DISPLAY", ":0"))).contains("only if your desktop starts");
        assertThat(words(Map.of("XDG_CURRENT_DESKTOP", "ubuntu:GNOME", "DISPLAY", ":0")))
                .isEqualTo("The tray icon starts at login.");
        assertThat(words(Map.of())).as("outside of a session").isEqualTo("The tray icon starts at login.");
    }

    private String words(Map<String, String> environment) {
        Autostart here = new DesktopAutostart(
                AppDirectories.linux(Map.of(), home), "x.Lamp", environment, List.of(program.toString()));
        String told = here.on().reason();
        assertThat(here.state().words()).isEqualTo(told);
        return told;
    }

    @Test
    void theDesktopsOwnSwitchCounts() throws Exception {
        autostart.on();
        Files.writeString(file, Files.readString(file) + "Hidden=true\n");
        assertThat(autostart.state().on()).isFalse();
        assertThat(autostart.on()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(autostart.state().on()).isTrue();
        Files.writeString(file, Files.readString(file) + "X-GNOME-Autostart-enabled=false\n");
        assertThat(autostart.state().on()).isFalse();
    }

    @Test
    void aProgramThatIsGoneIsNotOn() throws Exception {
        autostart.on();
        Files.delete(program);
        assertThat(autostart.state().on()).isFalse();
    }

    @Test
    void aFileOfSomebodyElseIsLeftAlone() throws Exception {
        Files.createDirectories(home.resolve(".config/autostart"));
        Files.writeString(file, "[Desktop Entry]\nExec=mine\n");
        assertThat(autostart.on()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(autostart.off()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(autostart.state().on()).isFalse();
        assertThat(file).content().contains("Exec=mine");
    }

    @Test
    void anEntryOfAnotherInstallationIsNamedAndReplaced() throws Exception {
        Path installed = home.resolve("installed");
        Files.createFile(installed);
        assertThat(installed.toFile().setExecutable(true)).isTrue();
        autostart.on();
        Autostart other = new DesktopAutostart(
                AppDirectories.linux(Map.of(), home), "x.Lamp", Map.of(), List.of(installed.toString()));
        assertThat(other.state().on()).isTrue();
        assertThat(other.state().words()).contains("another installation", "~/my $lamp", "`lamplighter autostart on`");
        assertThat(other.on()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(file).content().contains("TryExec=" + installed + "\n");
        assertThat(other.state().words()).isEqualTo("The tray icon starts at login.");
    }
}
