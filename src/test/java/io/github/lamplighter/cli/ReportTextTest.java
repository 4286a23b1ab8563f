package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.cli.ToolSelection.UnreadableManifest;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
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
        text.summary(List.of(), List.of(unreadable("muxplex")), false, 100);
        assertThat(out()).contains("1 could not be checked · 0.1 s").doesNotContain("well");
    }

    @Test
    void aDescriptionThatCannotBeReadKeepsItsRowWithWhatHelps() {
        text.summary(List.of(report(Expected.COMMAND)), List.of(unreadable("a-name-longer-than-most")), false, 100);
        assertThat(out()).startsWith("""
              ? a-name-longer-than-most  Its description cannot be read (line 4)
                                         proof  ~/t.json:4:2, a comma is missing; it was left as it is
                                         do     lamplighter manifest lint a-name-longer-than-most
            """);
    }

    @Test
    void forCronItIsSaidToo() {
        text.summary(List.of(), List.of(unreadable("muxplex")), true, 100);
        assertThat(out()).contains("? muxplex", "Its description cannot be read (line 4)");
    }

    private static UnreadableManifest unreadable(String name) {
        return new UnreadableManifest(
                name,
                "Its description cannot be read (line 4)",
                "~/t.json:4:2, a comma is missing; it was left as it is");
    }

    @Test
    void itCountsBesideWhatIsWell() {
        text.summary(List.of(report(Expected.COMMAND)), List.of(unreadable("a"), unreadable("b")), false, 100);
        assertThat(out()).contains("1 well · 2 could not be checked");
    }

    @Test
    void whatNobodyExpectsOfACommandIsNoQuestion() {
        text.tool(report(Expected.COMMAND), false, false);
        assertThat(out()).contains("Installed yes · At login – · Running – · Answering – · Is this copy –");
    }

    @Test
    void whatIsExpectedAndNotKnownIsAQuestion() {
        text.tool(report(Expected.RUNNING), false, false);
        assertThat(out()).contains("Installed yes · At login ? · Running ? · Answering ? · Is this copy ?");
    }

    @Test
    void whatIsReadySaysHowOldThatIsAndWhoGaveNoAnswerNow() {
        Report earlier = updates(
                Severity.INFO,
                "0.9.4 is ready",
                new Verdict.Outdated(new UpgradeTarget.IndexVersion("0.9.4"), Optional.empty()),
                Optional.of(new Report.UnansweredQuery(
                        NOW,
                        new Verdict.NotCheckable(
                                Verdict.UncheckableReason.TOO_SLOW,
                                "x.example did not answer in 5 s.",
                                Optional.of("lamplighter settings set network.limit 10s")))));
        text.summary(List.of(earlier), List.of(), false, 100);
        assertThat(out())
                .contains(
                        "0.9.4 is available, as of 3 h ago      lamplighter upgrade clock",
                        "? No answer about updates of clock; what was said before stays, with its age.",
                        "x.example did not answer in 5 s. Give it more time: `lamplighter settings set network.limit"
                                + " 10s`.",
                        "1 well");
    }

    @Test
    void whoseUpdatesAreNotKnownIsNotCountedAsWellButIsNobodysBusinessInCron() {
        Report unknown = updates(
                Severity.UNKNOWN,
                "Could not check for updates: no answer in time",
                new Verdict.NotCheckable(Verdict.UncheckableReason.TOO_SLOW, "x.example did not answer in 5 s."),
                Optional.empty());
        text.summary(List.of(unknown), List.of(), true, 100);
        assertThat(out()).isEmpty();
        text.summary(List.of(unknown), List.of(), false, 100);
        assertThat(out())
                .contains("Could not check for updates: no answer in time", "1 could not be checked")
                .doesNotContain("well");
    }

    @Test
    void manyToolsWithOneGapAreNamedTogether() {
        Verdict.NotCheckable gap =
                new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached.");
        Report unknown = updates(Severity.UNKNOWN, "Could not check for updates: no answer", gap, Optional.empty());
        text.summary(List.of(unknown, unknown.at(NOW.plusSeconds(1))), List.of(), false, 100);
        assertThat(out().lines().filter(line -> line.contains("Could not check for updates")))
                .containsExactly("  ? clock and clock   Could not check for updates: no answer");
        assertThat(out()).contains("2 could not be checked");
    }

    private static Report updates(
            Severity severity, String title, Verdict verdict, Optional<Report.UnansweredQuery> unansweredQuery) {
        Report report = report(Expected.COMMAND);
        Instant asked = unansweredQuery.isPresent() ? NOW.minusSeconds(3 * 3600) : NOW;
        return new Report(
                report.name(),
                report.expected(),
                report.provenance(),
                Optional.of(verdict),
                unansweredQuery,
                report.facts(),
                List.of(new Finding(
                        "update",
                        Group.VERSION,
                        severity,
                        title,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        asked,
                        asked,
                        false,
                        1)),
                NOW,
                1);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPageLeavesOutWhatNobodyExpectsOfIt() {
        String page = new ReportHtml(ZoneOffset.UTC, NOW)
                .page(List.of(), List.of(), List.of(report(Expected.COMMAND), report(Expected.RUNNING)));
        assertThat(page.lines().filter(line -> line.contains("Checked ")))
                .satisfiesExactly(
                        command -> assertThat(command).endsWith("Installed: yes.</p>"),
                        service -> assertThat(service)
                                .endsWith("Installed: yes, at login: could not check, running: could not check,"
                                        + " answering: could not check, is this copy: could not check.</p>"));
    }

    private static Report report(Expected expected) {
        Fact rest = expected == Expected.COMMAND
                ? new Fact(Optional.empty(), List.of(new Evidence("manifest", "a command")), NOW)
                : NOT_ASKED;
        return new Report(
                "clock",
                expected,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Facts(new Fact(Optional.of(true), List.of(), NOW), rest, rest, rest, rest),
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
