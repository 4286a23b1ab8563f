package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrayPanelCheckTest {

    @TempDir
    Path home;

    @Test
    void gnomeCanBeAskedAndHasAPackage() {
        TrayPanel ubuntu = TrayPanel.missing("ubuntu:GNOME");
        assertThat(ubuntu.canBeAsked()).isTrue();
        assertThat(ubuntu.distributionPackage()).contains("gnome-shell-extension-appindicator");
        assertThat(TrayPanel.missing("XFCE").canBeAsked()).isFalse();
        assertThat(TrayPanel.missing("").needs()).isNotEmpty();
    }

    @Test
    void whatTheTrayWroteCountsWhileItIsRunning() throws IOException {
        TrayPanelFile file = new TrayPanelFile(AppDirectories.linux(Map.of(), home));
        assertThat(file.read()).isEmpty();
        TrayPanel missing = TrayPanel.missing("GNOME");
        file.write(missing, ProcessHandle.current().pid());
        assertThat(file.read()).contains(missing);
        file.write(missing, 0);
        assertThat(file.read()).as("a process that is gone").isEmpty();
    }
}
