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
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The last report of each tool. A run merges into it: a check that was left out keeps its earlier answer
/// with its age, and *since* is kept as long as the severity stays. The files are our own: a damaged one is
/// set aside as `.damaged` and built anew.
public final class ReportStore {

    private static final String LAST_SEEN = "lastSeen";

    /// Twice the interval at which sources are asked (docs/updates.md), where full runs are not further apart.
    private static final Duration TWO_DAYS = Duration.ofHours(48);

    /// How the evidence of an earlier answer begins.
    private static final String EARLIER = "checked ";

    private final Path folder;
    private final IgnoreList ignoreList;
    private final InstantSource clock;
    private final Supplier<ZoneId> zone;
    private final Supplier<Duration> trust;

    /// @param zone the user's, in which the times of earlier answers are told and dates are meant
    /// @param trust how long a report is believed: twice the interval between full runs (`doctor.interval`)
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

    /// Puts what was found now together with what is known from before.
    ///
    /// @throws IOException when it could not be written; the earlier report is then untouched
    public Report merge(Diagnosis diagnosis) throws IOException {
        ToolName name = new ToolName(diagnosis.report().name());
        AtomicFile.makeFolder(folder);
        // Two runs at once (a person's and the tray's) must not lose each other's answers.
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

    /// The install as it was when it was last there: what one would want back after its Node or Python is
    /// gone.
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

    /// Puts them together without writing, for a run that shall leave no trace.
    public Report mergeInMemory(Diagnosis diagnosis) {
        return withIgnoreState(
                merged(diagnosis, read(new ToolName(diagnosis.report().name()))));
    }

    /// Forgets the report of a tool that is no longer looked after.
    public void forget(ToolName name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    /// What came of setting a finding aside.
    public enum Ignoring {
        DONE,
        /// The last report has no such finding.
        NO_SUCH_FINDING,
        /// Until then it is over already: the day is past, or the version is there.
        OVER
    }

    /// Whether the user does not want to hear of what a check would say now.
    ///
    /// @param report the last one
    public boolean isSetAside(Report report, String id, Severity severity, String title) {
        return ignoreList.all().stream()
                .anyMatch(ignoreRule -> ignoreRule.covers(id, severity, title, report, clock.instant(), zone.get()));
    }

    /// Until when a finding is set aside, as the user said it.
    public Optional<String> setAsideUntil(ToolName name, String id) {
        return ignoreList.of(name.value(), id).map(IgnoreList.IgnoreRule::until);
    }

    /// Sets a finding aside.
    ///
    /// @param until `change`, `always`, a date or a version
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
                finding.get().title());
        if (!ignoreRule.covers(finding.get(), report.orElseThrow(), clock.instant(), zone.get())) {
            return Ignoring.OVER;
        }
        ignoreList.add(ignoreRule);
        return Ignoring.DONE;
    }

    /// Takes a finding up again.
    ///
    /// @return until when it was set aside; empty when it was not
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
        // What a source said a while ago still stands when it says nothing now.
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
            Finding finding = withEarlierAnswer(found, same);
            findings.add(earlier.flatMap(report -> report.findings().stream()
                            .filter(before ->
                                    before.id().equals(finding.id()) && before.severity() == finding.severity())
                            .findFirst())
                    .map(before -> finding.withSince(before.since()))
                    .orElse(finding));
        }
        // What was said of another version says nothing of this one; in the middle of an upgrade there are two.
        Optional<Report> known = now.isBeingUpgraded() ? earlier : same;
        known.ifPresent(report -> report.findings().stream()
                .filter(before -> leftOut.contains(before.id())
                        // A tool's own doctor says several things at once.
                        || leftOut.contains(CheckId.family(before.id())))
                .forEach(findings::add));
        boolean isEarlier =
                leftOut.contains(CheckId.UPDATE) && (stands || now.verdict().isEmpty());
        Optional<Verdict> verdict = isEarlier ? known.flatMap(Report::verdict) : now.verdict();
        // Nobody was ever asked: that is not the same as nothing newer.
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
                now.tookMillis());
    }

    /// What is wrong with the install says more than that nobody was asked for another.
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
                List.of(VersionChecks.helping(not)),
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

    /// An answer without its finding has no age.
    private static boolean isAnswered(Report report) {
        return report.verdict()
                        .filter(verdict -> !(verdict instanceof Verdict.NotCheckable))
                        .isPresent()
                && report.findings().stream()
                        .anyMatch(finding -> finding.id().equals(CheckId.UPDATE)
                                || finding.id().equals(CheckId.HELD));
    }

    /// Whether the verdict is older than twice the interval at which sources are asked. What does not move by itself
    /// does not grow old.
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

    /// With what holds at this moment: what is set aside, and what is too old to be believed.
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
                report.tookMillis());
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

    /// An answer that was kept while later runs left its check out is not believed for ever. The other checks
    /// are as old as the report, which says so as a whole.
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

    /// That nobody answered since stands beside what was said before.
    private Finding unanswered(Finding finding, Optional<Report.UnansweredQuery> unansweredQuery) {
        if (unansweredQuery.isEmpty()
                || !(finding.id().equals(CheckId.UPDATE) || finding.id().equals(CheckId.HELD))) {
            return finding;
        }
        List<Evidence> evidence = new ArrayList<>(finding.evidence());
        evidence.add(new Evidence(
                "checked again " + FindingTimes.minute(unansweredQuery.get().askedAt(), zone.get()),
                unansweredQuery.get().gap().why()));
        // What only waits is said once.
        List<Remedy> remedies =
                new ArrayList<>(finding.severity() == Severity.UNKNOWN ? List.of() : finding.remedies());
        remedies.add(VersionChecks.helping(unansweredQuery.get().gap()));
        return finding.with(evidence, remedies.stream().distinct().toList());
    }

    /// What was last known of updates stands beside the word that nobody could be asked.
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

    /// Moves a file of ours that cannot be read out of the way, and keeps it.
    static void setAsideDamaged(Path file) throws IOException {
        setAsideDamaged(file, JsonFile.read(file));
    }

    private static void setAsideDamaged(Path file, JsonFile.Content content) throws IOException {
        if (content instanceof JsonFile.Content.Damaged) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
