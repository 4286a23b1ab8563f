package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.DiagnoseTool.Diagnosis;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The last report of each tool. A run merges into it: a check that was left out keeps its earlier answer
/// with its age, and *since* is kept as long as the severity stays. The files are our own: a damaged one is
/// set aside as `.damaged` and built anew.
public final class ReportStore {

    private static final String LAST_SEEN = "lastSeen";

    /// Twice the interval at which sources are asked (`updates.interval`, docs/ux.md).
    private static final Duration TRUST = Duration.ofHours(48);

    /// How the evidence of an earlier answer begins.
    private static final String EARLIER = "asked ";

    private final Path folder;
    private final SetAside setAside;
    private final InstantSource clock;
    private final ZoneId zone;

    /// @param zone the user's, in which the times of earlier answers are told and dates are meant
    public ReportStore(Places places, InstantSource clock, ZoneId zone) {
        this.folder = places.reports();
        this.setAside = new SetAside(places.state().resolve("set-aside.json"));
        this.clock = clock;
        this.zone = zone;
    }

    /// The last report of a tool; empty when it was never checked or the file is damaged.
    public Optional<Report> last(ToolName name) {
        return read(name).map(this::marked);
    }

    /// Puts what was found now together with what is known from before.
    ///
    /// @throws IOException when it could not be written; the earlier report is then untouched
    public Report merge(Diagnosis diagnosis) throws IOException {
        ToolName name = new ToolName(diagnosis.report().name());
        Files.createDirectories(folder);
        // Two runs at once (a person's and the tray's) must not lose each other's answers.
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("." + name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            Report merged = merged(diagnosis, read(name));
            Optional<Provenance> before = lastSeen(name);
            setAsideDamaged(file(name));
            ObjectNode json = ReportCodec.encode(merged);
            if (merged.provenance().isEmpty()) {
                before.ifPresent(seen -> json.set(LAST_SEEN, ReportCodec.provenance(seen)));
            }
            JsonFile.write(file(name), json);
            return marked(merged);
        }
    }

    /// The install as it was when it was last there: what one would want back after its Node or Python is
    /// gone.
    public Optional<Provenance> lastSeen(ToolName name) {
        if (!(JsonFile.read(file(name)) instanceof JsonFile.Content.Present(JsonNode json))) {
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
    public Report together(Diagnosis diagnosis) {
        return marked(merged(diagnosis, read(new ToolName(diagnosis.report().name()))));
    }

    /// Forgets the report of a tool that is no longer looked after.
    public void forget(ToolName name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    /// Sets a finding aside.
    ///
    /// @param until `change`, `always`, a date or a version
    /// @return whether the last report has such a finding
    public boolean ignore(ToolName name, String id, String until) throws IOException {
        Optional<Finding> finding = read(name)
                .flatMap(report -> report.findings().stream()
                        .filter(candidate -> candidate.id().equals(id))
                        .findFirst());
        if (finding.isEmpty()) {
            return false;
        }
        setAside.add(new SetAside.Wish(
                name.value(),
                id,
                until,
                finding.get().severity().word(),
                finding.get().title()));
        return true;
    }

    /// Takes a finding up again.
    ///
    /// @return whether it was set aside
    public boolean unignore(ToolName name, String id) throws IOException {
        return setAside.remove(name.value(), id);
    }

    private Path file(ToolName name) {
        return folder.resolve(name + ".json");
    }

    private Optional<Report> read(ToolName name) {
        if (!(JsonFile.read(file(name)) instanceof JsonFile.Content.Present(JsonNode json))) {
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
        List<Finding> findings = new ArrayList<>();
        for (Finding found : now.findings()) {
            Finding finding = remembering(found, earlier.filter(report -> isSameInstall(report, now)));
            findings.add(earlier.flatMap(report -> report.findings().stream()
                            .filter(before ->
                                    before.id().equals(finding.id()) && before.severity() == finding.severity())
                            .findFirst())
                    .map(before -> since(finding, before.since()))
                    .orElse(finding));
        }
        // What was said of another version says nothing of this one; in the middle of an upgrade there are two.
        Optional<Report> same = earlier.filter(report -> now.isBeingUpgraded() || isSameInstall(report, now));
        same.ifPresent(report -> report.findings().stream()
                .filter(before -> diagnosis.leftOut().contains(before.id())
                        // A tool's own doctor says several things at once.
                        || diagnosis.leftOut().contains(Catalogue.family(before.id())))
                .forEach(findings::add));
        findings.sort(Comparator.comparingInt((Finding finding) -> Catalogue.position(finding.id())));
        boolean verdictLeftOut = diagnosis.leftOut().contains("update");
        return new Report(
                now.name(),
                now.expected(),
                now.provenance(),
                verdictLeftOut ? now.verdict().or(() -> same.flatMap(Report::verdict)) : now.verdict(),
                now.facts(),
                findings,
                now.reportedAt(),
                now.tookMillis());
    }

    private static boolean isSameInstall(Report one, Report other) {
        return one.provenance()
                        .map(Provenance::version)
                        .equals(other.provenance().map(Provenance::version))
                && one.provenance()
                        .map(Provenance::origin)
                        .equals(other.provenance().map(Provenance::origin));
    }

    /// With the marks of what is set aside now.
    private Report marked(Report report) {
        Instant now = clock.instant();
        List<SetAside.Wish> wishes = setAside.all();
        return new Report(
                report.name(),
                report.expected(),
                report.provenance(),
                report.verdict(),
                report.facts(),
                report.findings().stream()
                        .map(finding -> believed(finding, now))
                        .map(finding -> ignored(
                                finding, wishes.stream().anyMatch(wish -> wish.covers(finding, report, now, zone))))
                        .toList(),
                report.reportedAt(),
                report.tookMillis());
    }

    /// An answer that was kept while later runs left its check out is not believed for ever. The other checks
    /// are as old as the report, which says so as a whole.
    private Finding believed(Finding finding, Instant now) {
        boolean old = Catalogue.find(finding.id())
                        .filter(Catalogue.Entry::needsNetwork)
                        .isPresent()
                && finding.severity() != Severity.UNKNOWN
                && finding.checkedAt().plus(TRUST).isBefore(now);
        if (!old) {
            return finding;
        }
        return new Finding(
                finding.id(),
                finding.group(),
                Severity.UNKNOWN,
                Messages.text("check.old.title"),
                Optional.empty(),
                List.of(new Evidence("last asked " + When.minute(finding.checkedAt(), zone), finding.title())),
                List.of(new Remedy.Wait(Messages.text("remedy.wait-network"))),
                finding.since(),
                finding.checkedAt(),
                finding.ignored(),
                finding.tookMillis());
    }

    /// What was last known of updates stands beside the word that nobody could be asked.
    private Finding remembering(Finding now, Optional<Report> earlier) {
        if (!now.id().equals("update") || now.severity() != Severity.UNKNOWN) {
            return now;
        }
        Optional<Evidence> known = earlier.stream()
                .flatMap(report -> report.findings().stream())
                .filter(before -> before.id().equals("update"))
                .flatMap(before -> before.severity() == Severity.UNKNOWN
                        ? before.evidence().stream().filter(one -> one.source().startsWith(EARLIER))
                        : before.evidence().stream()
                                .limit(1)
                                .map(one ->
                                        new Evidence(EARLIER + When.minute(before.checkedAt(), zone), one.detail())))
                .findFirst();
        List<Evidence> evidence = new ArrayList<>(now.evidence());
        known.ifPresent(evidence::add);
        return new Finding(
                now.id(),
                now.group(),
                now.severity(),
                now.title(),
                now.effect(),
                evidence,
                now.remedies(),
                now.since(),
                now.checkedAt(),
                now.ignored(),
                now.tookMillis());
    }

    /// Moves a file of ours that cannot be read out of the way, and keeps it.
    static void setAsideDamaged(Path file) throws IOException {
        if (JsonFile.read(file) instanceof JsonFile.Content.Damaged) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Finding since(Finding finding, Instant since) {
        return new Finding(
                finding.id(),
                finding.group(),
                finding.severity(),
                finding.title(),
                finding.effect(),
                finding.evidence(),
                finding.remedies(),
                since,
                finding.checkedAt(),
                finding.ignored(),
                finding.tookMillis());
    }

    private static Finding ignored(Finding finding, boolean ignored) {
        return new Finding(
                finding.id(),
                finding.group(),
                finding.severity(),
                finding.title(),
                finding.effect(),
                finding.evidence(),
                finding.remedies(),
                finding.since(),
                finding.checkedAt(),
                ignored,
                finding.tookMillis());
    }
}
