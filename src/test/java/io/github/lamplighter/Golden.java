package io.github.lamplighter;

import io.github.lamplighter.harness.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;

/// Texts as people read them, against files that people have read: `src/test/resources/golden/NAME.txt`. What differs
/// from run to run has a placeholder of the same place in its line. A text that is not as its file says is left in
/// `target/golden`, to be read and copied when it is better.
final class Golden {

    private static final Path FILES = Installed.CHECKOUT.resolve("src/test/resources/golden");
    private static final Path LEFT = Installed.CHECKOUT.resolve("target/golden");

    private final Map<String, String> placeholders;

    /// @param placeholders what is different each time, and what stands for it
    Golden(Map<String, String> placeholders) {
        this.placeholders = placeholders;
    }

    Golden with(String changing, String placeholder) {
        Map<String, String> more = new HashMap<>(placeholders);
        more.put(changing, placeholder);
        return new Golden(more);
    }

    void holds(SoftAssertions softly, String name, String text) {
        String said = steady(text);
        try {
            Files.createDirectories(LEFT);
            Files.writeString(LEFT.resolve(name + ".txt"), said);
            Path file = FILES.resolve(name + ".txt");
            softly.assertThat(said).as(file.toString()).isEqualTo(Files.exists(file) ? Files.readString(file) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String steady(String text) {
        String result = text;
        List<String> longestFirst = placeholders.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String each : longestFirst) {
            result = result.replace(each, placeholders.getOrDefault(each, ""));
        }
        return result.lines()
                .map(line -> line.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)", "TIME")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d(:\\d\\d)?", "TIME")
                        .replaceAll("published \\d+ [A-Z][a-z]{2} \\d{4}", "published DAY")
                        .replaceAll("Node \\d+\\.\\d+\\.\\d+", "Node NUMBER")
                        .replaceAll("\\bpid \\d+", "pid PID")
                        .replaceAll("\\b\\d+(\\.\\d)? s\\b", "N s")
                        .replaceAll("\\b\\d+ ms\\b", "N ms"))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
