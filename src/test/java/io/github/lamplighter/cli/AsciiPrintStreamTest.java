package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class AsciiPrintStreamTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AsciiPrintStream out = new AsciiPrintStream(bytes);

    @Test
    void symbolsAreReplaced() {
        out.println("✓ a · b");
        out.printf("%s %s…→ x%n", "✗", "~/jürgen");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("+ a | b\nx ~/jürgen...-> x\n");
    }

    @Test
    void jsonStaysAsItIs() {
        Console console = new Console(out, out, false, false, Optional.empty());
        console.print(
                "list",
                CommandResult.ok(() -> JsonNodeFactory.instance.objectNode().put("name", "jürgen ✓"), _ -> {}),
                true);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("jürgen ✓");
    }

    /// A new symbol in a text needs a replacement.
    @Test
    void everySymbolInATextHasAReplacement() throws IOException {
        Stream.Builder<Path> said = Stream.builder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/github/lamplighter"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/window/"))
                    .filter(file -> !file.endsWith("AsciiPrintStream.java"))
                    .forEach(said);
        }
        said.add(Path.of("src/main/resources/io/github/lamplighter/doctor/messages.properties"));
        String text = said.build()
                .flatMap(AsciiPrintStreamTest::lines)
                .map(line -> line.replaceFirst("(^|\\s)(//.*|#.*)$", ""))
                .collect(Collectors.joining("\n"));
        String unknown = text.codePoints()
                .filter(symbol -> symbol > 127
                        && AsciiPrintStream.plain(Character.toString(symbol)).equals(Character.toString(symbol)))
                .distinct()
                .mapToObj(Character::toString)
                .collect(Collectors.joining(" "));
        assertThat(unknown).isEmpty();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
