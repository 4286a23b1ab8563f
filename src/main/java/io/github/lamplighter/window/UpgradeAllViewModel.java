package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.upgrade.StepProgress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.concurrent.Task;
import tools.jackson.databind.JsonNode;

/// The view model of an upgrade of several tools, one after the other: one plan, then one result for each.
final class UpgradeAllViewModel {

    enum State {
        PLANNING,
        PLANNED,
        RUNNING,
        ENDED
    }

    /// @param detail what the upgrade interrupts, or why it is not possible
    record Candidate(ToolRow tool, String versions, String detail, boolean isPossible, BooleanProperty chosen) {}

    record Result(ToolRow tool, UpgradeRecord record) {}

    /// The upgrade of one tool. Its message is the step in progress.
    static final class Upgrade extends Task<Result> {

        private final CliClient cliClient;
        private final UpgradeFeed upgrades;
        private final InstantSource clock;
        private final ToolRow tool;

        Upgrade(WindowServices windowServices, ToolRow tool) {
            this.cliClient = windowServices.cliClient();
            this.upgrades = windowServices.upgrades();
            this.clock = windowServices.clock();
            this.tool = tool;
            updateTitle("Upgrading " + tool.name());
            updateMessage("Waiting");
        }

        @Override
        protected Result call() {
            updateMessage("Preparing");
            try (UpgradeFeed.Following _ = upgrades.follow(tool.id(), clock.instant(), new UpgradeFeed.Listener() {
                @Override
                public void step(StepProgress step) {
                    updateMessage(step.label());
                }

                @Override
                public void output(String line) {}
            })) {
                Envelope envelope = cliClient.run(List.of("upgrade", tool.id(), "--yes"));
                return new Result(tool, UpgradeRecord.of(envelope.tool()));
            }
        }
    }

    private final WindowServices windowServices;
    private final List<ToolRow> tools;
    private final Runnable ended;
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.PLANNING);
    private final ObservableList<Candidate> candidates =
            FXCollections.observableArrayList(candidate -> new Observable[] {candidate.chosen()});
    private final ObservableList<Upgrade> running = FXCollections.observableArrayList();
    private final ObservableList<Result> results = FXCollections.observableArrayList();

    /// @param ended called after the last upgrade
    UpgradeAllViewModel(WindowServices windowServices, List<ToolRow> tools, Runnable ended) {
        this.windowServices = windowServices;
        this.tools = List.copyOf(tools);
        this.ended = ended;
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ObservableList<Candidate> candidates() {
        return candidates;
    }

    /// The upgrades that have not ended yet.
    ObservableList<Upgrade> running() {
        return running;
    }

    ObservableList<Result> results() {
        return results;
    }

    /// `3 tools were upgraded. 1 was rolled back.`
    String summary() {
        long upgraded =
                results.stream().filter(result -> result.record().succeeded()).count();
        long others = results.size() - upgraded;
        String done = "Upgraded %s".formatted(HumanFormat.count(upgraded, "tool", "tools"));
        return others == 0 ? done : "%s; %d not upgraded".formatted(done, others);
    }

    // Commands

    void makePlan() {
        List<String> arguments = new ArrayList<>(List.of("upgrade"));
        tools.forEach(tool -> arguments.add(tool.id()));
        arguments.add("--dry-run");
        windowServices.taskExecutor().run(() -> windowServices.cliClient().run(arguments), envelope -> {
            candidates.setAll(
                    tools.stream().map(tool -> candidate(tool, envelope)).toList());
            state.set(State.PLANNED);
        });
    }

    private static Candidate candidate(ToolRow tool, Envelope envelope) {
        Optional<JsonNode> plan = envelope.tools().stream()
                .filter(planned -> JsonFields.text(planned, "name")
                        .filter(tool.id()::equals)
                        .isPresent())
                .findFirst();
        boolean possible = plan.flatMap(planned -> JsonFields.text(planned, "outcome"))
                .filter("ready"::equals)
                .isPresent();
        String to = plan.flatMap(planned -> JsonFields.text(planned, "to"))
                .or(() -> tool.update().map(ToolDetails.Update::to))
                .orElse("");
        String detail = possible
                ? plan.map(planned -> interruption(planned.path("plan"))).orElse("")
                : plan.flatMap(planned -> JsonFields.text(planned, "reason"))
                        .or(envelope::reason)
                        .orElse("Could not plan the upgrade");
        return new Candidate(
                tool, "%s → %s".formatted(tool.version(), to), detail, possible, new SimpleBooleanProperty(possible));
    }

    private static String interruption(JsonNode plan) {
        List<String> parts = new ArrayList<>();
        JsonFields.number(plan, "downtimeMillis")
                .filter(millis -> millis > 0)
                .ifPresent(millis -> parts.add("Down for about " + HumanTime.estimate(Duration.ofMillis(millis))));
        if (JsonFields.truth(plan, "dataMayHaveChanged").orElse(false)) {
            parts.add("Its data is not backed up");
        }
        JsonFields.texts(plan.path("warnings")).forEach(sentence -> parts.add(sentence.replaceFirst("\\.$", "")));
        return String.join(" · ", parts);
    }

    /// Upgrades the chosen tools, once the user has confirmed the plan.
    void start() {
        if (state.get() != State.PLANNED) {
            return;
        }
        running.setAll(candidates.stream()
                .filter(candidate -> candidate.chosen().get())
                .map(candidate -> new Upgrade(windowServices, candidate.tool()))
                .toList());
        if (!running.isEmpty()) {
            state.set(State.RUNNING);
            next();
        }
    }

    /// Does not start the upgrades that are waiting; the one in progress ends.
    void stop() {
        if (running.size() > 1) {
            running.remove(1, running.size());
        }
    }

    private void next() {
        Upgrade upgrade = running.getFirst();
        windowServices
                .taskExecutor()
                .run(
                        () -> {
                            upgrade.run();
                            return upgrade.get();
                        },
                        result -> {
                            results.add(result);
                            running.remove(upgrade);
                            if (running.isEmpty()) {
                                state.set(State.ENDED);
                                ended.run();
                            } else {
                                next();
                            }
                        });
    }
}
