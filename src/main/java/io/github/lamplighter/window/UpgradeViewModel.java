package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.StepOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
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

/// One upgrade: its plan, its steps while it runs, and what it came to.
final class UpgradeViewModel {

    enum State {
        PLANNING,
        PLANNED,
        /// It cannot be upgraded, or has nothing newer.
        NOTHING,
        RUNNING,
        ENDED
    }

    /// @param to empty when nothing can be installed, and while it is not known
    /// @param sentences what a person wants to know before agreeing
    /// @param commands what will be run, for those who want to know
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
        NOT_DONE
    }

    /// @param at when it began
    /// @param isDowntime whether the service is down in it, if there is one
    record Step(String id, String text, StepState state, Optional<Duration> took, Instant at, boolean isDowntime) {}

    /// Stands there from the click on until the worker says what it does.
    private static final String BEGINNING = "begin";

    private final CliClient cliClient;
    private final UpgradeFeed journal;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final ToolRow tool;
    private final Runnable ended;
    private Optional<UpgradeFeed.Following> following = Optional.empty();

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.PLANNING);
    private final ReadOnlyObjectWrapper<Plan> plan;
    private final ReadOnlyObjectWrapper<Optional<UpgradeRecord>> result = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<String>> why = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper doing = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper cancelling = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<Step> steps = FXCollections.observableArrayList();
    private Instant startedAt = Instant.EPOCH;

    /// @param ended called when the upgrade is over, whatever it came to
    UpgradeViewModel(WindowServices windowServices, ToolRow tool, Runnable ended) {
        this.cliClient = windowServices.cliClient();
        this.journal = windowServices.steps();
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

    /// What it is at, while it runs.
    ReadOnlyStringProperty doingProperty() {
        return doing.getReadOnlyProperty();
    }

    /// A person asked it to end as if it had not been.
    ReadOnlyBooleanProperty cancellingProperty() {
        return cancelling.getReadOnlyProperty();
    }

    /// The version that is wanted, as far as it is known.
    Optional<String> to() {
        return plan.get().to();
    }

    /// Where what is new can be read.
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

    /// How long it has been running.
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
                .map(past -> past.went()
                        ? ToolRow.Mark.OK
                        : past.needsSomebody() ? ToolRow.Mark.FAILURE : ToolRow.Mark.WARNING)
                .orElse(ToolRow.Mark.UNKNOWN);
    }

    /// What somebody pastes into a report.
    String asText() {
        StringBuilder text = new StringBuilder(plan.get().title()).append('\n').append(resultSentence());
        why.get().ifPresent(reason -> text.append("\nWhy: ").append(reason));
        steps.forEach(step -> text.append("\n%s %s".formatted(mark(step.state()), step.text())));
        return text.toString();
    }

    // Commands

    void makePlan() {
        state.set(State.PLANNING);
        taskExecutor.run(() -> cliClient.run(List.of("upgrade", tool.id(), "--dry-run")), this::planned);
    }

    /// Starts the upgrade; the person has seen the plan and agreed.
    void start() {
        if (state.get() != State.PLANNED) {
            return;
        }
        startedAt = clock.instant();
        steps.setAll(new Step(
                BEGINNING,
                "Getting ready; nothing is changed yet",
                StepState.RUNNING,
                Optional.empty(),
                startedAt,
                false));
        doing.set("Getting ready");
        state.set(State.RUNNING);
        UpgradeFeed.Following handle =
                journal.follow(tool.id(), startedAt, entry -> taskExecutor.ui().execute(() -> step(entry)));
        following = Optional.of(handle);
        taskExecutor.run(
                () -> {
                    // Closed only after the child: the journal's last lines come before the envelope.
                    try (handle) {
                        return cliClient.run(List.of("upgrade", tool.id(), "--yes"));
                    }
                },
                this::ended);
    }

    /// Shows one that was started elsewhere: in a terminal, from the tray, or by a window that was closed since.
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
        following = Optional.of(journal.follow(
                running,
                entry -> taskExecutor.ui().execute(() -> step(entry)),
                past -> taskExecutor.ui().execute(() -> over(past))));
    }

    /// Before the new version is put in place nothing has changed; after it the old one is put back.
    void cancel() {
        if (isRunning() && !cancelling.get()) {
            cancelling.set(true);
            following.ifPresent(UpgradeFeed.Following::cancel);
        }
    }

    /// Sets this version aside until there is a newer one.
    ///
    /// @param then called with a sentence when that was not possible
    void skip(Consumer<Optional<String>> then) {
        taskExecutor.run(
                () -> cliClient.run(List.of("ignore", tool.id(), "update", "--until", "change")),
                envelope -> then.accept(
                        envelope.succeeded()
                                ? Optional.empty()
                                : envelope.reason().or(() -> Optional.of("It could not be set aside"))));
    }

    /// One that was followed is over; a worker that is gone without a last word is cleared up after.
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
                                    ? "%s is the newest for this copy.".formatted(from)
                                    : "No reason was given.")));
            plan.set(new Plan(
                    outcome.equals("current")
                            ? "%s has nothing newer".formatted(tool.name())
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
        tool.report().map(ToolDetails::source).ifPresent(source -> sentences.add("Same source: " + lower(source)));
        JsonFields.text(details, "downtime").ifPresent(sentences::add);
        JsonFields.number(details, "estimatedDowntimeMillis")
                .or(() -> JsonFields.number(details, "downtimeMillis"))
                .filter(millis -> millis > 0)
                .ifPresent(millis -> sentences.add("Down for about " + HumanFormat.took(Duration.ofMillis(millis))));
        sentences.addAll(JsonFields.texts(details.path("sentences")));
        sentences.add("If it does not work, %s comes back by itself.".formatted(from));
        List<String> warnings = new ArrayList<>(JsonFields.texts(details.path("warnings")));
        if (JsonFields.truth(details, "dataMayHaveChanged").orElse(false)) {
            warnings.add("Its data is not part of the safety copy.");
        }
        plan.set(new Plan(
                "Upgrade %s %s → %s".formatted(tool.name(), from, to.get()),
                to,
                sentences,
                warnings,
                commands(details)));
        state.set(State.PLANNED);
    }

    private static List<String> commands(JsonNode details) {
        List<String> plain = JsonFields.texts(details.path("commands"));
        return plain.isEmpty()
                ? JsonFields.list(details.path("steps")).stream()
                        .flatMap(step -> JsonFields.text(step, "text")
                                .or(() -> JsonFields.text(step, "command"))
                                .or(() -> JsonFields.text(step, "step").map(UpgradeViewModel::stepText))
                                .stream())
                        .toList()
                : plain;
    }

    private void step(UpgradeFeed.Entry entry) {
        steps.removeIf(step -> step.id().equals(BEGINNING));
        boolean skipped = entry.outcome()
                .filter(outcome -> outcome == StepOutcome.SKIPPED)
                .isPresent();
        StepState now = entry.outcome()
                .map(outcome -> outcome == StepOutcome.FAILED ? StepState.NOT_DONE : StepState.DONE)
                .orElse(StepState.RUNNING);
        if (now == StepState.RUNNING) {
            doing.set(entry.text());
        }
        for (int at = 0; at < steps.size(); at++) {
            Step shown = steps.get(at);
            if (shown.id().equals(entry.step()) && shown.state() == StepState.RUNNING) {
                if (skipped) {
                    steps.remove(at);
                } else {
                    steps.set(
                            at, new Step(shown.id(), entry.text(), now, entry.took(), shown.at(), shown.isDowntime()));
                }
                return;
            }
        }
        if (!skipped) {
            steps.add(new Step(entry.step(), entry.text(), now, entry.took(), entry.at(), entry.isDowntime()));
        }
    }

    private void ended(Envelope envelope) {
        why.set(envelope.cause());
        finish(UpgradeRecord.of(envelope.tool()));
    }

    private void finish(UpgradeRecord past) {
        steps.removeIf(step -> step.id().equals(BEGINNING));
        result.set(Optional.of(past));
        why.set(past.went() ? Optional.empty() : why.get().or(past::reason));
        cancelling.set(false);
        state.set(State.ENDED);
        ended.run();
    }

    private static String stepText(String word) {
        return Arrays.stream(io.github.lamplighter.upgrade.Step.values())
                .filter(step -> step.word().equals(word))
                .map(io.github.lamplighter.upgrade.Step::doing)
                .findFirst()
                .orElse(word);
    }

    private static String mark(StepState state) {
        return switch (state) {
            case RUNNING -> "◌";
            case DONE -> "✓";
            case NOT_DONE -> "✗";
        };
    }

    private static String lower(String sentence) {
        return sentence.replaceFirst("^From ", "");
    }
}
