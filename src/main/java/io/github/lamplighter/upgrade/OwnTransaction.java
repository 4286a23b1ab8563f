package io.github.lamplighter.upgrade;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.self.BuildRecord;
import io.github.lamplighter.installer.self.PackageArchive;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.release.ArchiveDownload;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.GateChecks.Gate;
import io.github.lamplighter.upgrade.JournalEntry.LinkSwitch;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One upgrade or rollback of Lamplighter itself, under the lock of its versions. The new version is put next
/// to the one in use; the switch replaces a link; the tray icon hands over. The worker keeps running from the
/// old version, which stays on disk. On any failure the link and the tray icon go back.
final class OwnTransaction {

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);
    private static final Duration DOCTOR_LIMIT = Duration.ofMinutes(2);
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(2);

    /// No package unpacks to more.
    private static final long MOST_UNPACKED = 4L * 1024 * 1024 * 1024;

    private static final long MEGABYTE = 1_000_000;

    /// What the new version's first run must not see or change.
    private static final List<String> USER_FOLDERS =
            List.of("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME");

    private final UpgradeContext context;
    private final String id;
    private final Manifest manifest;
    private final Provenance before;
    private final String to;
    private final Optional<UpgradeTarget.ReleaseArchive> archive;
    private final Journal journal;
    private final StepSequence sequence;
    private final VersionSwitch versionSwitch;
    private final VersionFolders folders;
    private final Path stage;

    private Map<String, Gate> baseline = Map.of();
    private boolean trayRan;
    private Path prepared;
    private Optional<LinkSwitch> change = Optional.empty();
    private boolean keepsDownload;
    private String leftOver = "";
    private boolean isOpen;
    private Inhibitor.WakeLock wakeLock = () -> {};

    /// @param archive what to download; empty if `to` is still installed
    private OwnTransaction(
            UpgradeContext context,
            String id,
            Manifest manifest,
            Provenance before,
            String to,
            Optional<UpgradeTarget.ReleaseArchive> archive,
            CancellationToken cancellationToken,
            Journal journal) {
        this.context = context;
        this.id = id;
        this.manifest = manifest;
        this.before = before;
        this.to = to;
        this.archive = archive;
        this.journal = journal;
        // The restart of the tray icon may end the process that started this upgrade, which looks like a cancellation.
        this.sequence = new StepSequence(context.clock(), journal, cancellationToken, Step.SWITCH);
        this.versionSwitch = new VersionSwitch(context);
        this.folders = new VersionFolders(context.directories());
        this.stage = folders.partial(to);
        this.prepared = folders.folder(to);
    }

    static OwnTransaction upgrade(
            UpgradeContext context,
            Manifest manifest,
            UpgradePlan plan,
            UpgradeTarget.ReleaseArchive archive,
            CancellationToken cancellationToken,
            Journal journal) {
        return new OwnTransaction(
                context,
                plan.id(),
                manifest,
                plan.provenance(),
                archive.version(),
                Optional.of(archive),
                cancellationToken,
                journal);
    }

    /// @param kept the version to go back to
    static OwnTransaction rollback(
            UpgradeContext context,
            String id,
            Manifest manifest,
            Provenance before,
            Snapshot kept,
            CancellationToken cancellationToken,
            Journal journal) {
        return new OwnTransaction(
                context, id, manifest, before, kept.version(), Optional.empty(), cancellationToken, journal);
    }

    UpgradeOutcome run() {
        Instant startedAt = now();
        Map<Step, StepSequence.Action> actions = new LinkedHashMap<>();
        actions.put(Step.BASELINE, this::recordBaseline);
        archive.ifPresent(wanted -> {
            actions.put(Step.DOWNLOAD, () -> download(wanted));
            actions.put(Step.STAGE, () -> unpack(wanted));
        });
        actions.put(Step.TEST, this::test);
        actions.put(Step.PREPARE_ROLLBACK, this::prepareRollback);
        actions.put(Step.SWITCH, this::switchLink);
        actions.put(Step.VERIFY, this::verify);
        actions.put(Step.HAND_OVER, this::handOver);
        actions.put(Step.DOCTOR_CHECKS, this::gates);
        actions.put(Step.COMMIT, this::commit);
        journal.write(new JournalEntry.Planned(
                now(),
                before.version(),
                to,
                archive.map(UpgradePlan::identity).orElseGet(() -> JournalEntry.Planned.SNAPSHOT + to),
                List.copyOf(actions.keySet()),
                archive.map(wanted -> List.of("download " + wanted.url())).orElse(List.of())));
        StepRun last = sequence.run(actions);
        wakeLock.close();
        UpgradeOutcome outcome = last.outcome() == StepOutcome.FAILED
                ? failed(last, startedAt)
                : outcome(wanted(), Optional.of(leftOver).filter(text -> !text.isEmpty()), startedAt);
        journal.note(new JournalEntry.Ended(now(), outcome, isOpen));
        return outcome;
    }

    private UpgradeOutcome failed(StepRun last, Instant startedAt) {
        return sequence.isCancelled()
                ? rollBack(StepSequence.CANCELLED, startedAt).cancelled()
                : rollBack(last.detail(), startedAt);
    }

    private Result wanted() {
        return archive.isPresent() ? Result.UPGRADED : Result.ROLLED_BACK;
    }

    private StepRun recordBaseline() {
        baseline = context.gateChecks().gates(manifest);
        trayRan = context.residentTray().isRunningFrom(folders.versions());
        return StepRun.done(trayRan ? "tray icon running" : "tray icon not running");
    }

    private StepRun download(UpgradeTarget.ReleaseArchive wanted) throws IOException {
        for (Path other : folders.partials()) {
            if (!other.equals(stage)) {
                DirectoryTrees.delete(other);
            }
        }
        AtomicFile.makeFolder(stage);
        output("$ download " + wanted.url());
        Progress progress = new Progress(wanted.size());
        try {
            return switch (context.releaseSource().download(wanted, file(wanted), progress::stored)) {
                case ArchiveDownload.Result.Complete _ ->
                    StepRun.done("%d MB".formatted(Math.max(1, wanted.size() / MEGABYTE)));
                case ArchiveDownload.Result.Failed(String why) -> {
                    // The next run continues it.
                    keepsDownload = true;
                    yield StepRun.failed(why);
                }
            };
        } catch (InterruptedException _) {
            return StepRun.failed(StepSequence.CANCELLED);
        }
    }

    /// Writes each tenth of a download to the journal.
    private final class Progress {
        private final long size;
        private long next;

        Progress(long size) {
            this.size = size;
            this.next = size / 10;
        }

        void stored(long bytes) {
            if (bytes >= next && bytes < size) {
                next = bytes + size / 10;
                output("%d of %d MB".formatted(bytes / MEGABYTE, Math.max(1, size / MEGABYTE)));
            }
        }
    }

    /// The sum in its name: another file of the same version is not continued.
    private Path file(UpgradeTarget.ReleaseArchive wanted) {
        return stage.resolve(wanted.sha256() + ".tar.gz");
    }

    private StepRun unpack(UpgradeTarget.ReleaseArchive wanted) throws IOException {
        Path unpacked = stage.resolve("unpacked");
        DirectoryTrees.delete(unpacked);
        AtomicFile.makeFolder(unpacked);
        try {
            return switch (new PackageArchive(file(wanted), MOST_UNPACKED).unpack(unpacked)) {
                case PackageArchive.Unpacked.Refused(String why) -> StepRun.failed(why);
                case PackageArchive.Unpacked.Done(Path top) -> {
                    prepared = top;
                    Files.delete(file(wanted));
                    // A power cut after the switch must find the new files written, not only named.
                    ProcessResult _ = context.runner().run(Command.of(SYNC_LIMIT, "sync", "-f", top.toString()));
                    yield StepRun.done("");
                }
            };
        } catch (IOException e) {
            return StepRun.failed("Could not unpack the package: %s.".formatted(AtomicFile.why(unpacked, e)));
        }
    }

    /// Runs the new version where it is, in a home of its own: it must not change anything of the user's yet.
    private StepRun test() throws IOException {
        if (!(BuildRecord.read(BuildRecord.in(prepared)) instanceof BuildRecord.Reading.Found(BuildRecord build))) {
            return StepRun.failed("The package has no valid build record.");
        }
        if (!build.version().equals(to)) {
            return StepRun.failed("The package contains version %s instead of %s.".formatted(build.version(), to));
        }
        Path launcher = VersionFolders.launcher(prepared);
        Command version = Command.of(VERSION_LIMIT, launcher.toString(), "--version");
        String said = context.runner().run(version) instanceof ProcessResult.Exited exited && exited.status() == 0
                ? exited.out().strip()
                : "";
        if (!said.equals("lamplighter " + to)) {
            return StepRun.failed(
                    said.isEmpty()
                            ? "%s does not start.".formatted(to)
                            : "The new program reports \"%s\" instead of %s."
                                    .formatted(said.lines().findFirst().orElse(""), to));
        }
        Path home = stage.resolve("home");
        AtomicFile.makeFolder(home);
        Command doctor = doctor(launcher).with("HOME", home.toString());
        for (String folder : USER_FOLDERS) {
            doctor = doctor.without(folder);
        }
        return StepRun.unless(
                examine(doctor) instanceof Examined.NoReport(String why) ? Optional.of(why) : Optional.empty(),
                () -> StepRun.done("--version, doctor"));
    }

    private Command doctor(Path launcher) {
        return Command.of(
                        DOCTOR_LIMIT,
                        launcher.toString(),
                        "doctor",
                        "--offline",
                        "--json",
                        manifest.name().value())
                .with(StageSteps.MARK, id);
    }

    private sealed interface Examined {
        record Report(Map<String, Gate> findings) implements Examined {}

        /// `why` is a sentence.
        record NoReport(String why) implements Examined {}
    }

    /// What the new version's doctor says about itself.
    private Examined examine(Command doctor) {
        if (!(context.runner().run(doctor) instanceof ProcessResult.Exited exited)) {
            return new Examined.NoReport("The doctor of %s did not finish.".formatted(to));
        }
        try {
            JsonNode tool = JsonFile.MAPPER
                    .readTree(exited.out())
                    .path("data")
                    .path("tools")
                    .path(0);
            Map<String, Gate> findings = new LinkedHashMap<>();
            for (JsonNode finding : tool.path("findings")) {
                Severity.of(finding.path("severity").asString(""))
                        .ifPresent(severity -> findings.put(
                                finding.path("id").asString(""),
                                new Gate(severity, finding.path("title").asString(""))));
            }
            return findings.isEmpty()
                    ? new Examined.NoReport(
                            "The doctor of %s reported nothing (exit code %d).".formatted(to, exited.status()))
                    : new Examined.Report(findings);
        } catch (JacksonException _) {
            return new Examined.NoReport(
                    "The doctor of %s reported no valid JSON (exit code %d).".formatted(to, exited.status()));
        }
    }

    private StepRun prepareRollback() throws IOException {
        LinkSwitch wanted = new LinkSwitch(
                folders.target().orElseThrow(() -> new IOException(folders.current() + " is missing")),
                VersionFolders.target(to),
                before.environment(),
                folders.folder(to),
                archive.map(_ -> stage),
                trayRan);
        change = Optional.of(wanted);
        journal.write(new JournalEntry.LinkSwitchRecorded(now(), wanted));
        new CommitAndRollback(context).arm();
        wakeLock = context.inhibitor().hold("Upgrading %s".formatted(manifest.name()));
        return StepRun.done("");
    }

    private StepRun switchLink() throws IOException {
        LinkSwitch wanted = change.orElseThrow();
        if (!prepared.equals(wanted.toFolder()) && !isSameInUse(wanted.toFolder())) {
            // A version of this name that was rolled back before.
            if (Files.exists(wanted.toFolder(), LinkOption.NOFOLLOW_LINKS)) {
                DirectoryTrees.delete(wanted.toFolder());
            }
            Files.move(prepared, wanted.toFolder(), StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(folders.versions());
        }
        folders.use(wanted.to());
        return StepRun.done("");
    }

    /// Whether the same build is there already, and a window still runs from it.
    private boolean isSameInUse(Path folder) {
        return VersionSwitch.isInUse(folder)
                && BuildRecord.read(BuildRecord.in(folder)).equals(BuildRecord.read(BuildRecord.in(prepared)));
    }

    private StepRun verify() {
        Optional<String> version = context.provenance(manifest).map(Provenance::version);
        return version.filter(to::equals).isPresent()
                ? StepRun.done("")
                : StepRun.failed("Version %s was installed instead of %s.".formatted(version.orElse("-"), to));
    }

    private StepRun handOver() {
        return trayRan
                ? StepRun.unless(
                        context.residentTray()
                                .restart(
                                        folders.launcher(), change.orElseThrow().toFolder()),
                        () -> StepRun.done(""))
                : StepRun.skipped("tray icon was not running");
    }

    /// Counts only what passed before and fails twice now, in the eyes of the new version.
    private StepRun gates() {
        Optional<String> broken = brokenGate();
        if (broken.isPresent()) {
            broken = brokenGate();
        }
        return StepRun.unless(broken, () -> StepRun.done("%d passed".formatted(baseline.size())));
    }

    private Optional<String> brokenGate() {
        return switch (examine(doctor(folders.launcher()))) {
            case Examined.NoReport(String why) -> Optional.of(why);
            case Examined.Report(Map<String, Gate> findings) ->
                findings.entrySet().stream()
                        .filter(gate -> gate.getValue().isBroken())
                        .filter(gate -> Optional.ofNullable(baseline.get(gate.getKey()))
                                .filter(Gate::isWell)
                                .isPresent())
                        .findFirst()
                        .map(gate -> "%s (%s).".formatted(gate.getValue().title(), gate.getKey()));
        };
    }

    private StepRun commit() {
        leftOver = String.join(" ", versionSwitch.commit(journal, change.orElseThrow()));
        return StepRun.done(leftOver);
    }

    private UpgradeOutcome rollBack(String why, Instant startedAt) {
        List<JournalEntry> done = context.journals().entries(journal.file());
        if (change.isEmpty()) {
            if (!keepsDownload) {
                // The next run deletes what cannot be deleted now.
                CommitAndRollback.part(new ArrayList<>(), "remove the download", versionSwitch::dropPartials);
            }
            return outcome(Result.FAILED, Optional.of(why), startedAt);
        }
        Instant began = now();
        journal.note(new JournalEntry.StepStarted(began, Step.ROLLBACK));
        RollbackResult result = versionSwitch.rollBack(journal, done, change.get(), false);
        isOpen = !result.isWhole();
        sequence.ended(Step.ROLLBACK, result.outcome(), began, result.text());
        if (!result.isWell()) {
            return outcome(Result.NEEDS_ATTENTION, Optional.of(result.text(why)), startedAt);
        }
        boolean switched = CommitAndRollback.began(done, Step.SWITCH);
        return outcome(
                archive.isPresent() && switched ? Result.ROLLED_BACK : Result.FAILED, Optional.of(why), startedAt);
    }

    private UpgradeOutcome outcome(Result result, Optional<String> reason, Instant startedAt) {
        return new UpgradeOutcome(
                manifest.name().value(),
                archive.isPresent() ? Asked.UPGRADE : Asked.ROLLBACK,
                result,
                before.version(),
                to,
                reason,
                0,
                UpgradeOutcome.DataRisk.NONE,
                Optional.of(journal.file()),
                sequence.results(),
                startedAt);
    }

    private void output(String line) {
        journal.note(new JournalEntry.Output(now(), line));
    }

    private Instant now() {
        return context.clock().instant();
    }
}
