package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DemoCommandLinesTest {

    @Test
    void commandLinesCanBeCopiedToATerminal() {
        assertThat(printed("run:  lamplighter upgrade lamp-clock"))
                .isEqualTo("run:  lamplighter demo upgrade lamp-clock");
        assertThat(printed("Run `lamplighter doctor NAME` or `lamplighter logs NAME`."))
                .isEqualTo("Run `lamplighter demo doctor NAME` or `lamplighter demo logs NAME`.");
    }

    @Test
    void everythingElseStays() {
        for (String text : new String[] {
            "✓ lamplighter         OK",
            "lamplighter 0.1.0",
            "lamplighter: `self` is not available in the demo. Run `lamplighter self` for your own tools.",
            "/opt/lamplighter doctor",
            "lamplighter demo upgrade lamp-clock",
            "my-lamplighter list",
            "Lamplighter is checked"
        }) {
            assertThat(printed(text)).isEqualTo(text);
        }
    }

    private static String printed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new PrintStream(new DemoCommandLines(bytes), true, StandardCharsets.UTF_8).print(text);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
