package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.cli.ToolSelection.UnreadableManifest;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportBuilder;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.SeenState;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest.Expected;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTextTest {

    private static final Instant NOW = Instant.parse("2026-11-23T14:06:00Z");
    private static final Fact NOT_ASKED = new Fact(Optional.empty(), List.of(), NOW);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final ReportText text = new ReportText(stream, false, ZoneOffset.UTC, NOW);

    @Test
    void anUnreadableManifestCountsAsNotChecked() {
        summary(List.of(), List.of(unreadable("muxplex")));
        assertThat(out()).contains("1 not checked (1 tool, 0.1 s)").doesNotContain("OK");
    }

    @Test
    void anUnreadableManifestHasARowWithItsPlaceAndACommand() {
        summary(List.of(report(Expected.COMMAND)), List.of(unreadable("a-name-longer-than-most")));
        assertThat(out()).startsWith("""
            ? a-name-longer-than-most  Manifest cannot be read (line 4)
                                       ~/t.json:4:2, a comma is missing
                                       run:  lamplighter manifest lint a-name-longer-than-most
            ✓ clock                    OK
            """);
    }

    @Test
    void anUnreadableManifestIsShownWithQuietToo() {
        quietSummary(List.of(), List.of(unreadable("muxplex")));
        assertThat(out()).contains("? muxplex", "Manifest cannot be read (line 4)");
    }

    @Test
    void aSummaryWithoutFindingsIsOneLineAndACount() {
        summary(List.of(report(Expected.COMMAND), report(Expected.COMMAND)), List.of());
        assertThat(out()).isEqualTo("""
            ✓ clock, clock        OK

            No problems found (2 tools, 0.1 s)
            """);
    }

    @Test
    void lamplighterItselfIsNamedOnlyIfThereIsSomethingToDo() {
        DoctorSummary summary = new DoctorSummary(stream, false, ZoneOffset.UTC, NOW, false);
        summary.printItself(List.of(report(Expected.COMMAND)));
        assertThat(out()).isEmpty();
        summary.printItself(List.of(updates(
                Severity.INFO,
                "0.2.0 is available",
                new Verdict.Outdated(new UpgradeTarget.IndexVersion("0.2.0"), Optional.empty()),
                Optional.empty())));
        assertThat(out())
                .startsWith("This program:\n")
                .contains("0.2.0 is available", "run:  lamplighter upgrade clock");
    }

    @Test
    void aFactThatDoesNotApplyIsADash() {
        text.print(report(Expected.COMMAND), false);
        assertThat(out())
                .contains("Installed ✓   Starts at login –   Running –   Responding –   Identity –")
                .endsWith("1 check: no problems (0.0 s)\n");
    }

    @Test
    void aFactThatIsNotKnownIsAQuestionMark() {
        text.print(report(Expected.RUNNING), false);
        assertThat(out()).contains("Installed ✓   Starts at login ?   Running ?   Responding ?   Identity ?");
    }

    @Test
    void anEarlierUpdateResultHasItsAgeAndTheReasonForNoNewOne() {
        Report earlier = updates(
                Severity.INFO,
                "0.9.4 is available",
                new Verdict.Outdated(new UpgradeTarget.IndexVersion("0.9.4"), Optional.empty()),
                Optional.of(new Report.UnansweredQuery(
                        NOW,
                        new Verdict.NotCheckable(
                                Verdict.UncheckableReason.TOO_SLOW,
                                "x.example did not respond within 5 s.",
                                Optional.of("lamplighter settings set network.limit 10s")))));
        summary(List.of(earlier), List.of());
        assertThat(out())
                .contains(
                        "0.9.4 is available, as of 3 h ago",
                        "run:  lamplighter upgrade clock",
                        "? Could not check for updates of clock. Showing earlier results.",
                        "x.example did not respond within 5 s.",
                        "`lamplighter settings set network.limit 10s`",
                        "No problems found, 1 update (1 tool, 0.1 s)");
    }

    @Test
    void anUnknownUpdateIsNotOkAndIsNotShownWithQuiet() {
        Report unknown = updates(
                Severity.UNKNOWN,
                "Could not check for updates: no answer in time",
                new Verdict.NotCheckable(Verdict.UncheckableReason.TOO_SLOW, "x.example did not respond within 5 s."),
                Optional.empty());
        quietSummary(List.of(unknown), List.of());
        assertThat(out()).isEmpty();
        summary(List.of(unknown), List.of());
        assertThat(out())
                .contains("Could not check for updates: no answer in time", "1 not checked")
                .doesNotContain("OK");
    }

    @Test
    void toolsWhoseUpdatesAreUnknownForTheSameReasonShareARow() {
        Verdict.NotCheckable gap =
                new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached.");
        Report unknown = updates(Severity.UNKNOWN, "Could not check for updates: no answer", gap, Optional.empty());
        summary(List.of(unknown, unknown.at(NOW.plusSeconds(1))), List.of());
        assertThat(out().lines().filter(line -> line.contains("Could not check for updates")))
                .containsExactly("? clock, clock        Could not check for updates: no answer");
        assertThat(out()).contains("2 not checked");
    }

    private void summary(List<Report> reports, List<UnreadableManifest> unreadable) {
        new DoctorSummary(stream, false, ZoneOffset.UTC, NOW, false).print(reports, unreadable, 100);
    }

    private void quietSummary(List<Report> reports, List<UnreadableManifest> unreadable) {
        new DoctorSummary(stream, false, ZoneOffset.UTC, NOW, true).print(reports, unreadable, 100);
    }

    @Test
    void aSummaryNamesASourceOfTwoPiecesOfEvidenceOnce() {
        Report report = new ReportBuilder(report(Expected.RUNNING))
                .findings(ReportBuilder.finding(
                        "process",
                        Group.RUNNING,
                        Severity.FAILURE,
                        "Stopped unexpectedly",
                        NOW,
                        new Evidence("clock.service", "inactive/dead"),
                        new Evidence("clock.service", "The service failed when it last ran (exit status 1)."),
                        new Evidence("clock.service", "since 2 November")))
                .build();
        summary(List.of(report), List.of());
        assertThat(out())
                .contains("  clock.service: inactive/dead; The service failed when it last ran (exit status 1)\n");
    }

    private static UnreadableManifest unreadable(String name) {
        return new UnreadableManifest(name, "Manifest cannot be read (line 4)", "~/t.json:4:2, a comma is missing");
    }

    private static Report updates(
            Severity severity, String title, Verdict verdict, Optional<Report.UnansweredQuery> unansweredQuery) {
        Report report = report(Expected.COMMAND);
        Instant asked = unansweredQuery.isPresent() ? NOW.minusSeconds(3 * 3600) : NOW;
        return new ReportBuilder(report)
                .verdict(verdict)
                .unanswered(unansweredQuery)
                .findings(ReportBuilder.finding("update", Group.VERSION, severity, title, asked))
                .at(NOW)
                .took(1)
                .build();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPageLeavesOutWhatNobodyExpectsOfIt() {
        String page = new ReportHtml(ZoneOffset.UTC, NOW)
                .page(List.of(), List.of(), List.of(report(Expected.COMMAND), report(Expected.RUNNING)), Map.of());
        assertThat(page.lines().filter(line -> line.contains("Checked ")))
                .satisfiesExactly(
                        command -> assertThat(command).endsWith("Installed: yes.</p>"),
                        service -> assertThat(service)
                                .endsWith("Installed: yes, starts at login: unknown, running: unknown, responding:"
                                        + " unknown, identity: unknown.</p>"));
    }

    @Test
    void aPageSaysWhichDaysWereBad() {
        StateDays days = new StateDays(List.of(
                new StateDays.Day(LocalDate.of(2026, 11, 22), SeenState.FAILED),
                new StateDays.Day(LocalDate.of(2026, 11, 23), SeenState.UNKNOWN)));
        Report report = report(Expected.RUNNING);

        String page = new ReportHtml(ZoneOffset.UTC, NOW)
                .page(List.of(), List.of(), List.of(report), Map.of(report.name(), days));

        assertThat(page).contains("<p class=\"about\">Last 2 days: 1 failed (22 Nov), 1 without data.</p>");
    }

    private static Report report(Expected expected) {
        Fact rest = expected == Expected.COMMAND
                ? new Fact(Optional.empty(), List.of(new Evidence("manifest", "a command")), NOW)
                : NOT_ASKED;
        return new ReportBuilder("clock", expected, NOW)
                .facts(new Facts(new Fact(Optional.of(true), List.of(), NOW), rest, rest, rest, rest))
                .findings(ReportBuilder.finding(
                        "launcher", Group.VERSION, Severity.OK, "The command clock is there", NOW))
                .build();
    }
}
