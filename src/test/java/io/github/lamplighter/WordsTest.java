package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Voice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every text in code and in the window's files keeps the writing style (docs/dev/style.md). `MessagesTest` checks the
/// bundle of findings, `CommandLineTest` the help.
class WordsTest {

    /// Classes whose texts are printed after the name of the tool or file, so that *it* is clear.
    private static final Set<String> AFTER_A_NAME = Set.of(
            "AgentPlists",
            "CommandLineMatcher",
            "GitReleases",
            "PipxInstaller",
            "PythonReleases",
            "Releases",
            "UnitFileIndex",
            "ProcessesOutsideService");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\n\\s*\\+ \"");
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*//.*$");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?:text|promptText|accessibleText)=\"([^\"]*)\"");

    /// A text that stands alone and does not say what *it* is.
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

    @Test
    void literalsAreReadWithoutCommentsAndJoined() {
        assertThat(texts("// \"a comment\"\nput(\"key\", \"This was \"\n        + \"taken back.\");", LITERAL))
                .containsExactly("This was taken back.");
    }

    private static List<String> faults(String folder, String ending, Pattern pattern) throws IOException {
        List<String> faults = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Installed.CHECKOUT.resolve(folder))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) {
                String name = file.getFileName().toString().replace(ending, "");
                texts(Files.readString(file), pattern)
                        .flatMap(text -> faults(text, AFTER_A_NAME.contains(name)))
                        .forEach(fault -> faults.add(name + ": " + fault));
            }
        }
        return faults;
    }

    private static Stream<String> faults(String text, boolean afterName) {
        boolean withoutSubject = !afterName && IT.matcher(text).matches();
        return Stream.concat(
                Voice.faults(text).stream(), withoutSubject ? Stream.of("names no subject: " + text) : Stream.of());
    }

    /// The literals of a file; those that a `+` joins are one. A literal with a space is text; a single word is a key.
    private static Stream<String> texts(String source, Pattern pattern) {
        String code = COMMENT.matcher(source).replaceAll("");
        return pattern.matcher(JOINT.matcher(code).replaceAll(""))
                .results()
                .map(found -> found.group(1))
                .filter(text -> text.strip().contains(" "))
                .filter(text -> !QUOTED.matcher(text).find());
    }
}
