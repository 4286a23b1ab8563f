package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a person reads blames nobody and shouts at nobody (docs/dev/style.md): in the bundles, in the
/// window's files, and in every sentence that is put together in code.
class WordsTest {

    private static final Pattern FORBIDDEN = Pattern.compile(
            "(?i)\\b(?:please|sorry|oops|unable|successfully|drift|provenance|suppressed)\\b|[a-z]!(?:\\s|$)");

    /// Words of other programs that are looked for.
    private static final Pattern QUOTED = Pattern.compile("npm \\(\\?:error\\|ERR!");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?:text|promptText|accessibleText)=\"([^\"]*)\"");

    @Test
    void noSentenceOfTheProgramUsesAWordThatBlamesOrShouts() throws IOException {
        List<String> found = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        each(Installed.CHECKOUT.resolve("src/main/java"), ".java", (where, line) -> {
            if (!line.strip().startsWith("//") && !line.strip().startsWith("*")) {
                literals(line, LITERAL, sentences, where, found);
            }
        });
        each(Installed.CHECKOUT.resolve("src/main/resources"), ".fxml", (where, line) -> {
            literals(line, ATTRIBUTE, sentences, where, found);
        });
        each(Installed.CHECKOUT.resolve("src/main/resources"), ".properties", (where, line) -> {
            if (line.contains("=") && !line.startsWith("#")) {
                judge(line.substring(line.indexOf('=') + 1), where, found);
            }
        });
        assertThat(sentences).as("sentences were read at all").hasSizeGreaterThan(500);
        assertThat(found).isEmpty();
    }

    private interface Line {
        void read(String where, String line);
    }

    private static void each(Path folder, String ending, Line line) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    line.read(file.getFileName() + ":" + (i + 1), lines.get(i));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// A text with a space in it is for a person; a single word is a key, or the contract's.
    private static void literals(
            String line, Pattern pattern, List<String> sentences, String where, List<String> found) {
        Matcher literal = pattern.matcher(line);
        while (literal.find()) {
            if (literal.group(1).strip().contains(" ")) {
                sentences.add(literal.group(1));
                judge(literal.group(1), where, found);
            }
        }
    }

    private static void judge(String text, String where, List<String> found) {
        if (FORBIDDEN.matcher(QUOTED.matcher(text).replaceAll("")).find()) {
            found.add(where + ": " + text);
        }
    }
}
