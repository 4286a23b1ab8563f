package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.GateChecks.Gate;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One upgrade or rollback under the lock of its environment: prepare, switch, check, keep the old version;
/// on any failure roll back.
final class Transaction {

    private static final String WAS_NOT_RUNNING = "was not running";

    /// With so little left, a disk counts as full.
    private static final long FULL = 256 * 1024;

    private final UpgradeContext context;
    private final CommitAndRollback commitAndRollback;
    private final String id;
    private final Manifest manifest;
    private final Provenance before;
    private final ReplacementVersion replacement;
    private final UpgradeImpact confirmed;
    private final Path snapshot;
    private final Journal journal;
    private final StepSequence sequence;

    private Set<String> packages = Set.of();
    private Map<String, Gate> baseline = Map.of();
    private Map<Path, Optional<String>> links = Map.of();
    private boolean wasRunning;
    private boolean wasResponding;
    private String leftOver = "";
    private boolean isStopped;
    private Optional<ServiceState> ready = Optional.empty();
    private boolean isOpen;
    private Optional<RollbackPoint> rollbackPoint = Optional.empty();
    private Optional<AddedFiles> addedFiles = Optional.empty();
    private Inhibitor.WakeLock wakeLock = () -> {};

    /// @param confirmed the impact that the user accepted
    /// @param snapshot where the installed version will be kept
    Transaction(
            UpgradeContext context,
            String id,
            Manifest manifest,
            Provenance before,
            ReplacementVersion replacement,
            UpgradeImpact confirmed,
            Path snapshot,
            CancellationToken cancellationToken,
            Journal journal) {
        this.context = context;
        this.commitAndRollback = new CommitAndRollback(context);
        this.id = id;
        this.manifest = manifest;
        this.before = before;
        this.replacement = replacement;
        this.confirmed = confirmed;
        this.snapshot = snapshot;
        this.journal = journal;
        this.sequence = new StepSequence(context.clock(), journal, cancellationToken, Step.COMMIT);
    }

    /// Whether a service has, or is about to have, a process.
    static boolean isUp(ServiceState state) {
        return switch (state.phase()) {
            case RUNNING, STARTING, RESTARTING -> true;
            case STOPPED, FAILED, NOT_INSTALLED, UNKNOWN -> false;
        };
    }

    UpgradeOutcome run() {
        Instant startedAt = now();
        Map<Step, StepSequence.Action> actions = actions();
        journal.write(new JournalEntry.Planned(
                now(),
                before.version(),
                replacement.label(),
                replacement.identity(),
                List.copyOf(actions.keySet()),
                replacement.commands()));
        StepRun last = sequence.run(actions);
        wakeLock.close();
        UpgradeOutcome outcome = last.outcome() == StepOutcome.FAILED
                ? failed(last, startedAt)
                : outcome(wanted(), Optional.of(leftOver).filter(text -> !text.isEmpty()), startedAt);
        journal.note(new JournalEntry.Ended(now(), outcome, isOpen));
        return outcome;
    }

    private Result wanted() {
        return replacement instanceof ReplacementVersion.NewVersion ? Result.UPGRADED : Result.ROLLED_BACK;
    }

    private UpgradeOutcome failed(StepRun last, Instant startedAt) {
        if (last.needsConsent()) {
            UpgradeOutcome rolledBack = rollBack(last.detail(), startedAt);
            return rolledBack.result() == Result.FAILED
                    ? outcome(Result.NEEDS_CONSENT, Optional.of(last.detail()), startedAt)
                    : rolledBack;
        }
        return sequence.isCancelled()
                ? rollBack(StepSequence.CANCELLED, startedAt).cancelled()
                : rollBack(last.detail(), startedAt);
    }

    private Map<Step, StepSequence.Action> actions() {
        Map<Step, StepSequence.Action> actions = new LinkedHashMap<>();
        actions.put(Step.BASELINE, this::recordBaseline);
        if (replacement instanceof ReplacementVersion.NewVersion(UpgradePlan plan)) {
            StageSteps stage = new StageSteps(context, plan, journal);
            actions.put(Step.STAGE, explained(stage::install));
            actions.put(Step.TEST, explained(stage::test));
            actions.put(Step.ADJUST_PATHS, explained(() -> {
                StepRun run = stage.relocatePaths();
                links = stage.links();
                return run;
            }));
        }
        actions.put(Step.PREPARE_ROLLBACK, this::prepareRollback);
        actions.put(Step.STOP, this::stop);
        actions.put(Step.COPY_DATA, explained(this::copyData));
        actions.put(Step.SWITCH, explained(this::exchange));
        actions.put(Step.VERIFY, this::verify);
        actions.put(Step.SERVICE_FILE, this::serviceFile);
        actions.put(Step.START, withDisks(this::start));
        actions.put(Step.READY, withDisks(this::awaitReady));
        actions.put(Step.DOCTOR_CHECKS, this::gates);
        actions.put(Step.COMMIT, this::commit);
        return actions;
    }

    /// A step that writes to the disk of the environment, where stages and snapshots are, too. Whatever fails on a
    /// full or read-only disk says little, or something else: some package managers end as if nothing had happened.
    private StepSequence.Action explained(StepSequence.Action step) {
        return () -> {
            try {
                StepRun run = step.run();
                return run.outcome() == StepOutcome.FAILED
                        ? diskProblem(List.of(before.environment()))
                                .map(StepRun::failed)
                                .orElse(run)
                        : run;
            } catch (IOException e) {
                return StepRun.failed(diskProblem(List.of(before.environment())).orElseThrow(() -> e));
            }
        };
    }

    /// A step in which the tool may need space.
    private StepSequence.Action withDisks(StepSequence.Action step) {
        return () -> {
            StepRun run = step.run();
            List<Path> places = Stream.concat(Stream.of(before.environment()), manifest.data().stream())
                    .toList();
            return run.outcome() == StepOutcome.FAILED
                    ? diskProblem(places)
                            .map(disk -> StepRun.failed(run.detail() + " " + disk))
                            .orElse(run)
                    : run;
        };
    }

    private Optional<String> diskProblem(List<Path> places) throws IOException {
        for (Path place : places) {
            if (Files.exists(place)) {
                Optional<String> how = Files.getFileStore(place).isReadOnly()
                        ? Optional.of("read-only")
                        : place.toFile().getUsableSpace() < FULL ? Optional.of("full") : Optional.empty();
                if (how.isPresent()) {
                    return Optional.of("The disk of %s is %s."
                            .formatted(context.directories().display(place), how.get()));
                }
            }
        }
        return Optional.empty();
    }

    private StepRun recordBaseline() {
        Optional<ServiceState> state = state();
        // First: each check would wait for a manager that does not respond.
        Optional<String> unseen = unseen(state);
        if (unseen.isPresent()) {
            return StepRun.failed(unseen.get());
        }
        packages = AddedFiles.packages(before);
        baseline = context.gateChecks().gates(manifest);
        wasRunning = state.filter(Transaction::isUp).isPresent();
        wasResponding =
                wasRunning && context.upgradedService().ready(manifest) instanceof UpgradedService.Readiness.Ready;
        if (!wasRunning) {
            return StepRun.done("not running");
        }
        return StepRun.done(wasResponding ? "running, responding" : "running, not responding");
    }

    /// That a service runs whose manager does not respond, as sentences.
    private Optional<String> unseen(Optional<ServiceState> state) {
        return state.filter(context::isUpUnseen)
                .map(known -> "The service is running, but could not be checked. "
                        + CommitAndRollback.sentence(known.words()));
    }

    private StepRun prepareRollback() throws IOException {
        Optional<String> unit = context.unit(manifest);
        boolean ours = state().filter(known -> known.owner() != ServiceState.Owner.FOREIGN)
                .isPresent();
        if (replacement instanceof ReplacementVersion.Kept(Snapshot kept)) {
            links = kept.links();
        }
        RollbackPoint point = new RollbackPoint(
                before.environment(),
                replacement.prepared(),
                DirectoryTrees.identity(before.environment()),
                DirectoryTrees.identity(replacement.prepared()),
                replacement.stage(),
                snapshot,
                LauncherLinks.texts(links.keySet()),
                unit,
                wasRunning,
                wasResponding,
                ours ? unit.flatMap(context.services()::fileText) : Optional.empty());
        rollbackPoint = Optional.of(point);
        addedFiles = Optional.of(new AddedFiles(before, replacement.prepared(), manifest.data()));
        journal.write(new JournalEntry.RollbackPointRecorded(now(), point));
        commitAndRollback.arm();
        wakeLock = context.inhibitor().hold("Upgrading %s".formatted(manifest.name()));
        return StepRun.done("");
    }

    private StepRun stop() {
        Optional<String> unit = context.unit(manifest);
        PlanUpgrade plans = new PlanUpgrade(context);
        UpgradeImpact impact = switch (replacement) {
            case ReplacementVersion.NewVersion _ -> plans.impact(manifest, before);
            case ReplacementVersion.Kept(Snapshot kept) -> plans.impact(manifest, before, kept);
        };
        Optional<String> unconfirmed = impact.beyond(confirmed);
        // Without its manager, the process of the service looks like one that started meanwhile.
        Optional<String> unseen = unseen(state());
        if (unseen.isPresent()) {
            return StepRun.failed(unseen.get());
        }
        if (unconfirmed.isPresent()) {
            return StepRun.needsConsent(unconfirmed.get());
        }
        Optional<String> since = AddedFiles.packages(before).stream()
                .filter(added -> replacement instanceof ReplacementVersion.NewVersion && !packages.contains(added))
                .findFirst();
        if (since.isPresent()) {
            return StepRun.needsConsent("%s was installed while %s was prepared. Start the upgrade again to keep it."
                    .formatted(since.get(), replacement.label()));
        }
        // A socket or a timer would start it in the middle, even when it is not running.
        if (unit.isEmpty()
                || (!wasRunning && context.services().triggers(unit.get()).isEmpty())) {
            return StepRun.skipped("not running");
        }
        isStopped = true;
        int limit = manifest.service().map(Manifest.Service::stopTimeoutSeconds).orElse(10) + 20;
        return StepRun.unless(
                CommitAndRollback.problem(context.services().stop(unit.get(), Duration.ofSeconds(limit))),
                () -> StepRun.done(""));
    }

    private StepRun copyData() throws IOException {
        DataExtent data = new PlanUpgrade(context)
                .extent(
                        manifest,
                        before,
                        replacement instanceof ReplacementVersion.Kept(Snapshot kept) ? kept.data() : List.of());
        if (data.paths().isEmpty()) {
            if (manifest.declaredData().isPresent()) {
                // The tool has none, so that a version cannot change it.
                journal.write(new JournalEntry.DataCopied(
                        now(), List.of(), data.uncovered().isEmpty()));
            }
            return StepRun.skipped("no data folder in the manifest");
        }
        if (data.problem().isPresent()) {
            return StepRun.failed(data.problem().get());
        }
        List<DataCopy> copies = new DataBackup(context, id).copy(data.paths(), snapshot);
        journal.write(
                new JournalEntry.DataCopied(now(), copies, data.uncovered().isEmpty()));
        long copied = copies.stream().filter(copy -> copy.copy().isPresent()).count();
        return StepRun.done(copied == 1 ? "1 path" : copied + " paths");
    }

    private StepRun exchange() throws IOException {
        RollbackPoint point = rollbackPoint();
        int carried = addedFiles.isPresent() ? addedFiles.get().carryOver() : 0;
        context.directorySwap().exchange(point.environment(), point.prepared());
        LauncherLinks.apply(links);
        if (replacement instanceof ReplacementVersion.Kept(Snapshot kept)) {
            for (DataCopy copy : kept.data()) {
                new DataBackup(context, id).restore(copy, DataBackup.Use.AGAIN);
            }
        }
        return StepRun.done(
                switch (carried) {
                    case 0 -> "";
                    case 1 -> "1 file carried over";
                    default -> carried + " files carried over";
                });
    }

    private StepRun verify() {
        Optional<Provenance> found = context.provenance(manifest);
        return found.isEmpty()
                ? StepRun.failed("Could not read the installation after the switch.")
                : StepRun.unless(replacement.mismatch(found.get(), context.directories()), () -> StepRun.done(""));
    }

    /// A service file that the user edited stays unchanged.
    private StepRun serviceFile() {
        RollbackPoint point = rollbackPoint();
        if (point.unit().isEmpty() || point.serviceFile().isEmpty()) {
            return StepRun.skipped("no service file of Lamplighter");
        }
        String unit = point.unit().get();
        String current = point.serviceFile().get();
        if (replacement instanceof ReplacementVersion.Kept(Snapshot kept)
                && kept.serviceFile().isPresent()) {
            return kept.serviceFile().get().equals(current)
                    ? StepRun.skipped("unchanged")
                    : StepRun.unless(
                            CommitAndRollback.problem(context.services().restore(unit, kept.serviceFile())),
                            () -> StepRun.done("restored from " + kept.version()));
        }
        Optional<ServiceDefinition> definition = context.upgradedService()
                .definition(manifest)
                .filter(wanted -> !context.services().render(wanted).equals(current));
        if (definition.isEmpty()) {
            return StepRun.skipped("unchanged");
        }
        if (context.services().isChangedByHand(unit)) {
            return StepRun.skipped("changed by hand, left as it is");
        }
        return StepRun.unless(
                CommitAndRollback.problem(context.services().write(definition.get())), () -> StepRun.done(""));
    }

    private StepRun start() {
        Optional<String> unit = rollbackPoint().unit();
        if (unit.isEmpty()) {
            return StepRun.skipped(WAS_NOT_RUNNING);
        }
        return wasRunning
                ? StepRun.unless(
                        CommitAndRollback.problem(context.services().start(unit.get())), () -> StepRun.done(""))
                : StepRun.unless(
                        CommitAndRollback.problem(context.services().resume(unit.get())),
                        () -> StepRun.skipped(WAS_NOT_RUNNING));
    }

    private StepRun awaitReady() {
        if (!wasRunning) {
            return StepRun.skipped(WAS_NOT_RUNNING);
        }
        return switch (context.upgradedService().ready(manifest)) {
            case UpgradedService.Readiness.Ready(String detail) -> {
                ready = state().filter(known -> known.phase() != ServiceState.Phase.UNKNOWN);
                yield StepRun.done(detail);
            }
            case UpgradedService.Readiness.NotReady(String why) ->
                wasResponding ? StepRun.failed(why) : StepRun.done("not responding, as before");
        };
    }

    /// Counts only what passed before and fails twice now.
    private StepRun gates() {
        Map<String, Gate> now = context.gateChecks().gates(manifest);
        if (brokenGate(now).isPresent()) {
            now = context.gateChecks().gates(manifest);
        }
        String passed = passed(now);
        return StepRun.unless(brokenGate(now).or(this::exit), () -> StepRun.done(passed));
    }

    /// That the service which was ready is not running any more, or was restarted by its manager: a version that
    /// keeps crashing may pass each check in between.
    private Optional<String> exit() {
        Optional<ServiceState> now = state().filter(known -> known.phase() != ServiceState.Phase.UNKNOWN);
        if (ready.isEmpty() || now.isEmpty()) {
            return Optional.empty();
        }
        boolean isReplaced = ready.get().invocation().isPresent()
                && now.get().invocation().isPresent()
                && !ready.get().invocation().equals(now.get().invocation());
        boolean isUp = isUp(now.get()) && now.get().phase() != ServiceState.Phase.RESTARTING;
        return isUp && !isReplaced && now.get().restarts() <= ready.get().restarts()
                ? Optional.empty()
                : Optional.of("The service responded, but then exited%s."
                        .formatted(now.get()
                                .lastExit()
                                .map(exit -> " (" + exit.words() + ")")
                                .orElse("")));
    }

    private String passed(Map<String, Gate> now) {
        long passed = now.values().stream().filter(Gate::isWell).count();
        long unchecked = baseline.entrySet().stream()
                .filter(gate -> gate.getValue().isWell())
                .filter(gate -> Optional.ofNullable(now.get(gate.getKey()))
                        .filter(Gate::isWell)
                        .isEmpty())
                .count();
        return unchecked == 0
                ? "%d passed".formatted(passed)
                : "%d passed, %d not checked".formatted(passed, unchecked);
    }

    private Optional<String> brokenGate(Map<String, Gate> now) {
        return now.entrySet().stream()
                .filter(gate -> gate.getValue().isBroken())
                .filter(gate -> Optional.ofNullable(baseline.get(gate.getKey()))
                        .filter(Gate::isWell)
                        .isPresent())
                .findFirst()
                .map(gate -> gate.getValue().title() + " (" + gate.getKey() + ").");
    }

    private StepRun commit() {
        leftOver = String.join(" ", commitAndRollback.commit(journal, before.version(), rollbackPoint()));
        return StepRun.done(leftOver);
    }

    private UpgradeOutcome rollBack(String why, Instant startedAt) {
        List<JournalEntry> done = context.journals().entries(journal.file());
        if (rollbackPoint.isEmpty()) {
            // What cannot be deleted now is tried again: see LeftOvers.
            for (Path stage : replacement.stage().stream().toList()) {
                CommitAndRollback.part(
                        new ArrayList<>(), "remove the staging folder", () -> DirectoryTrees.delete(stage));
            }
            return outcome(Result.FAILED, Optional.of(why), startedAt);
        }
        Instant began = now();
        journal.note(new JournalEntry.StepStarted(began, Step.ROLLBACK));
        RollbackResult result =
                commitAndRollback.rollBack(journal, done, rollbackPoint.get(), Optional.of(manifest), isStopped, false);
        isOpen = !result.isWhole();
        sequence.ended(Step.ROLLBACK, result.outcome(), began, result.text());
        if (!result.isWell()) {
            return outcome(Result.NEEDS_ATTENTION, Optional.of(result.text(why)), startedAt);
        }
        boolean switched = CommitAndRollback.began(done, Step.SWITCH);
        return outcome(
                replacement instanceof ReplacementVersion.NewVersion && switched ? Result.ROLLED_BACK : Result.FAILED,
                Optional.of(why),
                startedAt);
    }

    private UpgradeOutcome outcome(Result result, Optional<String> reason, Instant startedAt) {
        List<JournalEntry> entries = context.journals().entries(journal.file());
        return new UpgradeOutcome(
                manifest.name().value(),
                wanted() == Result.UPGRADED ? Asked.UPGRADE : Asked.ROLLBACK,
                result,
                before.version(),
                replacement.label(),
                reason.map(context.directories()::display),
                // Consent is asked for before anything is stopped.
                result == Result.NEEDS_CONSENT
                        ? 0
                        : DowntimeCalculator.downtime(entries, now()).toMillis(),
                DowntimeCalculator.dataRisk(entries),
                Optional.of(journal.file()),
                sequence.results(),
                startedAt);
    }

    private RollbackPoint rollbackPoint() {
        return rollbackPoint.orElseThrow(
                () -> new IllegalStateException("no step changes anything before the rollback point is recorded"));
    }

    private Optional<ServiceState> state() {
        return context.unit(manifest).map(context.services()::state);
    }

    private Instant now() {
        return context.clock().instant();
    }
}
