package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent's file, without launchd. It was not run on a Mac.
class TrayAgentTest {

    @TempDir
    private Path home;

    @Test
    void itsFileStartsTheIconAtTheNextLoginAndIsRemoved() throws Exception {
        Path launcher = Files.writeString(home.resolve("lamplighter"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        TrayAgent agent = agent(launcher);

        assertThat(agent.on()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(agent.on()).isInstanceOf(Autostart.Change.Already.class);
        assertThat(agent.state().on()).isTrue();
        assertThat(agent.state().file())
                .content()
                .contains("<string>Aqua</string>", launcher.toString(), "exec \"$0\" tray");

        assertThat(agent.off()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(agent.state().on()).isFalse();
        assertThat(agent.off()).isInstanceOf(Autostart.Change.Already.class);
    }

    @Test
    void theFileOfSomeoneElseStays() throws Exception {
        TrayAgent agent = agent(home.resolve("lamplighter"));
        Path file = agent.state().file();
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<plist/>");

        assertThat(agent.off()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(agent.on()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(file).content().isEqualTo("<plist/>");
    }

    private TrayAgent agent(Path launcher) {
        Map<String, String> environment = Map.of("PATH", "/nowhere", "HOME", home.toString());
        return new TrayAgent(
                new LocalProcessRunner(environment),
                environment,
                AppDirectories.macos(environment, home),
                List.of(launcher.toString()));
    }
}
