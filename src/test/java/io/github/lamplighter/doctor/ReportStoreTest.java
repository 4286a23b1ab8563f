package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.doctor.ReportStore.Ignoring;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportStoreTest {

    private static final ToolName NAME = new ToolName("muxplex");

    @TempDir
    Path home;

    private static final Verdict SILENT =
            new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached.");
    private static final List<Verdict.SkippedRelease> NEWER = List.of(new Verdict.SkippedRelease(
            "1.0", Verdict.Reason.RUNTIME, "1.0 needs Node >=24", new Evidence("the index", "engines.node >=24")));

    private Instant now = Case.NOW;
    private Duration trust = Duration.ofHours(12);
    private Case tool;
    private ReportStore store;

    @BeforeEach
    void open() {
        tool = new Case(home).silent();
        store = new ReportStore(tool.directories(), () -> now, () -> ZoneId.of("America/New_York"), () -> trust);
    }

    private void later(Duration time) {
        now = now.plus(time);
        tool.now = now;
    }

    private Report run(Scope scope) throws IOException {
        return store.merge(tool.doctor().examine(tool.manifest(), scope));
    }

    private static Finding finding(Report report, String id) {
        return report.findings().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatWasKeptIsReadAgainAsItWas() throws IOException {
        tool.outdated("0.9.4")
                .with(c -> c.origin = new Origin.Git(
                        "https://x.example/m", Optional.of("v1"), Origin.RevisionKind.TAG, "ab".repeat(20)));
        Report report = run(Scope.FULL);
        assertThat(store.last(NAME)).contains(report);
    }

    /// A check that gets no answer says nothing about what was wrong before.
    @Test
    void aProblemStaysWithItsAgeWhileItsCheckGetsNoAnswer() throws IOException {
        tool.phase = io.github.lamplighter.service.ServiceState.Phase.FAILED;
        Finding before = finding(run(Scope.FULL), "process");
        assertThat(before.severity()).isEqualTo(Severity.FAILURE);
        tool.phase = io.github.lamplighter.service.ServiceState.Phase.UNKNOWN;
        for (int hour = 1; hour < 4; hour++) {
            later(Duration.ofHours(1));
            Finding still = finding(run(Scope.FULL), "process");
            assertThat(still.title()).isEqualTo(before.title());
            assertThat(still.severity()).isEqualTo(Severity.FAILURE);
            assertThat(still.checkedAt()).isEqualTo(before.checkedAt());
            assertThat(still.evidence()).hasSize(before.evidence().size() + 1);
            assertThat(still.evidence().getLast().source()).startsWith("checked again");
        }
        later(trust);
        assertThat(finding(run(Scope.FULL), "process").severity())
                .as("not for ever")
                .isEqualTo(Severity.UNKNOWN);
    }

    @Test
    void anAnswerThatAnotherCommandGotIsKnown() throws IOException {
        tool.outdated("0.9.4");
        Verdict outdated = tool.verdict;
        tool.verdict = SILENT;
        run(Scope.OFFLINE);
        later(Duration.ofMinutes(1));
        store.merge(tool.doctor().knowing(outdated).examine(tool.manifest(), Scope.SOURCE));
        Report offline = run(Scope.OFFLINE);
        assertThat(finding(offline, "update").title()).isEqualTo("0.9.4 is available");
        assertThat(offline.verdict()).contains(outdated);
    }

    @Test
    void whileItIsBeingUpgradedTheEarlierAnswersOfItsServiceStay() throws IOException {
        Finding before = finding(run(Scope.FULL), "answering");
        assertThat(before.severity()).isEqualTo(Severity.FAILURE);
        now = now.plus(Duration.ofHours(1));
        tool.now = now;
        tool.probeResult = new io.github.lamplighter.readiness.ProbeResult.Yes(true, "HTTP 200", Duration.ZERO);
        tool.upgrade = Optional.of(new UnfinishedUpgrade.InProgress("an upgrade is at \"Stopping\""));
        // In the middle of an upgrade it is another version, from elsewhere perhaps.
        tool.origin = new Origin.Unknown("two versions at once");
        Report during = run(Scope.FULL);
        assertThat(finding(during, "answering")).isEqualTo(before);
        assertThat(finding(during, "being-upgraded").severity()).isEqualTo(Severity.INFO);
        tool.upgrade = Optional.empty();
        Report after = run(Scope.FULL);
        assertThat(finding(after, "answering").severity()).isEqualTo(Severity.OK);
        assertThat(after.isBeingUpgraded()).isFalse();
    }

    @Test
    void anAnswerThatWasLeftOutForDaysIsNotBelievedAnyMore() throws IOException {
        run(Scope.FULL);
        assertThat(finding(run(Scope.OFFLINE), "update").severity()).isEqualTo(Severity.OK);
        now = now.plus(Duration.ofHours(49));
        tool.now = now;
        Finding old = finding(run(Scope.OFFLINE), "update");
        assertThat(old.severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(old.title()).isEqualTo("Updates not checked recently");
        assertThat(old.evidence()).containsExactly(new Evidence("last checked 23 Nov 2026 09:06", "Up to date"));
        assertThat(store.last(NAME).orElseThrow().verdict())
                .as("the verdict says the same as its finding")
                .contains(new Verdict.NotCheckable(
                        Verdict.UncheckableReason.TOO_OLD, "The source last responded on 23 Nov 2026 09:06."));
        assertThat(finding(run(Scope.FULL), "update").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void whereFullRunsAreFurtherApartAnAnswerIsBelievedForTwoOfThem() throws IOException {
        trust = Duration.ofDays(14);
        run(Scope.FULL);
        later(Duration.ofDays(13));
        assertThat(finding(run(Scope.OFFLINE), "update").severity()).isEqualTo(Severity.OK);
        later(Duration.ofDays(2));
        assertThat(finding(run(Scope.OFFLINE), "update").severity()).isEqualTo(Severity.UNKNOWN);
    }

    @Test
    void whatIsReadyStaysReadyWithItsAgeWhenItsSourceSaysNothing() throws IOException {
        tool.outdated("0.9.4");
        tool.verdict = new Verdict.Outdated(((Verdict.Outdated) tool.verdict).upgradeTarget(), Optional.empty(), NEWER);
        Verdict said = tool.verdict;
        Report first = run(Scope.FULL);
        Finding before = finding(first, "update");
        tool.verdict = SILENT;
        for (int hour = 1; hour < 4; hour++) {
            later(Duration.ofHours(1));
            Report silent = run(Scope.FULL);
            Finding ready = finding(silent, "update");
            assertThat(ready.title()).isEqualTo("0.9.4 is available");
            assertThat(ready.severity()).isEqualTo(Severity.INFO);
            assertThat(ready.checkedAt()).isEqualTo(before.checkedAt());
            assertThat(ready.evidence())
                    .hasSize(before.evidence().size() + 1)
                    .endsWith(new Evidence(
                            "checked again 23 Nov 2026 %02d:06".formatted(9 + hour), "x.example was not reached."));
            assertThat(ready.remedies())
                    .startsWith(before.remedies().getFirst())
                    .endsWith(new Remedy.Wait("Lamplighter checks again when it is reachable"));
            assertThat(finding(silent, "why-not-newer").title()).isEqualTo("1.0 needs Node >=24");
            assertThat(silent.verdict()).contains(said);
            assertThat(silent.unansweredQuery())
                    .contains(new Report.UnansweredQuery(now, (Verdict.NotCheckable) SILENT));
            assertThat(silent.askedBefore()).contains(before.checkedAt());
            assertThat(store.last(NAME)).contains(silent);
        }
        assertThat(run(Scope.OFFLINE).unansweredQuery()).as("nobody was asked").isPresent();
        tool.outdated("0.9.5");
        Report answered = run(Scope.FULL);
        assertThat(finding(answered, "update").title()).isEqualTo("0.9.5 is available");
        assertThat(answered.unansweredQuery()).isEmpty();
        assertThat(answered.askedBefore()).isEmpty();
    }

    @Test
    void whatNobodyWasEverAskedIsNotKnown() throws IOException {
        Report never = run(Scope.OFFLINE);
        Finding update = finding(never, "update");
        assertThat(update.severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(update.remedies())
                .containsExactly(new Remedy.CopyCommand("lamplighter doctor muxplex", "Check now"));
        assertThat(store.last(NAME)).contains(never);
        assertThat(finding(run(Scope.FULL), "update").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void whereNobodyCanBeAskedTheNetworkIsNotMissed() throws IOException {
        tool.origin = new Origin.Archive("https://x.example/a.tgz");
        tool.verdict =
                new Verdict.NotCheckable(Verdict.UncheckableReason.NO_SOURCE, "It was installed from an archive.");
        var diagnosis = tool.doctor().examine(tool.manifest(), Scope.OFFLINE);
        assertThat(diagnosis.leftOut()).doesNotContain("update");
        assertThat(finding(store.merge(diagnosis), "update").severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void whatIsHeldStaysHeld() throws IOException {
        tool.verdict = new Verdict.Pinned("It is held.");
        run(Scope.FULL);
        tool.verdict = SILENT;
        later(Duration.ofDays(30));
        Report silent = run(Scope.FULL);
        assertThat(silent.verdict()).contains(new Verdict.Pinned("It is held."));
        assertThat(silent.findings()).noneMatch(finding -> finding.id().equals("update"));
        assertThat(finding(silent, "held").severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void onlySilenceLeavesTheEarlierAnswerStanding() throws IOException {
        for (Verdict.UncheckableReason uncheckableReason : Verdict.UncheckableReason.values()) {
            tool.outdated("0.9.4");
            run(Scope.FULL);
            tool.verdict = new Verdict.NotCheckable(uncheckableReason, "So it is.");
            Report report = run(Scope.FULL);
            assertThat(report.verdict().orElseThrow() instanceof Verdict.Outdated)
                    .as(uncheckableReason.word())
                    .isEqualTo(uncheckableReason.isSilence());
        }
    }

    @Test
    void anotherVersionHasNoAnswerOfTheEarlierOne() throws IOException {
        tool.outdated("0.9.4");
        run(Scope.FULL);
        tool.version = "0.9.4";
        tool.verdict = SILENT;
        assertThat(finding(run(Scope.FULL), "update").severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(finding(run(Scope.FULL), "update").remedies()).hasSize(1);
    }

    @Test
    void whatWasLastKnownStandsBesideTheWordThatNobodyCouldBeAsked() throws IOException {
        run(Scope.FULL);
        later(Duration.ofHours(49));
        tool.verdict = SILENT;
        Evidence known = new Evidence("checked 23 Nov 2026 09:06", "newest is 0.9.2");
        assertThat(finding(run(Scope.FULL), "update").severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(finding(run(Scope.FULL), "update").evidence()).contains(known);
        assertThat(finding(run(Scope.FULL), "update").evidence())
                .as("after another time without network")
                .containsOnlyOnce(known);
    }

    @Test
    void untilAVersionMeansUntilItOrALaterOne() throws IOException {
        tool.outdated("0.9.4");
        run(Scope.FULL);
        store.ignore(NAME, "answering", "0.9.5");
        assertThat(finding(store.last(NAME).orElseThrow(), "answering").ignored())
                .isTrue();
        tool.outdated("v0.10.0");
        assertThat(finding(run(Scope.FULL), "answering").ignored()).isFalse();
    }

    @Test
    void whyTheNewestIsNotTakenIsKeptToo() throws IOException {
        for (Verdict.Reason reason : Verdict.Reason.values()) {
            List<Verdict.SkippedRelease> newer = List.of(new Verdict.SkippedRelease(
                    "3.0", reason, "3.0 does not fit", new Evidence("the index", "3.0 is there")));
            tool.verdict = new Verdict.Current("0.9.2", newer);
            run(Scope.FULL);
            assertThat(store.last(NAME).orElseThrow().verdict()).contains(tool.verdict);
            tool.verdict = new Verdict.Pinned("It is held.", newer);
            run(Scope.FULL);
            assertThat(store.last(NAME).orElseThrow().verdict()).contains(tool.verdict);
        }
    }

    @Test
    void anInstallThatIsGoneIsRememberedAsItWas() throws IOException {
        Report there = run(Scope.FULL);
        tool.with(c -> c.installed = false);
        run(Scope.FULL);
        Report gone = run(Scope.FULL);
        assertThat(gone.provenance()).isEmpty();
        assertThat(there.provenance()).isPresent();
        assertThat(store.lastSeen(NAME)).isEqualTo(there.provenance());
    }

    @Test
    void whatWasLeftOutKeepsItsEarlierAnswer() throws IOException {
        tool.outdated("0.9.4");
        run(Scope.FULL);
        Report offline = run(Scope.OFFLINE);
        assertThat(finding(offline, "update").title()).isEqualTo("0.9.4 is available");
        assertThat(offline.verdict()).isPresent();
        assertThat(offline.findings().stream().map(finding -> CheckCatalog.position(finding.id())))
                .isSorted();
    }

    @Test
    void whatWasSaidOfAnotherInstallSaysNothingOfThisOne() throws IOException {
        tool.outdated("0.9.4");
        run(Scope.FULL);
        tool.with(c -> c.origin =
                new Origin.Git("https://x.example/m", Optional.of("v1"), Origin.RevisionKind.TAG, "ab".repeat(20)));
        Report offline = run(Scope.OFFLINE);
        assertThat(finding(offline, "update").title()).isEqualTo("Updates not checked yet");
        assertThat(offline.verdict())
                .get()
                .isInstanceOfSatisfying(
                        Verdict.NotCheckable.class,
                        not -> assertThat(not.uncheckableReason()).isEqualTo(Verdict.UncheckableReason.NOT_ASKED));
    }

    @Test
    void whatNoLongerAppliesIsGone() throws IOException {
        run(Scope.FULL);
        tool.command();
        assertThat(run(Scope.OFFLINE).findings())
                .noneMatch(finding -> finding.id().equals("answering"));
    }

    @Test
    void sinceStaysAsLongAsTheSeverityDoes() throws IOException {
        Finding before = ReportBuilder.finding(
                "answering", Group.RUNNING, Severity.FAILURE, "x", now.minus(Duration.ofMinutes(4)));
        Report first = tool.report();
        Report earlier = new ReportBuilder(first)
                .unanswered(Optional.empty())
                .findings(before)
                .at(before.since())
                .took(1)
                .build();
        var diagnosis = tool.doctor().examine(tool.manifest(), Scope.FULL);
        assertThat(finding(store.merged(diagnosis, Optional.of(earlier)), "answering")
                        .since())
                .isEqualTo(now.minus(Duration.ofMinutes(4)));
        assertThat(finding(store.merged(diagnosis, Optional.of(earlier)), "process")
                        .since())
                .isEqualTo(now);
    }

    /// A check that hangs once says nothing about the problem that it found before.
    @Test
    void aTimeOutDoesNotHideAKnownFailure() throws IOException {
        run(Scope.FULL);
        Instant found = now;
        later(Duration.ofMinutes(5));

        Report late = store.merge(timedOut("answering"));
        later(Duration.ofMinutes(5));
        Report again = store.merge(timedOut("answering"));

        assertThat(finding(late, "answering").severity()).isEqualTo(Severity.FAILURE);
        assertThat(finding(late, "answering").checkedAt()).isEqualTo(found);
        assertThat(late.timedOut()).containsExactly("answering");
        assertThat(finding(again, "answering").evidence())
                .filteredOn(one -> one.source().startsWith("checked again"))
                .hasSize(1);
        assertThat(store.last(NAME).orElseThrow().timedOut()).containsExactly("answering");
        assertThat(run(Scope.FULL).timedOut()).isEmpty();
    }

    @Test
    void aTimeOutIsNotGreenBecauseThingsWereWellBefore() throws IOException {
        run(Scope.FULL);
        later(Duration.ofMinutes(5));

        assertThat(finding(store.merge(timedOut("process")), "process").severity())
                .isEqualTo(Severity.UNKNOWN);
    }

    /// A run in which one check did not finish.
    private DiagnoseTool.Diagnosis timedOut(String id) {
        DiagnoseTool.Diagnosis run = tool.doctor().examine(tool.manifest(), Scope.FULL);
        Finding before = finding(run.report(), id);
        Report report = run.report();
        return new DiagnoseTool.Diagnosis(
                new ReportBuilder(report)
                        .findings(report.findings().stream()
                                .map(one -> one.id().equals(id)
                                        ? ReportBuilder.finding(
                                                id,
                                                before.group(),
                                                Severity.UNKNOWN,
                                                "Could not check: timed out",
                                                now,
                                                new Evidence("check " + id, "timed out after 12 s"))
                                        : one)
                                .toList())
                        .timedOut(id)
                        .build(),
                run.leftOut());
    }

    @Test
    void onlyTheUserMayLookIntoTheReportsWhateverTheUmaskIs() throws IOException {
        run(Scope.FULL);
        Path folder = tool.directories().reports();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(folder).isDirectoryContaining(file -> file.endsWith(".muxplex.lock"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void whatWouldSetNothingAsideIsNotKept() throws IOException {
        run(Scope.FULL);
        assertThat(store.ignore(NAME, "answering", "2020-01-01")).isEqualTo(Ignoring.OVER);
        assertThat(store.ignore(NAME, "answering", tool.version)).isEqualTo(Ignoring.OVER);
        assertThat(store.unignore(NAME, "answering")).isEmpty();
    }

    @Test
    void whatACheckWouldSayNowIsSetAsideByTheSameWords() throws IOException {
        run(Scope.FULL);
        store.ignore(NAME, "answering", "change");
        Report report = store.last(NAME).orElseThrow();
        String title = finding(report, "answering").title();
        assertThat(store.isSetAside(report, "answering", Severity.FAILURE, title))
                .isTrue();
        assertThat(store.isSetAside(report, "answering", Severity.WARNING, title))
                .isFalse();
        assertThat(store.isSetAside(report, "answering", Severity.FAILURE, "Gone"))
                .isFalse();
        assertThat(store.isSetAside(report, "process", Severity.FAILURE, title)).isFalse();
    }

    @Test
    void aDamagedReportIsSetAsideAndBuiltAnew() throws IOException {
        run(Scope.FULL);
        Path file = tool.directories().reports().resolve("muxplex.json");
        Files.writeString(file, "{ half");
        assertThat(store.last(NAME)).isEmpty();
        run(Scope.FULL);
        assertThat(store.last(NAME)).isPresent();
        assertThat(tool.directories().reports().resolve("muxplex.json.damaged")).hasContent("{ half");
    }

    @Test
    void aReportOfAnotherVersionCountsAsNone() throws IOException {
        run(Scope.FULL);
        Path file = tool.directories().reports().resolve("muxplex.json");
        Files.writeString(file, Files.readString(file).replace(ReportCodec.SCHEMA, "lamplighter.report/1"));
        assertThat(store.last(NAME)).isEmpty();
        assertThat(store.lastSeen(NAME)).isEmpty();
        run(Scope.FULL);
        assertThat(store.last(NAME)).isPresent();
    }

    @Test
    void aFindingThatIsSetAsideUntilItChangesCountsAgainWhenItDoes() throws IOException {
        run(Scope.FULL);
        assertThat(store.ignore(NAME, "answering", "change")).isEqualTo(Ignoring.DONE);
        assertThat(finding(run(Scope.FULL), "answering").ignored()).isTrue();
        assertThat(store.last(NAME).orElseThrow().worst()).isEqualTo(Severity.OK);
        tool.with(c ->
                c.probeResult = new io.github.lamplighter.readiness.ProbeResult.Yes(false, "HTTP 503", Duration.ZERO));
        assertThat(finding(run(Scope.FULL), "answering").ignored()).isFalse();
    }

    @Test
    void untilADateAndUntilAVersion() throws IOException {
        run(Scope.FULL);
        store.ignore(NAME, "answering", "2026-11-25");
        assertThat(finding(store.last(NAME).orElseThrow(), "answering").ignored())
                .isTrue();
        now = Instant.parse("2026-11-25T05:00:00Z"); // midnight in New York
        assertThat(finding(store.last(NAME).orElseThrow(), "answering").ignored())
                .isFalse();
        store.ignore(NAME, "answering", "0.9.5");
        assertThat(finding(store.last(NAME).orElseThrow(), "answering").ignored())
                .isTrue();
        tool.outdated("0.9.5");
        assertThat(finding(run(Scope.FULL), "answering").ignored()).isFalse();
        assertThat(store.unignore(NAME, "answering")).contains("0.9.5");
        assertThat(store.unignore(NAME, "answering")).isEmpty();
    }

    @Test
    void aDateIsTheUsersWhereverTheyLive() throws IOException {
        run(Scope.FULL);
        store.ignore(NAME, "answering", "2026-11-25");
        for (String zone : List.of("Pacific/Kiritimati", "America/Los_Angeles")) {
            Instant midnight =
                    LocalDate.of(2026, 11, 25).atStartOfDay(ZoneId.of(zone)).toInstant();
            for (boolean over : List.of(false, true)) {
                Instant then = over ? midnight : midnight.minusSeconds(1);
                ReportStore theirs =
                        new ReportStore(tool.directories(), () -> then, () -> ZoneId.of(zone), () -> trust);
                assertThat(finding(theirs.last(NAME).orElseThrow(), "answering").ignored())
                        .as("%s in %s", then, zone)
                        .isEqualTo(!over);
            }
        }
    }

    @Test
    void whatWasNeverFoundCannotBeSetAside() throws IOException {
        run(Scope.FULL);
        assertThat(store.ignore(NAME, "certificate", "always")).isEqualTo(Ignoring.NO_SUCH_FINDING);
    }
}
