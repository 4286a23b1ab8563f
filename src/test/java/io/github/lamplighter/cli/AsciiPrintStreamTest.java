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
    void eachSignHasOneThatMeansTheSame() {
        out.println("✓ a · b");
        out.printf("%s %s…→ x%n", "✗", "~/jürgen");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("+ a | b\nx ~/jürgen...-> x\n");
    }

    @Test
    void whatAProgramReadsStaysAsItIs() {
        Console console = new Console(out, out, false, false, Optional.empty());
        console.print(
                "list",
                CommandResult.ok(() -> JsonNodeFactory.instance.objectNode().put("name", "jürgen ✓"), _ -> {}),
                true);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("jürgen ✓");
    }

    /// A sign that somebody adds to a sentence needs its plain form too.
    @Test
    void everySignThatTheProgramSaysIsKnown() throws IOException {
        Stream.Builder<Path> said = Stream.builder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/github/lamplighter"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/window/"))
                    .filter(file -> !file.endsWith("PlainText.java"))
                    .forEach(said);
        }
        said.add(Path.of("src/main/resources/io/github/lamplighter/doctor/messages.properties"));
        String text = said.build()
                .flatMap(AsciiPrintStreamTest::lines)
                .map(line -> line.replaceFirst("(^|\\s)(//.*|#.*)$", ""))
                .collect(Collectors.joining("\n"));
        String unknown = text.codePoints()
                .filter(sign -> sign > 127
                        && AsciiPrintStream.plain(Character.toString(sign)).equals(Character.toString(sign)))
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
