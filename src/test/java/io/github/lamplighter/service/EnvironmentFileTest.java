package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentFileTest {

    @Test
    void linesCommentsQuotesAndContinuationsAreRead() {
        assertThat(EnvironmentFile.parse("""
            # TOKEN=no
            ; TOKEN=no
            TOKEN=a b=c
              SPACED = x \s
            DOUBLE="a \\"b\\" \\\\ \\n # c"
            SINGLE='a "b" \\'
            EMPTY=
            LONG=one\\
            two
            not a variable
            1X=no
            """))
                .isEqualTo(Map.of(
                        "TOKEN", "a b=c",
                        "SPACED", "x",
                        "DOUBLE", "a \"b\" \\ \\n # c",
                        "SINGLE", "a \"b\" \\",
                        "EMPTY", "",
                        "LONG", "onetwo"));
    }
}
