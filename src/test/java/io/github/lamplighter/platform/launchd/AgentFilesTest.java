package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest.Install;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agents of somebody else are found by their program.
class AgentFilesTest {

    @TempDir
    Path home;

    @Test
    void anAgentOfSomebodyElseIsFoundByItsProgram() throws IOException {
        home = home.toRealPath();
        Path folder = Files.createDirectories(home.resolve("Library/LaunchAgents"));
        Path program = Files.writeString(
                Files.createDirectories(home.resolve("env/bin")).resolve("lamp"), "#!/bin/sh\n");
        Install install =
                new Install(InstallerKind.UV, "lamp", home.resolve("env"), program, Optional.empty(), Map.of());
        agent(folder, "com.lamp", program.toString());
        agent(folder, "com.other", "/usr/bin/true");
        Files.write(folder.resolve("com.binary.plist"), new byte[] {'b', 'p', 'l', (byte) 0xff, 0});
        Files.writeString(
                folder.resolve("io.github.lamplighter.lamp.plist"),
                Files.readString(folder.resolve("com.lamp.plist"))
                        .replace("<plist", "<!-- Written by Lamplighter. -->\n<plist"));
        assertThat(new AgentFiles(folder).of(install)).singleElement().satisfies(unit -> {
            assertThat(unit.unit()).isEqualTo("com.lamp");
            assertThat(unit.arguments()).containsExactly("serve", "a & b");
            assertThat(unit.environment()).isEqualTo(Map.of("MODE", "quiet"));
            assertThat(unit.directory()).contains(Path.of("/srv"));
            assertThat(unit.obstacle()).isPresent();
            assertThat(unit.isOfTheSystem()).isFalse();
        });
        assertThat(new AgentFiles(home.resolve("nowhere")).of(install)).isEmpty();
    }

    private static void agent(Path folder, String label, String program) throws IOException {
        Files.writeString(folder.resolve(label + ".plist"), """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0"><dict>
              <key>Label</key><string>%s</string>
              <key>ProgramArguments</key><array><string>%s</string><string>serve</string><string>a &amp; b</string></array>
              <key>EnvironmentVariables</key><dict><key>PATH</key><string>/usr/bin</string><key>MODE</key><string>quiet</string></dict>
              <key>WorkingDirectory</key><string>/srv</string>
            </dict></plist>
            """.formatted(label, program));
    }
}
