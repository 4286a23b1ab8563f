package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole command line as it is put together: each verb and option is explained, stands in the manual page, and what
/// it prints for programs stands in the schema.
class CommandLineTest {

    /// They stand once, for all verbs.
    private static final Set<String> EVERYWHERE = Set.of("--help");

    @TempDir
    Path home;

    private Map<String, CommandSpec> verbs;

    @BeforeEach
    void allVerbs() {
        Map<String, String> environment = Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin");
        ProcessEnvironment host = new ProcessEnvironment(
                environment,
                home,
                "ada",
                false,
                AppDirectories.linux(environment, home),
                InstantSource.system(),
                () -> ZoneOffset.UTC,
                Optional.of(""),
                false,
                List.of("lamplighter"),
                Path.of("java"),
                "25",
                "Linux");
        verbs = below(new CompositionRoot(host).commandLine(List.of()), "");
    }

    @Test
    void everyVerbOptionAndParameterIsExplained() {
        verbs.forEach((verb, spec) -> {
            assertThat(spec.usageMessage().description()).as(verb).isNotEmpty();
            spec.args().stream()
                    .filter(arg -> !arg.hidden())
                    .forEach(arg -> assertThat(arg.description())
                            .as(verb + " " + arg.paramLabel())
                            .isNotEmpty());
            for (String line : spec.commandLine().getUsageMessage().lines().toList()) {
                assertThat(line.length()).as(line).isLessThanOrEqualTo(80);
            }
        });
    }

    @Test
    void theManualPageKnowsTheSameVerbsAndOptions() throws IOException {
        Map<String, Set<String>> told = manual();
        assertThat(told.keySet()).containsExactlyInAnyOrderElementsOf(verbs.keySet());
        verbs.forEach((verb, spec) -> {
            Set<String> options = spec.options().stream()
                    .filter(option -> !option.hidden())
                    .map(OptionSpec::longestName)
                    .filter(option -> !EVERYWHERE.contains(option))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(told.get(verb)).as(verb).containsExactlyElementsOf(options);
        });
    }

    @Test
    void everyAnswerForProgramsIsDescribed() throws IOException {
        JsonNode schema = JsonMapper.shared()
                .readTree(Files.readString(Installed.CHECKOUT.resolve("docs/schemas/envelope-1.json")));
        List<String> described = schema.path("allOf")
                .valueStream()
                .map(rule -> rule.path("if").path("properties").path("command"))
                .flatMap(command -> Stream.concat(
                        command.path("enum").valueStream().map(JsonNode::asString),
                        Stream.of(command.path("const").asString(""))))
                .filter(verb -> !verb.isEmpty())
                .toList();
        // The short forms answer as the long ones.
        Set<String> others = Set.of("check", "start", "stop", "restart", "logs");
        List<String> answering = verbs.entrySet().stream()
                .filter(verb -> verb.getValue().findOption("--json") != null)
                .map(Map.Entry::getKey)
                .filter(verb -> !others.contains(verb))
                .toList();
        assertThat(described).doesNotHaveDuplicates().containsAll(answering);
    }

    private static Map<String, CommandSpec> below(CommandLine command, String before) {
        Map<String, CommandSpec> found = new LinkedHashMap<>();
        command.getSubcommands().forEach((name, sub) -> {
            if (sub.getCommandSpec().usageMessage().hidden()) {
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

    /// The verbs of the manual page, each with the options of its first line: `.TP`, then the verbs in
    /// bold, with commas between those that are told together.
    private static Map<String, Set<String>> manual() throws IOException {
        List<String> lines = Files.readAllLines(Installed.CHECKOUT.resolve("packaging/lamplighter.1"));
        int from = lines.indexOf(".SH VERBS");
        int to = lines.indexOf(".SH OPTIONS");
        Map<String, Set<String>> verbs = new LinkedHashMap<>();
        for (int i = from; i < to; i++) {
            if (lines.get(i).equals(".TP")) {
                String heading = lines.get(i + 1).replaceFirst("^\\.B (.*)", "\\\\fB$1\\\\fR");
                Set<String> options = matches("\\\\fB(--[a-z-]+)", heading.replace("\\-", "-"));
                for (String verb : heads(heading)) {
                    verbs.put(verb, options);
                }
            }
        }
        return verbs;
    }

    private static Collection<String> heads(String heading) {
        List<String> heads = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("\\G(?:, )?\\\\fB([a-z][a-z ]*)\\\\fR").matcher(heading);
        while (matcher.find()) {
            // `autostart on` is a verb and its word.
            heads.add(matcher.group(1).replaceFirst(" on$", ""));
        }
        return heads;
    }

    private static Set<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
