package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Voice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole command line: each command and option has help, and each JSON result is in the schema.
class CommandLineTest {

    @TempDir
    Path home;

    private CommandLine root;
    private Map<String, CommandSpec> commands;

    @BeforeEach
    void allCommands() {
        root = new CompositionRoot(TestHost.at(home)).commandLine(List.of());
        commands = below(root, "");
    }

    @Test
    void everyCommandOptionAndArgumentHasHelp() {
        commands.forEach((name, spec) -> {
            assertThat(spec.usageMessage().header()).as(name).hasSize(1);
            assertThat(spec.usageMessage().header()[0])
                    .as(name)
                    .isNotBlank()
                    .doesNotEndWith(".")
                    .hasSizeLessThanOrEqualTo(60);
            assertThat(spec.usageMessage().footer())
                    .as(name + " has an example")
                    .isNotEmpty();
            spec.args().stream()
                    .filter(arg -> !arg.hidden())
                    .forEach(arg -> assertThat(arg.description())
                            .as(name + " " + arg.paramLabel())
                            .isNotEmpty());
        });
    }

    /// The window and the tray icon read the envelope of each command that they start.
    @Test
    void everyCommandOfAButtonPrintsJson() {
        for (String name : List.of(
                "upgrade",
                "rollback",
                "recover",
                "doctor",
                "add",
                "start",
                "stop",
                "restart",
                "open",
                "tray",
                "ignore",
                "unignore",
                "autostart",
                "settings",
                "service install",
                "service uninstall",
                "service enable",
                "service disable",
                "service adopt")) {
            assertThat(commands).containsKey(name);
            assertThat(commands.get(name).findOption("--json")).as(name).isNotNull();
        }
    }

    @Test
    void helpKeepsTheWritingStyle() {
        commands.forEach((name, spec) -> Stream.concat(
                        Stream.of(
                                spec.usageMessage().header(),
                                spec.usageMessage().description()),
                        spec.args().stream().map(ArgSpec::description))
                .flatMap(Stream::of)
                .forEach(text -> assertThat(Voice.faults(text)).as(name).isEmpty()));
    }

    @Test
    void helpIsAtMostEightyColumnsWide() {
        Stream.concat(Stream.of(root), commands.values().stream().map(CommandSpec::commandLine))
                .flatMap(command -> command.getUsageMessage().lines())
                .forEach(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void everyJsonResultIsInTheSchema() throws IOException {
        JsonNode schema = JsonMapper.shared()
                .readTree(Files.readString(Installed.CHECKOUT.resolve("docs/schemas/envelope-1.json")));
        List<String> described = schema.path("allOf")
                .valueStream()
                .map(rule -> rule.path("if").path("properties").path("command"))
                .flatMap(command -> Stream.concat(
                        command.path("enum").valueStream().map(JsonNode::asString),
                        Stream.of(command.path("const").asString(""))))
                .filter(name -> !name.isEmpty())
                .toList();
        // The short forms have the results of the long ones.
        Set<String> others = Set.of("start", "stop", "restart", "logs");
        List<String> answering = commands.entrySet().stream()
                .filter(name -> name.getValue().findOption("--json") != null)
                .map(Map.Entry::getKey)
                .filter(name -> !others.contains(name))
                .toList();
        assertThat(described).doesNotHaveDuplicates().containsAll(answering);
    }

    private static Map<String, CommandSpec> below(CommandLine command, String before) {
        Map<String, CommandSpec> found = new LinkedHashMap<>();
        command.getSubcommands().forEach((name, sub) -> {
            if (sub.getCommandSpec().usageMessage().hidden()
                    || !sub.getCommandSpec().name().equals(name)) {
                return;
            }
            Map<String, CommandSpec> deeper = below(sub, before + name + " ");
            if (deeper.isEmpty()) {
                found.put(before + name, sub.getCommandSpec());
            }
            found.putAll(deeper);
        });
        return found;
    }
}
