package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Hostile;
import io.github.lamplighter.service.ServiceDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AgentPlistRendererTest {

    /// Debian's libplist-utils have plistutil, which shares no line with what wrote the file; Python's plistlib is
    /// the third reader.
    static boolean hasPython() {
        return Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @Test
    @EnabledIf("hasPython")
    void thousandsOfHostileValuesAreReadBackTheSame(@TempDir Path folder) throws Exception {
        Random random = new Random(20261124);
        List<String> argv = new ArrayList<>(List.of("/bin/x y"));
        argv.addAll(Hostile.VALUES);
        Map<String, String> environment = new TreeMap<>();
        for (int i = 0; i < 4000; i++) {
            argv.add(Hostile.value(random));
            environment.put("V" + i, Hostile.value(random));
        }
        String text = AgentPlistRenderer.render(
                definition(argv, environment), "io.github.lamplighter.x", argv, Path.of("/l & l.log"), false);
        Path file = Files.writeString(folder.resolve("x.plist"), text);

        PlistReader ours = PlistReader.parse(text).orElseThrow();
        assertThat(ours.argv()).isEqualTo(argv);

        same(json(folder, file), argv, environment);
        Path plistutil = Path.of("/usr/bin/plistutil");
        if (Files.isExecutable(plistutil)) {
            Path binary = folder.resolve("binary.plist");
            Child.run(
                            Map.of(),
                            Duration.ofSeconds(30),
                            plistutil.toString(),
                            "-i",
                            file.toString(),
                            "-o",
                            binary.toString())
                    .well();
            assertThat(Files.readAllBytes(binary))
                    .startsWith("bplist".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            same(json(folder, binary), argv, environment);
        }
    }

    private static void same(JsonNode read, List<String> argv, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>();
        read.path("ProgramArguments").forEach(node -> arguments.add(node.stringValue()));
        assertThat(arguments).isEqualTo(argv);
        environment.forEach((name, value) -> assertThat(
                        read.path("EnvironmentVariables").path(name).stringValue())
                .isEqualTo(value));
        assertThat(read.path("EnvironmentVariables").size()).isEqualTo(environment.size() + 1);
    }

    private static JsonNode json(Path folder, Path file) throws Exception {
        Path json = folder.resolve("read.json");
        Child.run(
                        Map.of("LC_ALL", "C.UTF-8"),
                        Duration.ofSeconds(30),
                        "/usr/bin/python3",
                        "-c",
                        "import json,plistlib,sys; json.dump(plistlib.load(open(sys.argv[1],'rb')),"
                                + " open(sys.argv[2],'w'))",
                        file.toString(),
                        json.toString())
                .well();
        return JsonFile.MAPPER.readTree(Files.readString(json));
    }

    @Test
    void theFileSaysWhatTheAgentIs() {
        String text = AgentPlistRenderer.render(
                definition(List.of("/bin/x", "serve"), Map.of("A", "1")),
                "io.github.lamplighter.x",
                List.of("/bin/x", "serve"),
                Path.of("/h/Library/Logs/Lamplighter/x.log"),
                false);
        PlistReader list = PlistReader.parse(text).orElseThrow();
        assertThat(list.values())
                .containsEntry("Label", "io.github.lamplighter.x")
                .containsEntry("ProgramArguments", List.of("/bin/x", "serve"))
                .containsEntry("EnvironmentVariables", Map.of("A", "1", "PATH", "/usr/bin"))
                .containsEntry("RunAtLoad", true)
                .containsEntry("KeepAlive", Map.of("SuccessfulExit", false))
                .containsEntry("ThrottleInterval", "5")
                .containsEntry("ExitTimeOut", "17")
                .containsEntry("WorkingDirectory", "/w")
                .containsEntry("StandardOutPath", "/h/Library/Logs/Lamplighter/x.log")
                .containsEntry("StandardErrorPath", "/h/Library/Logs/Lamplighter/x.log")
                .containsKey("ProcessType")
                .doesNotContainKey("LimitLoadToSessionType");
        assertThat(AgentPlistRenderer.isOurs(text)).isTrue();
        assertThat(AgentPlistRenderer.isChangedByHand(text)).isFalse();
        assertThat(AgentPlistRenderer.isChangedByHand(text.replace("serve", "serve2")))
                .isTrue();
        assertThat(AgentPlistRenderer.isChangedByHand(text + "\n")).isTrue();
    }

    @Test
    void aFileThatNamesOthersFetchesNothing() {
        assertThat(PlistReader.parse("<!DOCTYPE plist [<!ENTITY x SYSTEM"
                        + " \"file:///etc/passwd\">]><plist><dict><key>Label</key><string>&x;</string></dict></plist>"))
                .satisfies(read -> assertThat(
                                read.flatMap(list -> list.text("Label")).orElse(""))
                        .doesNotContain("root"));
        assertThat(PlistReader.parse("bplist00")).isEmpty();
        assertThat(PlistReader.parse("<plist><dict><key>a</key>")).isEmpty();
    }

    private static ServiceDefinition definition(List<String> argv, Map<String, String> environment) {
        return new ServiceDefinition(
                "x", "x", argv, environment, "/usr/bin", Path.of("/w"), Optional.empty(), Optional.empty(), 17);
    }
}
