package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.GateChecks.Gate;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One transaction under the lock of its environment: prepare, swap, check, keep — or go back.
final class Transaction {

    /// What the identity of a version that was kept begins with.
    static final String SNAPSHOT = "snapshot ";

    /// What an installer's processes inherit, so that a recovery can end what a killed worker left running.
    static final String MARK = "LAMPLIGHTER_TRANSACTION";

    private static final Duration SMOKE_LIMIT = Duration.ofSeconds(30);
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(2);
    private static final Duration COMPILE_LIMIT = Duration.ofMinutes(10);

    /// What takes the environment's place.
    sealed interface Replacement {
        /// A new version, made in a stage.
        record NewVersion(UpgradePlan plan) implements Replacement {}

        /// A version that was kept.
        record Kept(Snapshot snapshot) implements Replacement {}
    }

    /// What came of a step.
    private sealed interface StepRun {
        record Done(String detail) implements StepRun {}

        record Skipped(String detail) implements StepRun {}

        /// @param why a sentence
        record NotDone(String why) implements StepRun {}

        /// Something would be hurt that nobody agreed to.
        record NeedsConsent(String why) implements StepRun {}
    }

    private interface Act {
        StepRun run() throws IOException;
    }

    private final UpgradeContext context;
    private final CommitAndRollback commitAndRollback;
    private final String id;
    private final Manifest manifest;
    private final Provenance before;
    private final Replacement replacement;
    private final UpgradeImpact agreed;
    private final Path snapshot;
    private final CancellationToken cancellationToken;
    private final Journal journal;

    private final List<StepResult> results = new ArrayList<>();
    private Map<String, Gate> baseline = Map.of();
    private Map<Path, Optional<String>> links = Map.of();
    private boolean ran;
    private boolean answered;
    private Optional<RollbackPoint> way = Optional.empty();
    private Inhibitor.WakeLock awake = () -> {};

    /// @param agreed what the user agreed may be hurt
    /// @param snapshot where the old one will be kept
    Transaction(
            UpgradeContext context,
            String id,
            Manifest manifest,
            Provenance before,
            Replacement replacement,
            UpgradeImpact agreed,
            Path snapshot,
            CancellationToken cancellationToken,
            Journal journal) {
        this.context = context;
        this.commitAndRollback = new CommitAndRollback(context);
        this.id = id;
        this.manifest = manifest;
        this.before = before;
        this.replacement = replacement;
        this.agreed = agreed;
        this.snapshot = snapshot;
        this.cancellationToken = cancellationToken;
        this.journal = journal;
    }

    /// Whether a service has, or is about to have, a process.
    static boolean isUp(ServiceState state) {
        return switch (state.phase()) {
            case RUNNING, STARTING, RESTARTING -> true;
            case STOPPED, FAILED, NOT_INSTALLED, UNKNOWN -> false;
        };
    }

    UpgradeOutcome run() {
        Instant startedAt = context.clock().instant();
        Map<Step, Act> acts = acts();
        journal.write(new JournalEntry.Planned(
                now(), before.version(), to(), identity(), List.copyOf(acts.keySet()), commands()));
        cancellationToken.enable();
        StepRun last = new StepRun.Done("");
        for (Map.Entry<Step, Act> act : acts.entrySet()) {
            last = cancellationToken.isWanted()
                    ? new StepRun.NotDone("It was cancelled.")
                    : step(act.getKey(), act.getValue());
            if (last instanceof StepRun.NotDone || last instanceof StepRun.NeedsConsent) {
                break;
            }
        }
        cancellationToken.disable();
        awake.close();
        UpgradeOutcome outcome = switch (last) {
            case StepRun.Done _, StepRun.Skipped _ ->
                outcome(
                        replacement instanceof Replacement.NewVersion ? Result.UPGRADED : Result.ROLLED_BACK,
                        Optional.empty(),
                        startedAt);
            case StepRun.NotDone(String why) ->
                rollBack(cancellationToken.isWanted() ? "It was cancelled." : why, startedAt);
            case StepRun.NeedsConsent(String why) -> {
                UpgradeOutcome back = rollBack(why, startedAt);
                yield back.result() == Result.FAILED
                        ? outcome(Result.NEEDS_CONSENT, Optional.of(why), startedAt)
                        : back;
            }
        };
        journal.write(new JournalEntry.Ended(now(), outcome));
        return outcome;
    }

    private Map<Step, Act> acts() {
        Map<Step, Act> acts = new LinkedHashMap<>();
        acts.put(Step.BASELINE, this::recordBaseline);
        if (replacement instanceof Replacement.NewVersion(UpgradePlan plan)) {
            acts.put(Step.STAGE, () -> stage(plan));
            acts.put(Step.TRY, () -> tryOut(plan));
            acts.put(Step.MEND_PATHS, () -> relocatePaths(plan));
        }
        acts.put(Step.ARM, this::arm);
        acts.put(Step.STOP, this::stop);
        acts.put(Step.COPY_DATA, this::copyData);
        acts.put(Step.SWITCH, this::exchange);
        acts.put(Step.IDENTITY, this::identify);
        acts.put(Step.SERVICE_FILE, this::serviceFile);
        acts.put(Step.START, this::start);
        acts.put(Step.READY, this::awaitReady);
        acts.put(Step.GATES, this::gates);
        acts.put(Step.COMMIT, this::commit);
        return acts;
    }

    private StepRun step(Step step, Act act) {
        Instant began = now();
        journal.write(new JournalEntry.StepStarted(began, step));
        StepRun stepRun;
        try {
            if (step == Step.COMMIT) {
                cancellationToken.disable();
            }
            stepRun = act.run();
        } catch (IOException | RuntimeException e) {
            // A fault of ours in the middle of a transaction still has to end in the old version.
            String said =
                    Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
            stepRun = new StepRun.NotDone(said.endsWith(".") ? said : said + ".");
        }
        Instant ended = now();
        long took = Duration.between(began, ended).toMillis();
        StepResult result = switch (stepRun) {
            case StepRun.Done _ -> new StepResult(step, StepOutcome.DONE, took);
            case StepRun.Skipped _ -> new StepResult(step, StepOutcome.SKIPPED, took);
            case StepRun.NotDone _, StepRun.NeedsConsent _ -> new StepResult(step, StepOutcome.FAILED, took);
        };
        String detail = switch (stepRun) {
            case StepRun.Done(String text) -> text;
            case StepRun.Skipped(String text) -> text;
            case StepRun.NotDone(String text) -> text;
            case StepRun.NeedsConsent(String text) -> text;
        };
        results.add(result);
        journal.write(new JournalEntry.StepEnded(ended, step, result.outcome(), took, detail));
        return stepRun;
    }

    private StepRun recordBaseline() {
        baseline = context.gateChecks().gates(manifest);
        Optional<ServiceState> state = context.unit(manifest).map(context.services()::state);
        ran = state.filter(Transaction::isUp).isPresent();
        answered = ran && context.servicePort().ready(manifest) instanceof ServicePort.Readiness.Ready;
        return new StepRun.Done(
                ran ? answered ? "it runs and answers" : "it runs and does not answer" : "it does not run");
    }

    private StepRun stage(UpgradePlan plan) throws IOException {
        DirectoryTrees.drop(plan.stageFolder());
        AtomicFile.makeFolder(plan.stageFolder());
        if (plan.stagePlan().copyTo().isPresent()) {
            DirectoryTrees.copy(
                    context.runner(),
                    Map.of(MARK, id),
                    before.environment(),
                    plan.stagePlan().copyTo().get());
        }
        for (Map.Entry<Path, String> file : plan.stagePlan().files().entrySet()) {
            AtomicFile.makeFolder(AtomicFile.folderOf(file.getKey()));
            AtomicFile.write(file.getKey(), file.getValue());
        }
        for (Command command : plan.stagePlan().commands()) {
            journal.write(new JournalEntry.Output(now(), "$ " + command.line()));
            ProcessResult result = context.runner()
                    .run(
                            // What the stage sets counts more than what was recorded: it names the stage.
                            command.withAll(manifest.install().variables())
                                    .changing(command.environment())
                                    .with(MARK, id),
                            line -> journal.write(new JournalEntry.Output(now(), line)));
            Optional<String> why = notDone(command, result);
            if (why.isPresent()) {
                context.processTable()
                        .marked(MARK, id)
                        .forEach(left -> context.processTable().end(left.pid()));
                return new StepRun.NotDone(why.get());
            }
        }
        return new StepRun.Done(to() + " lies beside " + before.version());
    }

    private static Optional<String> notDone(Command command, ProcessResult result) {
        String program = command.argv().getFirst();
        return switch (result) {
            case ProcessResult.Exited(int status, var _, var _, var _) when status == 0 -> Optional.empty();
            case ProcessResult.Exited(int status, String out, String err, var _) ->
                Optional.of(sentence("%s ended with status %d: %s"
                        .formatted(program, status, InstallerErrorLine.of(err.isBlank() ? out : err))));
            case ProcessResult.TimedOut(Duration limit, var _, var _) ->
                Optional.of("%s took longer than %d s.".formatted(program, limit.toSeconds()));
            case ProcessResult.NotStarted(String reason) -> Optional.of(reason + ".");
        };
    }

    private static String sentence(String text) {
        return text.matches("(?s).*[.!?]") ? text : text + ".";
    }

    /// Checks what is on disk now: the package manager's exit status proves nothing.
    private StepRun tryOut(UpgradePlan plan) {
        Path program =
                plan.stagePlan().programsFolder().resolve(before.program().getFileName());
        if (!Files.isExecutable(program)) {
            return new StepRun.NotDone("%s has no program %s.".formatted(to(), program.getFileName()));
        }
        Optional<Provenance> staged = context.provenance(manifest, program);
        if (staged.isEmpty() || !staged.get().environment().startsWith(real(plan.stageFolder()))) {
            return new StepRun.NotDone("What was installed beside the old one cannot be read.");
        }
        Optional<String> other = differs(staged.get());
        if (other.isPresent()) {
            return new StepRun.NotDone(other.get());
        }
        if (manifest.smoke().isEmpty()) {
            return new StepRun.Done(staged.get().version() + " is on disk");
        }
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(manifest.smoke());
        Command smoke = Command.of(SMOKE_LIMIT, argv).with(MARK, id);
        Optional<String> why = notDone(smoke, context.runner().run(smoke));
        return why.<StepRun>map(StepRun.NotDone::new)
                .orElseGet(() -> new StepRun.Done("`%s` is content".formatted(String.join(" ", manifest.smoke()))));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private StepRun relocatePaths(UpgradePlan plan) throws IOException {
        Path prepared = plan.stagePlan().prepared();
        StageRelocation paths = new StageRelocation(
                prepared,
                before.environment(),
                plan.stageFolder(),
                plan.stagePlan().links());
        List<Path> changed = paths.rewrite();
        if (Files.exists(prepared.resolve("pyvenv.cfg"))) {
            // Best effort: without byte code Python compiles by itself.
            ProcessResult _ = context.runner()
                    .run(Command.of(
                                    COMPILE_LIMIT,
                                    prepared.resolve("bin/python").toString(),
                                    "-m",
                                    "compileall",
                                    "-q",
                                    "-s",
                                    prepared.toString(),
                                    "-p",
                                    before.environment().toString(),
                                    prepared.resolve("lib").toString())
                            .with(MARK, id));
        }
        List<Path> remains = paths.remains();
        if (!remains.isEmpty()) {
            return new StepRun.NotDone("%d files still name the place where they were made: %s."
                    .formatted(remains.size(), prepared.relativize(remains.getFirst())));
        }
        // A power cut after the switch must find the new files written, not only named.
        ProcessResult _ = context.runner().run(Command.of(SYNC_LIMIT, "sync", "-f", prepared.toString()));
        links = LauncherLinks.wanted(plan.stagePlan().links(), real(prepared), before.environment());
        List<Path> strangers = LauncherLinks.strangers(links, before.environment());
        return strangers.isEmpty()
                ? new StepRun.Done(relocationText(changed.size()))
                : new StepRun.NotDone("%s is in the way and is not this tool's."
                        .formatted(context.directories().display(strangers.getFirst())));
    }

    /// npm's files name no place at all; launchers and links of Python's environments do.
    private static String relocationText(int files) {
        return switch (files) {
            case 0 -> "nothing had to be changed";
            case 1 -> "1 file names its final place";
            default -> files + " files name their final place";
        };
    }

    private StepRun arm() throws IOException {
        Optional<String> unit = context.unit(manifest);
        Optional<ServiceState> state = unit.map(context.services()::state);
        boolean ours = state.filter(known -> known.owner() != ServiceState.Owner.FOREIGN)
                .isPresent();
        if (replacement instanceof Replacement.Kept(Snapshot kept)) {
            links = kept.links();
        }
        Map<Path, Path> data = new LinkedHashMap<>();
        for (Path path : manifest.data()) {
            data.put(path, Snapshot.data(snapshot, data.size()));
        }
        RollbackPoint ground = new RollbackPoint(
                before.environment(),
                prepared(),
                DirectoryTrees.identity(before.environment()),
                replacement instanceof Replacement.NewVersion(UpgradePlan plan)
                        ? Optional.of(plan.stageFolder())
                        : Optional.empty(),
                snapshot,
                LauncherLinks.texts(links.keySet()),
                unit,
                ran,
                answered,
                ours ? unit.flatMap(context.services()::fileText) : Optional.empty(),
                data);
        way = Optional.of(ground);
        journal.write(new JournalEntry.RollbackPointRecorded(now(), ground));
        context.atLogin().arm(commitAndRollback.openUnits(Optional.empty()));
        awake = context.inhibitor().hold("%s is being upgraded".formatted(manifest.name()));
        return new StepRun.Done("%s is kept aside".formatted(before.version()));
    }

    private StepRun stop() {
        Optional<String> unit = context.unit(manifest);
        Optional<String> unexpected =
                new PlanUpgrade(context).atStake(manifest, before).beyond(agreed);
        if (unexpected.isPresent()) {
            return new StepRun.NeedsConsent(unexpected.get());
        }
        // A socket or a timer would start it in the middle, also while it does not run.
        if (unit.isEmpty() || (!ran && context.services().triggers(unit.get()).isEmpty())) {
            return new StepRun.Skipped("it does not run");
        }
        int limit = manifest.service().map(Manifest.Service::stopTimeoutSeconds).orElse(10) + 20;
        return CommitAndRollback.sentence(context.services().stop(unit.get(), Duration.ofSeconds(limit)))
                .<StepRun>map(StepRun.NotDone::new)
                .orElseGet(() -> new StepRun.Done("its processes are gone"));
    }

    private StepRun copyData() throws IOException {
        RollbackPoint ground = rollbackPoint();
        if (ground.data().isEmpty()) {
            return new StepRun.Skipped(ran ? "it is not said where its data lie" : "no data are declared");
        }
        for (Map.Entry<Path, Path> copy : ground.data().entrySet()) {
            if (Files.exists(copy.getKey(), LinkOption.NOFOLLOW_LINKS)) {
                DirectoryTrees.copy(context.runner(), Map.of(MARK, id), copy.getKey(), copy.getValue());
            }
        }
        return new StepRun.Done("%d places".formatted(ground.data().size()));
    }

    private StepRun exchange() throws IOException {
        RollbackPoint ground = rollbackPoint();
        context.directorySwap().exchange(ground.environment(), ground.prepared());
        LauncherLinks.apply(links);
        if (replacement instanceof Replacement.Kept(Snapshot kept)) {
            for (Map.Entry<Path, Path> copy : kept.data().entrySet()) {
                commitAndRollback.data(copy.getValue(), copy.getKey());
            }
        }
        return new StepRun.Done(context.directories().display(ground.environment()));
    }

    private StepRun identify() {
        Optional<Provenance> now = context.provenance(manifest);
        if (now.isEmpty()) {
            return new StepRun.NotDone("What is in place cannot be read.");
        }
        return differs(now.get())
                .<StepRun>map(StepRun.NotDone::new)
                .orElseGet(() -> new StepRun.Done(
                        "%s, from the same source".formatted(now.get().version())));
    }

    /// Whether an install is something else than what was wanted, in a sentence.
    private Optional<String> differs(Provenance found) {
        if (replacement instanceof Replacement.Kept(Snapshot kept)) {
            return found.version().equals(kept.version())
                    ? Optional.empty()
                    : Optional.of("%s is on disk, not %s.".formatted(found.version(), kept.version()));
        }
        UpgradeTarget upgradeTarget =
                ((Replacement.NewVersion) replacement).plan().upgradeTarget();
        return switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> {
                if (!(found.origin() instanceof Origin.Index)) {
                    yield Optional.of("The source changed: it is no longer the index.");
                }
                yield found.version().equals(version)
                        ? Optional.empty()
                        : Optional.of("%s is on disk, not %s.".formatted(found.version(), version));
            }
            case UpgradeTarget.GitCommit wanted -> {
                if (!(found.origin() instanceof Origin.Git git) || !git.url().equals(wanted.url())) {
                    yield Optional.of("The source changed: it is no longer %s."
                            .formatted(context.directories().display(wanted.url())));
                }
                yield git.commit().equals(wanted.commit())
                        ? Optional.empty()
                        : Optional.of("Commit %.7s is on disk, not %.7s.".formatted(git.commit(), wanted.commit()));
            }
        };
    }

    /// A file that was changed by hand stays as the user made it.
    private StepRun serviceFile() {
        RollbackPoint ground = rollbackPoint();
        if (ground.unit().isEmpty() || ground.serviceFile().isEmpty()) {
            return new StepRun.Skipped("there is no service file of ours");
        }
        if (replacement instanceof Replacement.Kept(Snapshot kept)
                && kept.serviceFile().isPresent()) {
            return kept.serviceFile().equals(ground.serviceFile())
                    ? new StepRun.Skipped("it stays as it is")
                    : CommitAndRollback.sentence(
                                    context.services().restore(ground.unit().get(), kept.serviceFile()))
                            .<StepRun>map(StepRun.NotDone::new)
                            .orElseGet(() -> new StepRun.Done("as it was with " + kept.version()));
        }
        Optional<ServiceDefinition> definition = context.servicePort().definition(manifest);
        if (definition.isEmpty()) {
            return new StepRun.Skipped("it stays as it is");
        }
        String text = context.services().render(definition.get());
        if (text.equals(ground.serviceFile().get())) {
            return new StepRun.Skipped("it stays as it is");
        }
        if (context.services().isChangedByHand(ground.unit().get())) {
            return new StepRun.Skipped("it was changed by hand, and stays as it is");
        }
        return CommitAndRollback.sentence(context.services().write(definition.get()))
                .<StepRun>map(StepRun.NotDone::new)
                .orElseGet(() -> new StepRun.Done("written anew"));
    }

    private StepRun start() {
        RollbackPoint ground = rollbackPoint();
        if (ground.unit().isEmpty()) {
            return new StepRun.Skipped("it did not run before");
        }
        if (!ran) {
            return CommitAndRollback.sentence(
                            context.services().resume(ground.unit().get()))
                    .<StepRun>map(StepRun.NotDone::new)
                    .orElseGet(() -> new StepRun.Skipped("it did not run before"));
        }
        return CommitAndRollback.sentence(context.services().start(ground.unit().get()))
                .<StepRun>map(StepRun.NotDone::new)
                .orElseGet(() -> new StepRun.Done(""));
    }

    private StepRun awaitReady() {
        if (!ran) {
            return new StepRun.Skipped("it did not run before");
        }
        return switch (context.servicePort().ready(manifest)) {
            case ServicePort.Readiness.Ready(String detail) -> new StepRun.Done(detail);
            case ServicePort.Readiness.NotReady(String why) ->
                answered ? new StepRun.NotDone(why) : new StepRun.Done("it did not answer before either");
        };
    }

    /// Only what was well before and is broken twice now counts.
    private StepRun gates() {
        Optional<String> broken = brokenGate(context.gateChecks().gates(manifest));
        if (broken.isPresent()) {
            broken = brokenGate(context.gateChecks().gates(manifest));
        }
        return broken.<StepRun>map(StepRun.NotDone::new)
                .orElseGet(() -> new StepRun.Done("%d checks".formatted(baseline.size())));
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

    private StepRun commit() throws IOException {
        commitAndRollback.commit(journal, before.version(), rollbackPoint());
        return new StepRun.Done("%s can come back".formatted(before.version()));
    }

    private UpgradeOutcome rollBack(String why, Instant startedAt) {
        List<JournalEntry> done = context.journals().entries(journal.file());
        if (way.isEmpty()) {
            try {
                if (replacement instanceof Replacement.NewVersion(UpgradePlan plan)) {
                    DirectoryTrees.drop(plan.stageFolder());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return outcome(Result.FAILED, Optional.of(unchangedText(why)), startedAt);
        }
        Instant began = now();
        journal.write(new JournalEntry.StepStarted(began, Step.ROLL_BACK));
        List<String> problems = commitAndRollback.rollBack(journal, done, way.get(), Optional.of(manifest), false);
        long took = Duration.between(began, now()).toMillis();
        StepResult result =
                new StepResult(Step.ROLL_BACK, problems.isEmpty() ? StepOutcome.DONE : StepOutcome.FAILED, took);
        results.add(result);
        journal.write(
                new JournalEntry.StepEnded(now(), Step.ROLL_BACK, result.outcome(), took, String.join(" ", problems)));
        return rollbackOutcome(done, why, problems, startedAt);
    }

    private UpgradeOutcome rollbackOutcome(
            List<JournalEntry> done, String why, List<String> problems, Instant startedAt) {
        if (!problems.isEmpty()) {
            return outcome(Result.NEEDS_ATTENTION, Optional.of(why + " " + String.join(" ", problems)), startedAt);
        }
        return replacement instanceof Replacement.NewVersion && CommitAndRollback.began(done, Step.SWITCH)
                ? outcome(Result.ROLLED_BACK, Optional.of(why), startedAt)
                : outcome(Result.FAILED, Optional.of(unchangedText(why)), startedAt);
    }

    private String unchangedText(String why) {
        return "%s %s stays as it was.".formatted(why, before.version());
    }

    private UpgradeOutcome outcome(Result result, Optional<String> reason, Instant startedAt) {
        return DowntimeCalculator.of(
                context.journals().entries(journal.file()),
                journal.file(),
                manifest,
                replacement instanceof Replacement.Kept ? Asked.ROLLBACK : Asked.UPGRADE,
                result,
                before.version(),
                to(),
                reason,
                List.copyOf(results),
                startedAt,
                now());
    }

    private RollbackPoint rollbackPoint() {
        return way.orElseThrow(
                () -> new IllegalStateException("no step touches anything before the way back is known"));
    }

    private Path prepared() {
        return switch (replacement) {
            case Replacement.NewVersion(UpgradePlan plan) -> plan.stagePlan().prepared();
            case Replacement.Kept(Snapshot kept) -> kept.environment();
        };
    }

    private String to() {
        return switch (replacement) {
            case Replacement.NewVersion(UpgradePlan plan) ->
                plan.upgradeTarget().label();
            case Replacement.Kept(Snapshot kept) -> kept.version();
        };
    }

    private String identity() {
        return switch (replacement) {
            case Replacement.NewVersion(UpgradePlan plan) -> plan.identity();
            case Replacement.Kept(Snapshot kept) -> SNAPSHOT + kept.id();
        };
    }

    private List<String> commands() {
        return replacement instanceof Replacement.NewVersion(UpgradePlan plan) ? plan.commands() : List.of();
    }

    private Instant now() {
        return context.clock().instant();
    }
}
