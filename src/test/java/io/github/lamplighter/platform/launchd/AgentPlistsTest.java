package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.tool.Manifest.Install;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Agents of somebody else are found by their program.
class AgentPlistsTest {

    @TempDir
    Path home;

    private Path own;
    private Path shared;
    private Path system;
    private Path program;
    private Install install;

    @BeforeEach
    void aTool() throws IOException {
        Path root = home.toRealPath();
        own = Files.createDirectories(root.resolve("own"));
        shared = Files.createDirectories(root.resolve("shared"));
        system = Files.createDirectories(root.resolve("system"));
        program = Files.writeString(
                Files.createDirectories(root.resolve("env/bin")).resolve("lamp"), "#!/bin/sh\n");
        install = new Install(InstallerKind.UV, "lamp", root.resolve("env"), program, Optional.empty(), Map.of());
    }

    private List<ForeignUnit> found() {
        return new AgentPlists(own, shared, system).of(install);
    }

    @Test
    void anAgentOfSomebodyElseIsFoundByItsProgramAndCanBeSaid() throws IOException {
        agent(
                own,
                "com.lamp",
                "<key>Nice</key><integer>1</integer><key>KeepAlive</key><true/>"
                        + "<key>ExitTimeOut</key><integer>7</integer><key>AbandonProcessGroup</key><true/>");
        agent(own, "com.other", "<key>Program</key><string>/usr/bin/true</string>");
        Files.writeString(
                own.resolve("io.github.lamplighter.lamp.plist"),
                Files.readString(own.resolve("com.lamp.plist"))
                        .replace("<plist", "<!-- Written by Lamplighter. -->\n<plist"));
        assertThat(found()).singleElement().satisfies(unit -> {
            assertThat(unit.unit()).isEqualTo("com.lamp");
            assertThat(unit.arguments()).containsExactly("serve", "a & b");
            assertThat(unit.environment()).isEqualTo(Map.of("MODE", "quiet"));
            assertThat(unit.directory()).contains(Path.of("/srv"));
            assertThat(unit.killMode()).contains("process");
            assertThat(unit.stopTimeoutSeconds()).hasValue(7);
            assertThat(unit.unsupported()).containsExactly("Nice", "KeepAlive for a program that exits with 0");
            assertThat(unit.obstacle()).isEmpty();
            assertThat(unit.isOfTheSystem()).isFalse();
        });
        assertThat(new AgentPlists(home.resolve("a"), home.resolve("b"), home.resolve("c")).of(install))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<key>StartInterval</key><integer>60</integer>|`StartInterval`",
                "<key>Sockets</key><dict><key>L</key><dict/></dict><key>UserName</key><string>x</string>|`Sockets`,"
                        + " `UserName`",
                "<key>MachServices</key><dict><key>a</key><true/></dict>|`MachServices`",
                "<key>WatchPaths</key><array><string>/x</string></array>|`WatchPaths`",
                "<key>StartCalendarInterval</key><dict><key>Hour</key><integer>1</integer></dict>|`StartCalendarInterval`",
                "<key>KeepAlive</key><dict><key>PathState</key><dict><key>/x</key><true/></dict></dict>|`KeepAlive`"
                        + " has conditions",
                "<key>LimitLoadToSessionType</key><array><string>Aqua</string><string>LoginWindow</string></array>|sessions"
                        + " other than",
            })
    void oneThatSaysMoreThanAnAgentOfOursIsNotTakenOver(String more, String reason) throws IOException {
        agent(own, "com.lamp", more);
        assertThat(found())
                .singleElement()
                .satisfies(unit -> assertThat(unit.obstacle())
                        .hasValueSatisfying(why -> assertThat(why).contains(reason)));
    }

    @Test
    void aBinaryFileIsSeenByTheProgramInItAndNotTakenOver() throws IOException {
        String binary = "bplist00\0com.lamp_\0" + program + "\0";
        Files.write(own.resolve("com.lamp.plist"), binary.getBytes(StandardCharsets.ISO_8859_1));
        Files.write(own.resolve("com.other.plist"), new byte[] {'b', 'p', 'l', 'i', 's', 't', (byte) 0xff, 0});
        assertThat(found()).singleElement().satisfies(unit -> {
            assertThat(unit.unit()).isEqualTo("com.lamp");
            assertThat(unit.obstacle())
                    .hasValueSatisfying(why -> assertThat(why).contains("binary", "plutil -convert xml1"));
        });
    }

    @Test
    void whatBelongsToAllUsersOrToTheSystemIsShownAfterTheOwnOnes() throws IOException {
        agent(system, "com.daemon", "");
        agent(shared, "com.shared", "");
        agent(own, "com.own", "");
        assertThat(found()).extracting(ForeignUnit::unit).containsExactly("com.own", "com.shared", "system/com.daemon");
        assertThat(found().get(1).obstacle())
                .hasValueSatisfying(why -> assertThat(why).contains("all users of this Mac", "`sudo mv "));
        assertThat(found().get(2).isOfTheSystem()).isTrue();
    }

    @Test
    void whatIsStartedIsTheProgramWhereOneIsNamedBesideTheArguments() throws IOException {
        agent(own, "com.lamp", "<key>Program</key><string>/usr/bin/true</string>");
        assertThat(found()).isEmpty();
    }

    private void agent(Path folder, String label, String more) throws IOException {
        Files.writeString(folder.resolve(label + ".plist"), """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0"><dict>
              <key>Label</key><string>%s</string>
              <key>ProgramArguments</key><array><string>%s</string><string>serve</string><string>a &amp; b</string></array>
              <key>EnvironmentVariables</key><dict><key>PATH</key><string>/usr/bin</string><key>MODE</key><string>quiet</string></dict>
              <key>WorkingDirectory</key><string>/srv</string>
              %s
            </dict></plist>
            """.formatted(label, program, more));
    }
}
