package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.DiagnoseTool.Diagnosis;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The last report of each tool. A run merges into it: a check that was skipped keeps its earlier result with
/// its age, and *since* is kept as long as the severity stays. A damaged file is kept as `.damaged` and
/// rebuilt; a file of an earlier version counts as none.
public final class ReportStore {

    private static final String LAST_SEEN = "lastSeen";

    /// Twice the interval at which sources are queried (docs/updates.md), unless full runs are further apart.
    private static final Duration TWO_DAYS = Duration.ofHours(48);

    /// How the evidence of a later check without a result begins.
    private static final String AGAIN = "checked again ";

    /// How the evidence of an earlier answer begins.
    private static final String EARLIER = "checked ";

    private final Path folder;
    private final IgnoreList ignoreList;
    private final InstantSource clock;
    private final Supplier<ZoneId> zone;
    private final Supplier<Duration> trust;

    /// @param zone the user's time zone, for the times of earlier results and for dates
    /// @param trust how long a report counts: twice the interval between full runs (`doctor.interval`)
    public ReportStore(
            AppDirectories directories, InstantSource clock, Supplier<ZoneId> zone, Supplier<Duration> trust) {
        this.folder = directories.reports();
        this.ignoreList = new IgnoreList(directories.state().resolve("set-aside.json"));
        this.clock = clock;
        this.zone = zone;
        this.trust = trust;
    }

    /// The last report of a tool; empty when it was never checked or the file is damaged.
    public Optional<Report> last(ToolName name) {
        return read(name).map(this::withIgnoreState);
    }

    /// Merges a diagnosis into the saved report.
    ///
    /// @throws IOException when it could not be written; the earlier report is then untouched
    public Report merge(Diagnosis diagnosis) throws IOException {
        ToolName name = new ToolName(diagnosis.report().name());
        AtomicFile.makeFolder(folder);
        // Two runs at once (the user's and the tray's) must not lose each other's results.
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("." + name + ".lock"),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)));
                FileLock _ = channel.lock()) {
            JsonFile.Content content = JsonFile.read(file(name));
            Report merged = merged(diagnosis, decoded(content));
            Optional<Provenance> before = lastSeen(content);
            setAsideDamaged(file(name), content);
            ObjectNode json = ReportCodec.encode(merged);
            if (merged.provenance().isEmpty()) {
                before.ifPresent(seen -> json.set(LAST_SEEN, ReportCodec.provenance(seen)));
            }
            JsonFile.write(file(name), json);
            return withIgnoreState(merged);
        }
    }

    /// The install as it was when it was last found, to restore it after its Node or Python is gone.
    public Optional<Provenance> lastSeen(ToolName name) {
        return lastSeen(JsonFile.read(file(name)));
    }

    private static Optional<Provenance> lastSeen(JsonFile.Content content) {
        if (!(content instanceof JsonFile.Content.Present(JsonNode json)) || !ReportCodec.isReadable(json)) {
            return Optional.empty();
        }
        try {
            return Stream.of("provenance", LAST_SEEN)
                    .filter(json::hasNonNull)
                    .findFirst()
                    .map(key -> ReportCodec.provenance(json.path(key)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a report of ours that is damaged is set aside at the next run
        }
    }

    /// Merges without writing, for a run that must leave no trace.
    public Report mergeInMemory(Diagnosis diagnosis) {
        return withIgnoreState(
                merged(diagnosis, read(new ToolName(diagnosis.report().name()))));
    }

    /// Deletes the report of a tool that is no longer managed.
    public void forget(ToolName name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    /// The result of ignoring a finding.
    public enum Ignoring {
        DONE,
        /// The last report has no such finding.
        NO_SUCH_FINDING,
        /// The date is in the past, or the version is already installed.
        OVER
    }

    /// Whether the user ignores the current finding of a check.
    ///
    /// @param report the last one
    public boolean isSetAside(Report report, String id, Severity severity, String title) {
        return ignoreList.all().stream()
                .anyMatch(ignoreRule -> ignoreRule.covers(id, severity, title, report, clock.instant(), zone.get()));
    }

    /// Until when a finding is ignored, as the user wrote it.
    public Optional<String> setAsideUntil(ToolName name, String id) {
        return ignoreList.of(name.value(), id).map(IgnoreList.IgnoreRule::until);
    }

    /// Ignores a finding.
    ///
    /// @param until `change`, `upgrade`, `always`, a date or a version
    public Ignoring ignore(ToolName name, String id, String until) throws IOException {
        Optional<Report> report = read(name);
        Optional<Finding> finding = report.flatMap(last -> last.findings().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst());
        if (finding.isEmpty()) {
            return Ignoring.NO_SUCH_FINDING;
        }
        IgnoreList.IgnoreRule ignoreRule = new IgnoreList.IgnoreRule(
                name.value(),
                id,
                until,
                finding.get().severity().word(),
                finding.get().title(),
                IgnoreList.IgnoreRule.installed(report.orElseThrow()));
        if (!ignoreRule.covers(finding.get(), report.orElseThrow(), clock.instant(), zone.get())) {
            return Ignoring.OVER;
        }
        ignoreList.add(ignoreRule);
        return Ignoring.DONE;
    }

    /// Stops ignoring a finding.
    ///
    /// @return until when it was ignored; empty if it was not
    public Optional<String> unignore(ToolName name, String id) throws IOException {
        Optional<String> until = setAsideUntil(name, id);
        if (until.isPresent()) {
            ignoreList.remove(name.value(), id);
        }
        return until;
    }

    private Path file(ToolName name) {
        return folder.resolve(name + ".json");
    }

    private Optional<Report> read(ToolName name) {
        return decoded(JsonFile.read(file(name)));
    }

    private static Optional<Report> decoded(JsonFile.Content content) {
        if (!(content instanceof JsonFile.Content.Present(JsonNode json))) {
            return Optional.empty();
        }
        try {
            return Optional.of(ReportCodec.decode(json));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    Report merged(Diagnosis diagnosis, Optional<Report> earlier) {
        Report now = diagnosis.report();
        Optional<Report> same = earlier.filter(report -> isSameInstall(report, now));
        Optional<Report.UnansweredQuery> unansweredQuery = silence(now);
        // The earlier result of a source stays if the source does not respond now.
        boolean stands = unansweredQuery.isPresent()
                && same.filter(report -> isAnswered(report) && !isTooOld(report))
                        .isPresent();
        Set<String> leftOut = new HashSet<>(diagnosis.leftOut());
        if (stands) {
            leftOut.addAll(CheckCatalog.OF_THE_SOURCE);
        }
        List<Finding> findings = new ArrayList<>();
        for (Finding found : now.findings()) {
            if (stands && CheckCatalog.OF_THE_SOURCE.contains(found.id())) {
                continue;
            }
            Optional<Finding> sure = isWithoutAnswer(now, found) ? knownProblem(same, found) : Optional.empty();
            if (sure.isPresent()) {
                findings.add(sure.get());
                continue;
            }
            Finding finding = withEarlierAnswer(found, same);
            findings.add(earlier.flatMap(report -> report.findings().stream()
                            .filter(before ->
                                    before.id().equals(finding.id()) && before.severity() == finding.severity())
                            .findFirst())
                    .map(before -> finding.withSince(before.since()))
                    .orElse(finding));
        }
        // Findings of another version do not apply to this one; during an upgrade there are two versions.
        Optional<Report> known = now.isBeingUpgraded() ? earlier : same;
        known.ifPresent(report -> report.findings().stream()
                .filter(before -> leftOut.contains(before.id())
                        // A tool's own doctor has several findings.
                        || leftOut.contains(CheckId.family(before.id())))
                .forEach(findings::add));
        boolean isEarlier =
                leftOut.contains(CheckId.UPDATE) && (stands || now.verdict().isEmpty());
        Optional<Verdict> verdict = isEarlier ? known.flatMap(Report::verdict) : now.verdict();
        // The source was never queried: that is not the same as up to date.
        if (isEarlier && verdict.isEmpty() && isKnown(now)) {
            Verdict.NotCheckable not = notAsked(now);
            verdict = Optional.of(not);
            findings.removeIf(finding -> finding.id().equals(CheckId.UPDATE));
            findings.add(notAsked(now, not));
        }
        findings.sort(CheckCatalog::inOrder);
        return new Report(
                now.name(),
                now.expected(),
                now.provenance(),
                verdict,
                stands ? unansweredQuery : isEarlier ? known.flatMap(Report::unansweredQuery) : Optional.empty(),
                now.facts(),
                findings,
                now.reportedAt(),
                now.tookMillis(),
                Stream.concat(
                                now.timedOut().stream(),
                                known.stream()
                                        .flatMap(report -> report.timedOut().stream())
                                        .filter(leftOut::contains))
                        .collect(Collectors.toSet()),
                isEarlier ? known.flatMap(Report::rolledBack) : now.rolledBack());
    }

    /// A check that timed out or could not ask says nothing about the problem that was found before. What a source
    /// did not answer has rules of its own.
    private static boolean isWithoutAnswer(Report report, Finding finding) {
        // Whose response it is can remain open, for example behind a proxy: that is an answer.
        boolean isDecided =
                finding.id().equals(CheckId.IDENTITY) && !report.timedOut().contains(finding.id());
        return finding.severity() == Severity.UNKNOWN
                && !isDecided
                && !CheckCatalog.OF_THE_SOURCE.contains(finding.id());
    }

    /// The problem that a check found when it last finished: a time-out does not end it. It keeps its age.
    private Optional<Finding> knownProblem(Optional<Report> earlier, Finding late) {
        return earlier.flatMap(report -> report.finding(late.id()))
                .filter(before -> before.severity() == Severity.FAILURE || before.severity() == Severity.WARNING)
                .filter(before -> before.checkedAt().plus(trust.get()).isAfter(clock.instant()))
                .map(before -> before.with(
                        Stream.concat(
                                        before.evidence().stream()
                                                .filter(one -> !one.source().startsWith(AGAIN)),
                                        late.evidence().stream()
                                                .limit(1)
                                                .map(one -> new Evidence(
                                                        AGAIN + FindingTimes.minute(late.checkedAt(), zone.get()),
                                                        one.detail())))
                                .toList(),
                        before.remedies()));
    }

    /// Whether the install is intact; a problem with it matters more than a missing update check.
    private static boolean isKnown(Report report) {
        return report.provenance().isPresent()
                && report.findings().stream()
                        .filter(finding -> finding.id().equals(CheckId.INSTALLED_VERSION))
                        .allMatch(finding -> finding.severity() == Severity.OK);
    }

    private static Verdict.NotCheckable notAsked(Report now) {
        return new Verdict.NotCheckable(
                Verdict.UncheckableReason.NOT_ASKED,
                "All checks so far ran without the network.",
                Optional.of("lamplighter doctor " + now.name()));
    }

    private static Finding notAsked(Report now, Verdict.NotCheckable not) {
        return new Finding(
                CheckId.UPDATE,
                Group.VERSION,
                Severity.UNKNOWN,
                Messages.text("update.not-asked.title"),
                Optional.empty(),
                List.of(new Evidence("source", not.why())),
                List.of(UpdateChecks.helping(not)),
                now.reportedAt(),
                now.reportedAt(),
                false,
                0);
    }

    private static Optional<Report.UnansweredQuery> silence(Report report) {
        return report.verdict()
                .filter(Verdict.NotCheckable.class::isInstance)
                .map(Verdict.NotCheckable.class::cast)
                .filter(not -> not.uncheckableReason().isSilence())
                .map(not -> new Report.UnansweredQuery(report.reportedAt(), not));
    }

    /// A verdict without its finding has no age.
    private static boolean isAnswered(Report report) {
        return report.verdict()
                        .filter(verdict -> !(verdict instanceof Verdict.NotCheckable))
                        .isPresent()
                && report.findings().stream()
                        .anyMatch(finding -> finding.id().equals(CheckId.UPDATE)
                                || finding.id().equals(CheckId.PINNED));
    }

    /// Whether the verdict is older than twice the interval at which sources are queried. Pinned tools have no
    /// such age.
    private boolean isTooOld(Report report) {
        return isAnswered(report)
                && report.findings().stream()
                        .filter(finding -> finding.id().equals(CheckId.UPDATE))
                        .anyMatch(this::isTooOld);
    }

    private boolean isTooOld(Finding finding) {
        Duration longer = trust.get().compareTo(TWO_DAYS) > 0 ? trust.get() : TWO_DAYS;
        return finding.checkedAt().plus(longer).isBefore(clock.instant());
    }

    private static boolean isSameInstall(Report one, Report other) {
        return one.provenance()
                        .map(Provenance::version)
                        .equals(other.provenance().map(Provenance::version))
                && one.provenance()
                        .map(Provenance::origin)
                        .equals(other.provenance().map(Provenance::origin));
    }

    /// The report as of now: with ignored findings marked, and results that are too old replaced.
    private Report withIgnoreState(Report report) {
        Instant now = clock.instant();
        List<IgnoreList.IgnoreRule> wishes = ignoreList.all();
        boolean isTooOld = isTooOld(report);
        return new Report(
                report.name(),
                report.expected(),
                report.provenance(),
                isTooOld ? Optional.of(staleVerdict(report)) : report.verdict(),
                report.unansweredQuery(),
                report.facts(),
                report.findings().stream()
                        .filter(finding -> !isTooOld || !finding.id().equals(CheckId.WHY_NOT_NEWER))
                        .map(finding -> expireStale(finding, isTooOld))
                        .map(finding -> unanswered(finding, report.unansweredQuery()))
                        .map(finding -> finding.withIgnored(wishes.stream()
                                .anyMatch(ignoreRule -> ignoreRule.covers(finding, report, now, zone.get()))))
                        .toList(),
                report.reportedAt(),
                report.tookMillis(),
                report.timedOut(),
                report.rolledBack());
    }

    private Verdict staleVerdict(Report report) {
        return new Verdict.NotCheckable(
                Verdict.UncheckableReason.TOO_OLD,
                report.findings().stream()
                        .filter(finding -> finding.id().equals(CheckId.UPDATE))
                        .map(finding -> "The source last responded on %s."
                                .formatted(FindingTimes.minute(finding.checkedAt(), zone.get())))
                        .findFirst()
                        .orElse("The source has not responded for a while."));
    }

    /// Replaces a result that was kept for too long while later runs skipped its check. All other findings are
    /// as old as the report, which shows its own age.
    private Finding expireStale(Finding finding, boolean verdictIsTooOld) {
        boolean old = finding.id().equals(CheckId.UPDATE)
                ? verdictIsTooOld
                : CheckId.family(finding.id()).equals(CheckId.OWN_DOCTOR)
                        && finding.severity() != Severity.UNKNOWN
                        && isTooOld(finding);
        if (!old) {
            return finding;
        }
        return new Finding(
                finding.id(),
                finding.group(),
                Severity.UNKNOWN,
                Messages.text(finding.id().equals(CheckId.UPDATE) ? "update.too-old.title" : "check.old.title"),
                Optional.empty(),
                List.of(new Evidence(
                        "last checked " + FindingTimes.minute(finding.checkedAt(), zone.get()), finding.title())),
                List.of(new Remedy.Wait(Messages.text("remedy.wait"))),
                finding.since(),
                finding.checkedAt(),
                finding.ignored(),
                finding.tookMillis());
    }

    /// Adds to an earlier result that the source did not respond since.
    private Finding unanswered(Finding finding, Optional<Report.UnansweredQuery> unansweredQuery) {
        if (unansweredQuery.isEmpty()
                || !(finding.id().equals(CheckId.UPDATE) || finding.id().equals(CheckId.PINNED))) {
            return finding;
        }
        List<Evidence> evidence = new ArrayList<>(finding.evidence());
        evidence.add(new Evidence(
                AGAIN + FindingTimes.minute(unansweredQuery.get().askedAt(), zone.get()),
                unansweredQuery.get().gap().why()));
        // A remedy that only waits appears once.
        List<Remedy> remedies =
                new ArrayList<>(finding.severity() == Severity.UNKNOWN ? List.of() : finding.remedies());
        remedies.add(UpdateChecks.helping(unansweredQuery.get().gap()));
        return finding.with(evidence, remedies.stream().distinct().toList());
    }

    /// Adds the last known update result to the finding that the source could not be queried.
    private Finding withEarlierAnswer(Finding now, Optional<Report> earlier) {
        if (!now.id().equals(CheckId.UPDATE) || now.severity() != Severity.UNKNOWN) {
            return now;
        }
        Optional<Evidence> known = earlier.stream()
                .flatMap(report -> report.findings().stream())
                .filter(before -> before.id().equals(CheckId.UPDATE))
                .flatMap(before -> before.severity() == Severity.UNKNOWN
                        ? before.evidence().stream().filter(one -> one.source().startsWith(EARLIER))
                        : before.evidence().stream()
                                .limit(1)
                                .map(one -> new Evidence(
                                        EARLIER + FindingTimes.minute(before.checkedAt(), zone.get()), one.detail())))
                .findFirst();
        List<Evidence> evidence = new ArrayList<>(now.evidence());
        known.ifPresent(evidence::add);
        return now.with(evidence, now.remedies());
    }

    /// Renames a damaged file to `.damaged`.
    static void setAsideDamaged(Path file) throws IOException {
        setAsideDamaged(file, JsonFile.read(file));
    }

    private static void setAsideDamaged(Path file, JsonFile.Content content) throws IOException {
        if (content instanceof JsonFile.Content.Damaged) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
