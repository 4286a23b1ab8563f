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
import io.github.lamplighter.upgrade.JournalEntry.WayBack;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import io.github.lamplighter.upgrade.Verify.Gate;
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
    sealed interface Making {
        /// A new version, made in a stage.
        record NewVersion(UpgradePlan plan) implements Making {}

        /// A version that was kept.
        record Kept(Snapshot snapshot) implements Making {}
    }

    /// What came of a step.
    private sealed interface Did {
        record Done(String detail) implements Did {}

        record Skipped(String detail) implements Did {}

        /// @param why a sentence
        record NotDone(String why) implements Did {}

        /// Something would be hurt that nobody agreed to.
        record NeedsConsent(String why) implements Did {}
    }

    private interface Act {
        Did run() throws IOException;
    }

    private final Means means;
    private final Closing closing;
    private final String id;
    private final Manifest manifest;
    private final Provenance before;
    private final Making making;
    private final AtStake agreed;
    private final Path snapshot;
    private final Cancel cancel;
    private final Journal journal;

    private final List<StepResult> results = new ArrayList<>();
    private Map<String, Gate> baseline = Map.of();
    private Map<Path, Optional<String>> links = Map.of();
    private boolean ran;
    private boolean answered;
    private Optional<WayBack> way = Optional.empty();
    private Inhibitor.Hold awake = () -> {};

    /// @param agreed what the user agreed may be hurt
    /// @param snapshot where the old one will be kept
    Transaction(
            Means means,
            String id,
            Manifest manifest,
            Provenance before,
            Making making,
            AtStake agreed,
            Path snapshot,
            Cancel cancel,
            Journal journal) {
        this.means = means;
        this.closing = new Closing(means);
        this.id = id;
        this.manifest = manifest;
        this.before = before;
        this.making = making;
        this.agreed = agreed;
        this.snapshot = snapshot;
        this.cancel = cancel;
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
        Instant startedAt = means.clock().instant();
        Map<Step, Act> acts = acts();
        journal.write(new JournalEntry.Planned(
                now(), before.version(), to(), identity(), List.copyOf(acts.keySet()), commands()));
        cancel.listen();
        Did last = new Did.Done("");
        for (Map.Entry<Step, Act> act : acts.entrySet()) {
            last = cancel.isWanted() ? new Did.NotDone("It was cancelled.") : step(act.getKey(), act.getValue());
            if (last instanceof Did.NotDone || last instanceof Did.NeedsConsent) {
                break;
            }
        }
        cancel.deafen();
        awake.close();
        UpgradeOutcome outcome = switch (last) {
            case Did.Done _, Did.Skipped _ ->
                outcome(
                        making instanceof Making.NewVersion ? Result.UPGRADED : Result.ROLLED_BACK,
                        Optional.empty(),
                        startedAt);
            case Did.NotDone(String why) -> undone(cancel.isWanted() ? "It was cancelled." : why, startedAt);
            case Did.NeedsConsent(String why) -> {
                UpgradeOutcome back = undone(why, startedAt);
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
        acts.put(Step.BASELINE, this::lookAtBaseline);
        if (making instanceof Making.NewVersion(UpgradePlan plan)) {
            acts.put(Step.STAGE, () -> stage(plan));
            acts.put(Step.TRY, () -> tryOut(plan));
            acts.put(Step.MEND_PATHS, () -> mendPaths(plan));
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

    private Did step(Step step, Act act) {
        Instant began = now();
        journal.write(new JournalEntry.StepBegan(began, step));
        Did did;
        try {
            if (step == Step.COMMIT) {
                cancel.deafen();
            }
            did = act.run();
        } catch (IOException | RuntimeException e) {
            // A fault of ours in the middle of a transaction still has to end in the old version.
            String said =
                    Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
            did = new Did.NotDone(said.endsWith(".") ? said : said + ".");
        }
        Instant ended = now();
        long took = Duration.between(began, ended).toMillis();
        StepResult result = switch (did) {
            case Did.Done _ -> new StepResult(step, "done", took);
            case Did.Skipped _ -> new StepResult(step, "skipped", took);
            case Did.NotDone _, Did.NeedsConsent _ -> new StepResult(step, "failed", took);
        };
        String detail = switch (did) {
            case Did.Done(String text) -> text;
            case Did.Skipped(String text) -> text;
            case Did.NotDone(String text) -> text;
            case Did.NeedsConsent(String text) -> text;
        };
        results.add(result);
        journal.write(new JournalEntry.StepEnded(ended, step, result.outcome(), took, detail));
        return did;
    }

    private Did lookAtBaseline() {
        baseline = means.verify().gates(manifest);
        Optional<ServiceState> state = means.unit(manifest).map(means.services()::state);
        ran = state.filter(Transaction::isUp).isPresent();
        answered = ran && means.serving().ready(manifest) instanceof Serving.Readiness.Ready;
        return new Did.Done(ran ? answered ? "it runs and answers" : "it runs and does not answer" : "it does not run");
    }

    private Did stage(UpgradePlan plan) throws IOException {
        Trees.drop(plan.stageFolder());
        AtomicFile.makeFolder(plan.stageFolder());
        if (plan.stagePlan().copyTo().isPresent()) {
            Trees.copy(
                    means.runner(),
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
            ProcessResult result = means.runner()
                    .run(
                            // What the stage sets counts more than what was recorded: it names the stage.
                            command.withAll(manifest.install().variables())
                                    .changing(command.environment())
                                    .with(MARK, id),
                            line -> journal.write(new JournalEntry.Output(now(), line)));
            Optional<String> why = notDone(command, result);
            if (why.isPresent()) {
                means.processTable()
                        .marked(MARK, id)
                        .forEach(left -> means.processTable().end(left.pid()));
                return new Did.NotDone(why.get());
            }
        }
        return new Did.Done(to() + " lies beside " + before.version());
    }

    private static Optional<String> notDone(Command command, ProcessResult result) {
        String program = command.argv().getFirst();
        return switch (result) {
            case ProcessResult.Exited(int status, var _, var _, var _) when status == 0 -> Optional.empty();
            case ProcessResult.Exited(int status, String out, String err, var _) ->
                Optional.of(sentence("%s ended with status %d: %s"
                        .formatted(program, status, TellingLine.of(err.isBlank() ? out : err))));
            case ProcessResult.TimedOut(Duration limit, var _, var _) ->
                Optional.of("%s took longer than %d s.".formatted(program, limit.toSeconds()));
            case ProcessResult.NotStarted(String reason) -> Optional.of(reason + ".");
        };
    }

    private static String sentence(String text) {
        return text.matches("(?s).*[.!?]") ? text : text + ".";
    }

    /// The installer's exit status proves nothing (field notes 49 to 63): what lies there now does.
    private Did tryOut(UpgradePlan plan) {
        Path program =
                plan.stagePlan().programsFolder().resolve(before.program().getFileName());
        if (!Files.isExecutable(program)) {
            return new Did.NotDone("%s has no program %s.".formatted(to(), program.getFileName()));
        }
        Optional<Provenance> staged = means.provenance(manifest, program);
        if (staged.isEmpty() || !staged.get().environment().startsWith(real(plan.stageFolder()))) {
            return new Did.NotDone("What was installed beside the old one cannot be read.");
        }
        Optional<String> other = differs(staged.get());
        if (other.isPresent()) {
            return new Did.NotDone(other.get());
        }
        if (manifest.smoke().isEmpty()) {
            return new Did.Done(staged.get().version() + " is on disk");
        }
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(manifest.smoke());
        Command smoke = Command.of(SMOKE_LIMIT, argv).with(MARK, id);
        Optional<String> why = notDone(smoke, means.runner().run(smoke));
        return why.<Did>map(Did.NotDone::new)
                .orElseGet(() -> new Did.Done("`%s` is content".formatted(String.join(" ", manifest.smoke()))));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private Did mendPaths(UpgradePlan plan) throws IOException {
        Path prepared = plan.stagePlan().prepared();
        StagePaths paths = new StagePaths(
                prepared,
                before.environment(),
                plan.stageFolder(),
                plan.stagePlan().links());
        List<Path> changed = paths.rewrite();
        if (Files.exists(prepared.resolve("pyvenv.cfg"))) {
            // Best effort: without byte code Python compiles by itself.
            ProcessResult _ = means.runner()
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
            return new Did.NotDone("%d files still name the place where they were made: %s."
                    .formatted(remains.size(), prepared.relativize(remains.getFirst())));
        }
        // A power cut after the switch must find the new files written, not only named.
        ProcessResult _ = means.runner().run(Command.of(SYNC_LIMIT, "sync", "-f", prepared.toString()));
        links = Launchers.wanted(plan.stagePlan().links(), real(prepared), before.environment());
        List<Path> strangers = Launchers.strangers(links, before.environment());
        return strangers.isEmpty()
                ? new Did.Done(fitted(changed.size()))
                : new Did.NotDone("%s is in the way and is not this tool's."
                        .formatted(means.directories().display(strangers.getFirst())));
    }

    /// npm's files name no place at all; launchers and links of Python's environments do.
    private static String fitted(int files) {
        return switch (files) {
            case 0 -> "nothing had to be changed";
            case 1 -> "1 file names its final place";
            default -> files + " files name their final place";
        };
    }

    private Did arm() throws IOException {
        Optional<String> unit = means.unit(manifest);
        Optional<ServiceState> state = unit.map(means.services()::state);
        boolean ours = state.filter(known -> known.owner() != ServiceState.Owner.FOREIGN)
                .isPresent();
        if (making instanceof Making.Kept(Snapshot kept)) {
            links = kept.links();
        }
        Map<Path, Path> data = new LinkedHashMap<>();
        for (Path path : manifest.data()) {
            data.put(path, Snapshot.data(snapshot, data.size()));
        }
        WayBack ground = new WayBack(
                before.environment(),
                prepared(),
                Trees.identity(before.environment()),
                making instanceof Making.NewVersion(UpgradePlan plan)
                        ? Optional.of(plan.stageFolder())
                        : Optional.empty(),
                snapshot,
                Launchers.texts(links.keySet()),
                unit,
                ran,
                answered,
                ours ? unit.flatMap(means.services()::fileText) : Optional.empty(),
                data);
        way = Optional.of(ground);
        journal.write(new JournalEntry.Ground(now(), ground));
        means.atLogin().arm(closing.openUnits(Optional.empty()));
        awake = means.inhibitor().hold("%s is being upgraded".formatted(manifest.name()));
        return new Did.Done("%s is kept aside".formatted(before.version()));
    }

    private Did stop() {
        Optional<String> unit = means.unit(manifest);
        Optional<String> unexpected =
                new PlanUpgrade(means).atStake(manifest, before).beyond(agreed);
        if (unexpected.isPresent()) {
            return new Did.NeedsConsent(unexpected.get());
        }
        // A socket or a timer would start it in the middle, also while it does not run.
        if (unit.isEmpty() || (!ran && means.services().triggers(unit.get()).isEmpty())) {
            return new Did.Skipped("it does not run");
        }
        int limit = manifest.service().map(Manifest.Service::stopTimeoutSeconds).orElse(10) + 20;
        return Closing.sentence(means.services().stop(unit.get(), Duration.ofSeconds(limit)))
                .<Did>map(Did.NotDone::new)
                .orElseGet(() -> new Did.Done("its processes are gone"));
    }

    private Did copyData() throws IOException {
        WayBack ground = ground();
        if (ground.data().isEmpty()) {
            return new Did.Skipped(ran ? "it is not said where its data lie" : "no data are declared");
        }
        for (Map.Entry<Path, Path> copy : ground.data().entrySet()) {
            if (Files.exists(copy.getKey(), LinkOption.NOFOLLOW_LINKS)) {
                Trees.copy(means.runner(), Map.of(MARK, id), copy.getKey(), copy.getValue());
            }
        }
        return new Did.Done("%d places".formatted(ground.data().size()));
    }

    private Did exchange() throws IOException {
        WayBack ground = ground();
        means.directorySwap().exchange(ground.environment(), ground.prepared());
        Launchers.apply(links);
        if (making instanceof Making.Kept(Snapshot kept)) {
            for (Map.Entry<Path, Path> copy : kept.data().entrySet()) {
                closing.data(copy.getValue(), copy.getKey());
            }
        }
        return new Did.Done(means.directories().display(ground.environment()));
    }

    private Did identify() {
        Optional<Provenance> now = means.provenance(manifest);
        if (now.isEmpty()) {
            return new Did.NotDone("What is in place cannot be read.");
        }
        return differs(now.get())
                .<Did>map(Did.NotDone::new)
                .orElseGet(() -> new Did.Done(
                        "%s, from the same source".formatted(now.get().version())));
    }

    /// Whether an install is something else than what was wanted, in a sentence.
    private Optional<String> differs(Provenance found) {
        if (making instanceof Making.Kept(Snapshot kept)) {
            return found.version().equals(kept.version())
                    ? Optional.empty()
                    : Optional.of("%s is on disk, not %s.".formatted(found.version(), kept.version()));
        }
        UpgradeTarget upgradeTarget = ((Making.NewVersion) making).plan().upgradeTarget();
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
                            .formatted(means.directories().display(wanted.url())));
                }
                yield git.commit().equals(wanted.commit())
                        ? Optional.empty()
                        : Optional.of("Commit %.7s is on disk, not %.7s.".formatted(git.commit(), wanted.commit()));
            }
        };
    }

    /// A file that was changed by hand stays as the user made it.
    private Did serviceFile() {
        WayBack ground = ground();
        if (ground.unit().isEmpty() || ground.serviceFile().isEmpty()) {
            return new Did.Skipped("there is no service file of ours");
        }
        if (making instanceof Making.Kept(Snapshot kept) && kept.serviceFile().isPresent()) {
            return kept.serviceFile().equals(ground.serviceFile())
                    ? new Did.Skipped("it stays as it is")
                    : Closing.sentence(means.services().restore(ground.unit().get(), kept.serviceFile()))
                            .<Did>map(Did.NotDone::new)
                            .orElseGet(() -> new Did.Done("as it was with " + kept.version()));
        }
        Optional<ServiceDefinition> definition = means.serving().definition(manifest);
        if (definition.isEmpty()) {
            return new Did.Skipped("it stays as it is");
        }
        String text = means.services().render(definition.get());
        if (text.equals(ground.serviceFile().get())) {
            return new Did.Skipped("it stays as it is");
        }
        if (means.services().isChangedByHand(ground.unit().get())) {
            return new Did.Skipped("it was changed by hand, and stays as it is");
        }
        return Closing.sentence(means.services().write(definition.get()))
                .<Did>map(Did.NotDone::new)
                .orElseGet(() -> new Did.Done("written anew"));
    }

    private Did start() {
        WayBack ground = ground();
        if (ground.unit().isEmpty()) {
            return new Did.Skipped("it did not run before");
        }
        if (!ran) {
            return Closing.sentence(means.services().resume(ground.unit().get()))
                    .<Did>map(Did.NotDone::new)
                    .orElseGet(() -> new Did.Skipped("it did not run before"));
        }
        return Closing.sentence(means.services().start(ground.unit().get()))
                .<Did>map(Did.NotDone::new)
                .orElseGet(() -> new Did.Done(""));
    }

    private Did awaitReady() {
        if (!ran) {
            return new Did.Skipped("it did not run before");
        }
        return switch (means.serving().ready(manifest)) {
            case Serving.Readiness.Ready(String detail) -> new Did.Done(detail);
            case Serving.Readiness.NotReady(String why) ->
                answered ? new Did.NotDone(why) : new Did.Done("it did not answer before either");
        };
    }

    /// Only what was well before and is broken twice now counts.
    private Did gates() {
        Optional<String> broken = brokenGate(means.verify().gates(manifest));
        if (broken.isPresent()) {
            broken = brokenGate(means.verify().gates(manifest));
        }
        return broken.<Did>map(Did.NotDone::new).orElseGet(() -> new Did.Done("%d checks".formatted(baseline.size())));
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

    private Did commit() throws IOException {
        closing.keep(journal, before.version(), ground());
        return new Did.Done("%s can come back".formatted(before.version()));
    }

    private UpgradeOutcome undone(String why, Instant startedAt) {
        List<JournalEntry> done = means.journals().entries(journal.file());
        if (way.isEmpty()) {
            try {
                if (making instanceof Making.NewVersion(UpgradePlan plan)) {
                    Trees.drop(plan.stageFolder());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return outcome(Result.FAILED, Optional.of(untouched(why)), startedAt);
        }
        Instant began = now();
        journal.write(new JournalEntry.StepBegan(began, Step.ROLL_BACK));
        List<String> problems = closing.goBack(journal, done, way.get(), Optional.of(manifest), false);
        long took = Duration.between(began, now()).toMillis();
        StepResult result = new StepResult(Step.ROLL_BACK, problems.isEmpty() ? "done" : "failed", took);
        results.add(result);
        journal.write(
                new JournalEntry.StepEnded(now(), Step.ROLL_BACK, result.outcome(), took, String.join(" ", problems)));
        return endOfGoingBack(done, why, problems, startedAt);
    }

    private UpgradeOutcome endOfGoingBack(
            List<JournalEntry> done, String why, List<String> problems, Instant startedAt) {
        if (!problems.isEmpty()) {
            return outcome(Result.NEEDS_ATTENTION, Optional.of(why + " " + String.join(" ", problems)), startedAt);
        }
        return making instanceof Making.NewVersion && Closing.began(done, Step.SWITCH)
                ? outcome(Result.ROLLED_BACK, Optional.of(why), startedAt)
                : outcome(Result.FAILED, Optional.of(untouched(why)), startedAt);
    }

    private String untouched(String why) {
        return "%s %s stays as it was.".formatted(why, before.version());
    }

    private UpgradeOutcome outcome(Result result, Optional<String> reason, Instant startedAt) {
        return Outcomes.of(
                means.journals().entries(journal.file()),
                journal.file(),
                manifest,
                making instanceof Making.Kept ? Asked.ROLLBACK : Asked.UPGRADE,
                result,
                before.version(),
                to(),
                reason,
                List.copyOf(results),
                startedAt,
                now());
    }

    private WayBack ground() {
        return way.orElseThrow(
                () -> new IllegalStateException("no step touches anything before the way back is known"));
    }

    private Path prepared() {
        return switch (making) {
            case Making.NewVersion(UpgradePlan plan) -> plan.stagePlan().prepared();
            case Making.Kept(Snapshot kept) -> kept.environment();
        };
    }

    private String to() {
        return switch (making) {
            case Making.NewVersion(UpgradePlan plan) -> plan.upgradeTarget().label();
            case Making.Kept(Snapshot kept) -> kept.version();
        };
    }

    private String identity() {
        return switch (making) {
            case Making.NewVersion(UpgradePlan plan) -> plan.identity();
            case Making.Kept(Snapshot kept) -> SNAPSHOT + kept.id();
        };
    }

    private List<String> commands() {
        return making instanceof Making.NewVersion(UpgradePlan plan) ? plan.commands() : List.of();
    }

    private Instant now() {
        return means.clock().instant();
    }
}
