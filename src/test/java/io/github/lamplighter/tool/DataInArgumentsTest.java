package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataInArgumentsTest {

    private static final Path HOME = Path.of("/home/ada");

    @ParameterizedTest
    @CsvSource({
        "run --path ~/.chroma, run --port 9 --path ~/.chroma, /home/ada/.chroma",
        "run --path ~/.chroma, run --path /srv/chroma, /srv/chroma",
        "run --path ~/.chroma, run --path=/srv/chroma, /srv/chroma",
        "run --path=/home/ada/.chroma, run --path=~/other, /home/ada/other",
        "run --path /home/ada/.chroma/db, run --path /srv/chroma, /srv/chroma",
        "run --path /home/ada, run --path /srv, /srv/.chroma",
        "run --port 8000, run --port 9, /home/ada/.chroma",
        "run --path ~/.chroma, run --port 9, unknown",
        "run --path ~/.chroma, run --path chroma, unknown",
        "run --path ~/.chroma, run --path ~/, unknown",
        "run ~/.chroma, run /srv/chroma, unknown"
    })
    void theDataAreWhereTheArgumentsSay(String base, String given, String expected) {
        assertThat(DataInArguments.of(
                        List.of(HOME.resolve(".chroma")), List.of(base.split(" ")), List.of(given.split(" ")), HOME))
                .isEqualTo(expected.equals("unknown") ? Optional.empty() : Optional.of(List.of(Path.of(expected))));
    }

    @Test
    void aToolWithoutDataHasNone() {
        assertThat(DataInArguments.of(List.of(), List.of("a"), List.of("b"), HOME))
                .contains(List.of());
    }
}
