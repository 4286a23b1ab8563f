package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.release.CommitList;
import io.github.lamplighter.upgrade.StepOutcome;
import io.github.lamplighter.upgrade.StepProgress;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of an upgrade: plan, steps, result.
final class UpgradeViewModel {

    enum State {
        PLANNING,
        PLANNED,
        /// The tool cannot be upgraded, or is up to date.
        NOTHING,
        RUNNING,
        ENDED
    }

    /// What the doctor found after the upgrade.
    record Verdict(ToolRow.Mark mark, String text) {}

    enum StepState {
        RUNNING,
        DONE,
        FAILED
    }

    /// @param at its start
    /// @param isDowntime whether the service is down during the step
    record Step(String id, String text, StepState state, Optional<Duration> took, Instant at, boolean isDowntime) {}

    /// The lines of output that are kept.
    private static final int MAX_OUTPUT = 500;

    /// The step that is shown until the worker reports its first one.
    private static final String PREPARING = "prepare";

    private final CliClient cliClient;
    private final WindowData data;
    private final UpgradeFeed upgrades;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final ToolRow tool;
    private final Optional<String> version;
    private final Runnable ended;
    private Optional<UpgradeFeed.Following> following = Optional.empty();

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.PLANNING);
    private final ReadOnlyObjectWrapper<PlannedUpgrade> plan;
    private final ReadOnlyObjectWrapper<Optional<UpgradeRecord>> result = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<String>> why = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper currentStep = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper cancelling = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<Step> steps = FXCollections.observableArrayList();
    private final ObservableList<String> output = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<Verdict>> verdict = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<WindowData.News> news = new ReadOnlyObjectWrapper<>(WindowData.News.NONE);
    private Instant startedAt = Instant.EPOCH;
    private Asked asked = Asked.UPGRADE;

    /// @param ended called after the upgrade, whatever its result
    UpgradeViewModel(WindowServices windowServices, ToolRow tool, Runnable ended) {
        this(windowServices, tool, Optional.empty(), ended);
    }

    /// @param version the wanted one; empty is the newest
    UpgradeViewModel(WindowServices windowServices, ToolRow tool, Optional<String> version, Runnable ended) {
        this.cliClient = windowServices.cliClient();
        this.data = windowServices.data();
        this.version = version;
        this.upgrades = windowServices.upgrades();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.tool = tool;
        this.ended = ended;
        this.plan = new ReadOnlyObjectWrapper<>(PlannedUpgrade.unknown(tool));
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<PlannedUpgrade> planProperty() {
        return plan.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<UpgradeRecord>> resultProperty() {
        return result.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<String>> whyProperty() {
        return why.getReadOnlyProperty();
    }

    /// The step in progress.
    ReadOnlyStringProperty currentStepProperty() {
        return currentStep.getReadOnlyProperty();
    }

    /// Whether the user has cancelled it.
    ReadOnlyBooleanProperty cancellingProperty() {
        return cancelling.getReadOnlyProperty();
    }

    /// The target version, once it is known.
    Optional<String> to() {
        return plan.get().to();
    }

    /// The page that tells what is new: that of the release, the release notes, else the project's.
    Optional<ToolDetails.Link> link() {
        return tool.update()
                .flatMap(ToolDetails.Update::news)
                .or(() -> news.get().page().map(page -> new ToolDetails.Link("Release notes", page)))
                .or(() -> news.get().homepage().map(page -> new ToolDetails.Link("Project page", page)));
    }

    /// What the update brings, once its source has answered.
    ReadOnlyObjectProperty<WindowData.News> newsProperty() {
        return news.getReadOnlyProperty();
    }

    /// `New since 1.0.0: 14 commits`.
    String commitsTitle() {
        CommitList commits = news.get().commits();
        int count = commits.messages().size();
        return "New since %s: %s"
                .formatted(
                        tool.version(),
                        commits.isComplete()
                                ? HumanFormat.count(count, "commit", "commits")
                                : "the last %d commits".formatted(count));
    }

    Asked asked() {
        return asked;
    }

    /// `Upgrading`.
    String doing() {
        return switch (asked) {
            case UPGRADE -> "Upgrading";
            case ROLLBACK -> "Rolling back";
        };
    }

    /// What a click on *Cancel* would do.
    String cancelConsequence() {
        return switch (asked) {
            case UPGRADE ->
                "If the new version is installed already, Lamplighter rolls back to %s. Otherwise nothing changes."
                        .formatted(tool.version());
            case ROLLBACK ->
                "If the previous version is restored already, Lamplighter returns to %s. Otherwise nothing changes."
                        .formatted(tool.version());
        };
    }

    String runningSentence() {
        return to().map(version -> doing() + " to " + version).orElse(doing());
    }

    /// The title of its dialog.
    String title() {
        if (!isRunning()) {
            return plan.get().title();
        }
        String verb = cancelling.get() ? "Cancelling the %s of".formatted(asked.word()) : doing();
        return verb + " " + plan.get().subject();
    }

    boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    ObservableList<Step> steps() {
        return steps;
    }

    /// What the package manager has printed, with the newest line last.
    ObservableList<String> output() {
        return output;
    }

    /// Empty until the doctor has run after the upgrade.
    ReadOnlyObjectProperty<Optional<Verdict>> verdictProperty() {
        return verdict.getReadOnlyProperty();
    }

    ToolRow tool() {
        return tool;
    }

    Duration elapsed() {
        return Duration.between(startedAt, clock.instant());
    }

    String resultSentence() {
        return result.get()
                .map(past -> past.sentence(tool.name(), tool.expectedRunning()))
                .orElse("");
    }

    ToolRow.Mark resultMark() {
        return result.get().map(UpgradeRecord::mark).orElse(ToolRow.Mark.UNKNOWN);
    }

    /// The text that *Copy report* puts on the clipboard.
    String asText() {
        StringBuilder text = new StringBuilder(plan.get().title()).append('\n').append(resultSentence());
        why.get().ifPresent(reason -> text.append("\nReason: ").append(reason));
        steps.forEach(step -> text.append("\n%s %s".formatted(mark(step.state()), step.text())));
        output.forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }

    // Commands

    void makePlan() {
        state.set(State.PLANNING);
        taskExecutor.run(() -> cliClient.run(arguments("--dry-run")), this::planned);
        if (version.isEmpty()) {
            taskExecutor.run(() -> data.news(tool.id()), news::set);
        }
    }

    private List<String> arguments(String last) {
        List<String> arguments = new ArrayList<>(List.of("upgrade", tool.id()));
        version.ifPresent(wanted -> arguments.addAll(List.of("--to", wanted)));
        arguments.add(last);
        return arguments;
    }

    /// Starts the upgrade, once the user has confirmed the plan.
    void start() {
        if (state.get() != State.PLANNED) {
            return;
        }
        startedAt = clock.instant();
        steps.setAll(new Step(
                PREPARING,
                "Preparing (nothing has changed yet)",
                StepState.RUNNING,
                Optional.empty(),
                startedAt,
                false));
        currentStep.set("Preparing");
        state.set(State.RUNNING);
        UpgradeFeed.Following handle = upgrades.follow(tool.id(), startedAt, listener());
        following = Optional.of(handle);
        taskExecutor.run(
                () -> {
                    // Closed after the command has ended: the journal's last lines come before the envelope.
                    try (handle) {
                        return cliClient.run(arguments("--yes"));
                    }
                },
                this::ended);
    }

    /// Follows an upgrade or a rollback that was started elsewhere: in a terminal, from the tray, or by a
    /// window that was closed.
    void follow(UpgradeFeed.Running running) {
        startedAt = running.startedAt();
        asked = running.asked();
        plan.set(PlannedUpgrade.elsewhere(running, tool));
        state.set(State.RUNNING);
        following = Optional.of(
                upgrades.follow(running, listener(), past -> taskExecutor.ui().execute(() -> over(past))));
    }

    private UpgradeFeed.Listener listener() {
        return new UpgradeFeed.Listener() {
            @Override
            public void step(StepProgress progress) {
                taskExecutor.ui().execute(() -> UpgradeViewModel.this.step(progress));
            }

            @Override
            public void output(String line) {
                taskExecutor.ui().execute(() -> print(line));
            }
        };
    }

    private void print(String line) {
        if (output.size() == MAX_OUTPUT) {
            output.removeFirst();
        }
        output.add(line);
    }

    /// Cancels the upgrade. If the new version was installed already, Lamplighter rolls back.
    void cancel() {
        if (isRunning() && !cancelling.get()) {
            cancelling.set(true);
            following.ifPresent(UpgradeFeed.Following::cancel);
        }
    }

    /// Ignores this version until there is a newer one.
    ///
    /// @param then called with the reason if that failed
    void skip(Consumer<Optional<String>> then) {
        taskExecutor.run(
                () -> cliClient.run(List.of("ignore", tool.id(), CheckId.UPDATE, "--until", "change")),
                envelope -> then.accept(
                        envelope.succeeded()
                                ? Optional.empty()
                                : envelope.reason().or(() -> Optional.of("This version could not be skipped"))));
    }

    /// Finishes a followed upgrade; if its worker was killed, recovers the tool first.
    private void over(Optional<UpgradeRecord> past) {
        past.ifPresentOrElse(
                this::finish,
                () -> taskExecutor.run(
                        () -> cliClient.run(List.of("recover")),
                        envelope -> finish(envelope.tools().stream()
                                .filter(json -> JsonFields.text(json, "name")
                                        .filter(tool.id()::equals)
                                        .isPresent())
                                .map(UpgradeRecord::of)
                                .findFirst()
                                .orElseGet(() -> UpgradeRecord.of(envelope.data())))));
    }

    private void planned(Envelope envelope) {
        Optional<PlannedUpgrade> possible = PlannedUpgrade.of(envelope, tool, humanFormat);
        if (possible.isEmpty()) {
            why.set(Optional.of(PlannedUpgrade.obstacle(envelope, tool)));
        }
        plan.set(possible.orElseGet(() -> PlannedUpgrade.notPossible(envelope, tool)));
        state.set(possible.isPresent() ? State.PLANNED : State.NOTHING);
    }

    private void step(StepProgress progress) {
        steps.removeIf(step -> step.id().equals(PREPARING));
        boolean skipped = progress.outcome()
                .filter(outcome -> outcome == StepOutcome.SKIPPED)
                .isPresent();
        StepState now = progress.outcome()
                .map(outcome -> outcome == StepOutcome.FAILED ? StepState.FAILED : StepState.DONE)
                .orElse(StepState.RUNNING);
        if (now == StepState.RUNNING) {
            currentStep.set(progress.label());
        }
        String id = progress.step().word();
        String text = progress.label() + (progress.detail().isEmpty() ? "" : ": " + progress.detail());
        Optional<Duration> took = progress.outcome().map(_ -> progress.took());
        for (int at = 0; at < steps.size(); at++) {
            Step shown = steps.get(at);
            if (shown.id().equals(id) && shown.state() == StepState.RUNNING) {
                if (skipped) {
                    steps.remove(at);
                } else {
                    steps.set(at, new Step(id, text, now, took, shown.at(), shown.isDowntime()));
                }
                return;
            }
        }
        if (!skipped) {
            steps.add(
                    new Step(id, text, now, took, progress.at(), progress.step().isDowntime()));
        }
    }

    private void ended(Envelope envelope) {
        why.set(envelope.cause());
        finish(UpgradeRecord.of(envelope.tool()));
    }

    private void finish(UpgradeRecord past) {
        steps.removeIf(step -> step.id().equals(PREPARING));
        result.set(Optional.of(past));
        why.set(
                past.succeeded() || past.isCancelled()
                        ? Optional.empty()
                        : why.get().or(past::reason));
        cancelling.set(false);
        state.set(State.ENDED);
        ended.run();
        taskExecutor.run(
                () -> data.check(tool.id(), Progress.none()).isPresent()
                        ? Optional.<Report>empty()
                        : data.report(tool.id()),
                report -> {
                    verdict.set(report.map(UpgradeViewModel::verdict));
                    ended.run();
                });
    }

    private static Verdict verdict(Report report) {
        List<Finding> problems = report.findings().stream()
                .filter(finding -> !finding.ignored())
                .filter(finding -> finding.severity().weight() >= Severity.WARNING.weight())
                .toList();
        return problems.stream()
                .max(Comparator.comparingInt(finding -> finding.severity().weight()))
                .map(worst -> new Verdict(
                        StatusIcons.of(worst.severity()),
                        "Doctor: " + worst.title()
                                + (problems.size() > 1 ? " and %d more".formatted(problems.size() - 1) : "")))
                .orElse(new Verdict(ToolRow.Mark.OK, "Doctor: no problems found"));
    }

    private static String mark(StepState state) {
        return switch (state) {
            case RUNNING -> "◌";
            case DONE -> "✓";
            case FAILED -> "✗";
        };
    }
}
