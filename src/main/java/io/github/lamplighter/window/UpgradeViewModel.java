package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.upgrade.StepOutcome;
import io.github.lamplighter.upgrade.StepProgress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
import tools.jackson.databind.JsonNode;

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

    /// @param to empty if nothing can be installed, and while it is not known
    /// @param sentences what the user should know before confirming
    /// @param commands the steps of the upgrade
    record Plan(
            String title, Optional<String> to, List<String> sentences, List<String> warnings, List<String> commands) {
        Plan {
            sentences = List.copyOf(sentences);
            warnings = List.copyOf(warnings);
            commands = List.copyOf(commands);
        }
    }

    enum StepState {
        RUNNING,
        DONE,
        FAILED
    }

    /// @param at its start
    /// @param isDowntime whether the service is down during the step
    record Step(String id, String text, StepState state, Optional<Duration> took, Instant at, boolean isDowntime) {}

    /// The step that is shown until the worker reports its first one.
    private static final String PREPARING = "prepare";

    private final CliClient cliClient;
    private final UpgradeFeed upgrades;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final ToolRow tool;
    private final Runnable ended;
    private Optional<UpgradeFeed.Following> following = Optional.empty();

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.PLANNING);
    private final ReadOnlyObjectWrapper<Plan> plan;
    private final ReadOnlyObjectWrapper<Optional<UpgradeRecord>> result = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<String>> why = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper currentStep = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper cancelling = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<Step> steps = FXCollections.observableArrayList();
    private Instant startedAt = Instant.EPOCH;

    /// @param ended called after the upgrade, whatever its result
    UpgradeViewModel(WindowServices windowServices, ToolRow tool, Runnable ended) {
        this.cliClient = windowServices.cliClient();
        this.upgrades = windowServices.upgrades();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.tool = tool;
        this.ended = ended;
        this.plan = new ReadOnlyObjectWrapper<>(
                new Plan("Upgrade " + tool.name(), Optional.empty(), List.of(), List.of(), List.of()));
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Plan> planProperty() {
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

    /// The address of the release notes.
    Optional<URI> notes() {
        return tool.update().flatMap(ToolDetails.Update::notes);
    }

    String runningSentence() {
        return to().map(version -> "Upgrading to " + version).orElse("Upgrading");
    }

    boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    ObservableList<Step> steps() {
        return steps;
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
        return result.get()
                .map(past -> past.succeeded()
                        ? ToolRow.Mark.OK
                        : past.needsRepair() ? ToolRow.Mark.FAILURE : ToolRow.Mark.WARNING)
                .orElse(ToolRow.Mark.UNKNOWN);
    }

    /// The text that *Copy report* puts on the clipboard.
    String asText() {
        StringBuilder text = new StringBuilder(plan.get().title()).append('\n').append(resultSentence());
        why.get().ifPresent(reason -> text.append("\nReason: ").append(reason));
        steps.forEach(step -> text.append("\n%s %s".formatted(mark(step.state()), step.text())));
        return text.toString();
    }

    // Commands

    void makePlan() {
        state.set(State.PLANNING);
        taskExecutor.run(() -> cliClient.run(List.of("upgrade", tool.id(), "--dry-run")), this::planned);
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
        UpgradeFeed.Following handle =
                upgrades.follow(tool.id(), startedAt, entry -> taskExecutor.ui().execute(() -> step(entry)));
        following = Optional.of(handle);
        taskExecutor.run(
                () -> {
                    // Closed after the command has ended: the journal's last lines come before the envelope.
                    try (handle) {
                        return cliClient.run(List.of("upgrade", tool.id(), "--yes"));
                    }
                },
                this::ended);
    }

    /// Follows an upgrade that was started elsewhere: in a terminal, from the tray, or by a window that was
    /// closed.
    void follow(UpgradeFeed.Running running) {
        startedAt = running.startedAt();
        plan.set(new Plan(
                running.from()
                        .flatMap(from -> running.to().map(to -> "Upgrade %s %s → %s".formatted(tool.name(), from, to)))
                        .orElse("Upgrade " + tool.name()),
                running.to(),
                List.of(),
                List.of(),
                List.of()));
        state.set(State.RUNNING);
        following = Optional.of(upgrades.follow(
                running,
                entry -> taskExecutor.ui().execute(() -> step(entry)),
                past -> taskExecutor.ui().execute(() -> over(past))));
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
        JsonNode answer = envelope.tool();
        String outcome = JsonFields.text(answer, "outcome").orElse("");
        String from = JsonFields.text(answer, "from").orElse(tool.version());
        Optional<String> to = JsonFields.text(answer, "to");
        boolean possible = envelope.exitCode() == 0 && to.isPresent() && !outcome.equals("current");
        if (!possible) {
            why.set(envelope.reason()
                    .or(() -> Optional.of(
                            outcome.equals("current")
                                    ? "%s is the newest compatible version.".formatted(from)
                                    : "No reason given.")));
            plan.set(new Plan(
                    outcome.equals("current")
                            ? "%s is up to date".formatted(tool.name())
                            : "%s cannot be upgraded now".formatted(tool.name()),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of()));
            state.set(State.NOTHING);
            return;
        }
        JsonNode details = answer.path("plan").isObject() ? answer.path("plan") : answer;
        List<String> sentences = new ArrayList<>();
        tool.report().map(ToolDetails::source).ifPresent(sentences::add);
        JsonFields.text(details, "downtime").ifPresent(sentences::add);
        JsonFields.number(details, "estimatedDowntimeMillis")
                .or(() -> JsonFields.number(details, "downtimeMillis"))
                .filter(millis -> millis > 0)
                .ifPresent(millis ->
                        sentences.add("Expected downtime: about " + HumanTime.estimate(Duration.ofMillis(millis))));
        sentences.addAll(JsonFields.texts(details.path("sentences")));
        sentences.add("If it doesn't work, Lamplighter rolls back to %s.".formatted(from));
        List<String> warnings = new ArrayList<>(JsonFields.texts(details.path("warnings")));
        if (JsonFields.truth(details, "dataMayHaveChanged").orElse(false)) {
            warnings.add("Its data is not backed up.");
        }
        plan.set(new Plan(
                "Upgrade %s %s → %s".formatted(tool.name(), from, to.get()),
                to,
                sentences,
                warnings,
                JsonFields.texts(details.path("commands"))));
        state.set(State.PLANNED);
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
        why.set(past.succeeded() ? Optional.empty() : why.get().or(past::reason));
        cancelling.set(false);
        state.set(State.ENDED);
        ended.run();
    }

    private static String mark(StepState state) {
        return switch (state) {
            case RUNNING -> "◌";
            case DONE -> "✓";
            case FAILED -> "✗";
        };
    }
}
