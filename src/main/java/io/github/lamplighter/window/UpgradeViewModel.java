package io.github.lamplighter.window;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
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

    /// @param sentences what a person wants to know before agreeing
    /// @param commands what will be run, for those who want to know
    record Plan(String title, List<String> sentences, List<String> warnings, List<String> commands) {
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

    record Step(String id, String text, StepState state, Optional<Duration> took) {}

    private final Verbs verbs;
    private final UpgradeSteps journal;
    private final Background background;
    private final InstantSource clock;
    private final ToolRow tool;
    private final Runnable ended;

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.PLANNING);
    private final ReadOnlyObjectWrapper<Plan> plan;
    private final ReadOnlyObjectWrapper<Optional<PastUpgrade>> result = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<String>> why = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ObservableList<Step> steps = FXCollections.observableArrayList();
    private Instant startedAt = Instant.EPOCH;

    /// @param ended called when the upgrade is over, whatever it came to
    UpgradeViewModel(
            Verbs verbs,
            UpgradeSteps journal,
            Background background,
            InstantSource clock,
            ToolRow tool,
            Runnable ended) {
        this.verbs = verbs;
        this.journal = journal;
        this.background = background;
        this.clock = clock;
        this.tool = tool;
        this.ended = ended;
        this.plan = new ReadOnlyObjectWrapper<>(new Plan("Upgrade " + tool.name(), List.of(), List.of(), List.of()));
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Plan> planProperty() {
        return plan.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<PastUpgrade>> resultProperty() {
        return result.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<String>> whyProperty() {
        return why.getReadOnlyProperty();
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
        background.run(() -> verbs.run(List.of("upgrade", tool.id(), "--dry-run")), this::planned);
    }

    /// Starts the upgrade; the person has seen the plan and agreed.
    void start() {
        if (state.get() != State.PLANNED) {
            return;
        }
        startedAt = clock.instant();
        steps.clear();
        state.set(State.RUNNING);
        AutoCloseable following =
                journal.follow(tool.id(), startedAt, entry -> background.ui().execute(() -> step(entry)));
        background.run(
                () -> {
                    // Closed only after the child: the journal's last lines come before the envelope.
                    try (following) {
                        return verbs.run(List.of("upgrade", tool.id(), "--yes"));
                    }
                },
                this::ended);
    }

    private void planned(Envelope envelope) {
        JsonNode answer = envelope.tool();
        String outcome = Json.text(answer, "outcome").orElse("");
        String from = Json.text(answer, "from").orElse(tool.version());
        Optional<String> to = Json.text(answer, "to");
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
                    List.of(),
                    List.of(),
                    List.of()));
            state.set(State.NOTHING);
            return;
        }
        JsonNode details = answer.path("plan").isObject() ? answer.path("plan") : answer;
        List<String> sentences = new ArrayList<>();
        tool.report().map(ToolReport::source).ifPresent(source -> sentences.add("Same source: " + lower(source)));
        Json.text(details, "downtime").ifPresent(sentences::add);
        Json.number(details, "estimatedDowntimeMillis")
                .or(() -> Json.number(details, "downtimeMillis"))
                .filter(millis -> millis > 0)
                .ifPresent(millis -> sentences.add("Down for about " + Words.took(Duration.ofMillis(millis))));
        sentences.addAll(Json.texts(details.path("sentences")));
        sentences.add("If it does not work, %s comes back by itself.".formatted(from));
        List<String> warnings = new ArrayList<>(Json.texts(details.path("warnings")));
        if (Json.truth(details, "dataMayHaveChanged").orElse(false)) {
            warnings.add("Its data is not part of the safety copy.");
        }
        plan.set(new Plan(
                "Upgrade %s %s → %s".formatted(tool.name(), from, to.get()), sentences, warnings, commands(details)));
        state.set(State.PLANNED);
    }

    private static List<String> commands(JsonNode details) {
        List<String> plain = Json.texts(details.path("commands"));
        return plain.isEmpty()
                ? Json.list(details.path("steps")).stream()
                        .flatMap(step -> Json.text(step, "text")
                                .or(() -> Json.text(step, "command"))
                                .or(() -> Json.text(step, "step").map(UpgradeViewModel::stepText))
                                .stream())
                        .toList()
                : plain;
    }

    private void step(UpgradeSteps.Entry entry) {
        StepState now = entry.outcome()
                .map(outcome -> outcome.equals("failed") ? StepState.NOT_DONE : StepState.DONE)
                .orElse(StepState.RUNNING);
        for (int at = 0; at < steps.size(); at++) {
            Step shown = steps.get(at);
            if (shown.id().equals(entry.step()) && shown.state() == StepState.RUNNING) {
                if (entry.outcome().filter("skipped"::equals).isPresent()) {
                    steps.remove(at);
                } else {
                    steps.set(at, new Step(shown.id(), entry.text(), now, entry.took()));
                }
                return;
            }
        }
        if (entry.outcome().filter("skipped"::equals).isEmpty()) {
            steps.add(new Step(entry.step(), entry.text(), now, entry.took()));
        }
    }

    private void ended(Envelope envelope) {
        PastUpgrade past = PastUpgrade.of(envelope.tool());
        result.set(Optional.of(past));
        why.set(past.went() ? Optional.empty() : envelope.reason().or(past::reason));
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
