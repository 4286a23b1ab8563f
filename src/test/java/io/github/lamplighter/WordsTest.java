package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Voice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every text in code and in the window's files keeps the writing style (docs/dev/style.md). `MessagesTest` checks the
/// bundle of findings, `CommandLineTest` the help.
class WordsTest {

    /// Packages whose texts do not keep all rules yet.
    private static final Set<String> NOT_YET = Set.of(
            "app",
            "cli",
            "launchd",
            "linux",
            "process",
            "readiness",
            "release",
            "service",
            "systemd",
            "tool",
            "upgrade",
            "venv");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?:text|promptText|accessibleText)=\"([^\"]*)\"");

    /// A sentence without its subject: nobody knows what *it* is where a sentence stands alone.
    private static final Pattern IT = Pattern.compile("(?:It|They) [a-z].*\\.");

    /// Patterns and words of other programs that are looked for.
    private static final Pattern QUOTED = Pattern.compile("npm \\(\\?:error\\|ERR!|\\(\\?");

    @Test
    void everyTextInCodeKeepsTheWritingStyle() throws IOException {
        assertThat(faults("src/main/java", ".java", LITERAL)).isEmpty();
    }

    @Test
    void everyTextOfTheWindowKeepsTheWritingStyle() throws IOException {
        assertThat(faults("src/main/resources", ".fxml", ATTRIBUTE)).isEmpty();
    }

    private static List<String> faults(String folder, String ending, Pattern pattern) throws IOException {
        List<String> faults = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Installed.CHECKOUT.resolve(folder))) {
            for (Path file : files.filter(path -> path.toString().endsWith(ending))
                    .filter(path ->
                            !NOT_YET.contains(path.getParent().getFileName().toString()))
                    .toList()) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    String where = file.getParent().getFileName() + "/" + file.getFileName() + ":" + (i + 1);
                    texts(lines.get(i), pattern)
                            .forEach(text -> Stream.concat(
                                            Voice.faults(text).stream(),
                                            IT.matcher(text).matches()
                                                    ? Stream.of("names no subject: " + text)
                                                    : Stream.of())
                                    .forEach(fault -> faults.add(where + ": " + fault)));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return faults;
    }

    /// The literals of a line of code. One with a space in it is text; a single word is a key, or the contract's.
    private static List<String> texts(String line, Pattern pattern) {
        if (line.strip().startsWith("//")) {
            return List.of();
        }
        Matcher literal = pattern.matcher(line);
        return literal.results()
                .map(found -> found.group(1))
                .filter(text -> text.strip().contains(" "))
                .filter(text -> !QUOTED.matcher(text).find())
                .toList();
    }
}
