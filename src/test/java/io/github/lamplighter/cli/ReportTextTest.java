package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.tool.Manifest.Expected;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTextTest {

    private static final Instant NOW = Instant.parse("2026-11-23T14:06:00Z");
    private static final Fact NOT_ASKED = new Fact(Optional.empty(), List.of(), NOW);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ReportText text =
            new ReportText(new PrintStream(out, true, StandardCharsets.UTF_8), false, ZoneOffset.UTC, NOW);

    @Test
    void aDescriptionThatCannotBeReadCountsAsNotChecked() {
        text.all(List.of(), 1, false, 100);
        assertThat(out()).contains("1 could not be checked · 0.1 s").doesNotContain("well");
    }

    @Test
    void itCountsBesideWhatIsWell() {
        text.all(List.of(report(Expected.COMMAND)), 2, false, 100);
        assertThat(out()).contains("1 well · 2 could not be checked");
    }

    @Test
    void whatNobodyExpectsOfACommandIsNoQuestion() {
        text.one(report(Expected.COMMAND), false, false);
        assertThat(out()).contains("Installed yes · At login – · Running – · Answering – · Is this copy –");
    }

    @Test
    void whatIsExpectedAndNotKnownIsAQuestion() {
        text.one(report(Expected.RUNNING), false, false);
        assertThat(out()).contains("Installed yes · At login ? · Running ? · Answering ? · Is this copy ?");
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Report report(Expected expected) {
        return new Report(
                "clock",
                expected,
                Optional.empty(),
                Optional.empty(),
                new Facts(new Fact(Optional.of(true), List.of(), NOW), NOT_ASKED, NOT_ASKED, NOT_ASKED, NOT_ASKED),
                List.of(new Finding(
                        "launcher",
                        Group.VERSION,
                        Severity.OK,
                        "The command clock is there",
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        NOW,
                        NOW,
                        false,
                        1)),
                NOW,
                1);
    }
}
