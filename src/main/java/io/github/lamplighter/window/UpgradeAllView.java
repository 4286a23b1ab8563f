package io.github.lamplighter.window;

import io.github.lamplighter.window.UpgradeAllViewModel.Candidate;
import io.github.lamplighter.window.UpgradeAllViewModel.Result;
import io.github.lamplighter.window.UpgradeAllViewModel.State;
import io.github.lamplighter.window.UpgradeAllViewModel.Upgrade;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.controlsfx.control.TaskProgressView;

/// The dialog that upgrades several tools: the plan with a box for each, the progress, the results.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class UpgradeAllView {

    /// The height of a task in the list, in multiples of the text's height.
    private static final double LINES_OF_TASK = 4.6;

    private final UpgradeAllViewModel model;
    private final Runnable close;

    @FXML
    private Label title;

    @FXML
    private HBox planning;

    @FXML
    private ScrollPane scroll;

    @FXML
    private VBox body;

    @FXML
    private VBox plan;

    @FXML
    private VBox progress;

    @FXML
    private VBox results;

    @FXML
    private Label note;

    @FXML
    private Button stop;

    @FXML
    private Button later;

    @FXML
    private Button now;

    private final TaskProgressView<Upgrade> tasks = new TaskProgressView<>();
    private final VBox root;

    UpgradeAllView(UpgradeAllViewModel model, Runnable close) {
        this.model = model;
        this.close = close;
        this.root = Fxml.load(this);
    }

    VBox root() {
        return root;
    }

    @FXML
    void initialize() {
        // A scroll pane does not ask how high wrapped text is.
        body.heightProperty().subscribe(height -> scroll.setPrefViewportHeight(height.doubleValue()));
        tasks.setAccessibleText("Upgrades in progress");
        tasks.setFocusTraversable(false);
        // Its list has the height of a page, however few tasks there are.
        tasks.prefHeightProperty()
                .bind(Bindings.createDoubleBinding(
                        () -> tasks.getTasks().size()
                                * LINES_OF_TASK
                                * stop.getFont().getSize(),
                        tasks.getTasks(),
                        stop.fontProperty()));
        progress.getChildren().add(tasks);
        model.running().addListener((ListChangeListener<Upgrade>) _ -> fillRunning());
        model.candidates().addListener((ListChangeListener<Candidate>) change -> {
            while (change.next()) {
                if (change.wasAdded()) {
                    fillPlan();
                }
            }
            label();
        });
        fillPlan();
        model.results().addListener((ListChangeListener<Result>) _ -> results.getChildren()
                .setAll(model.results().stream().map(this::line).toList()));
        model.stateProperty().subscribe(this::show);
        fillRunning();
    }

    private void fillPlan() {
        plan.getChildren().setAll(model.candidates().stream().map(this::line).toList());
    }

    private void show(State state) {
        title.setText(
                switch (state) {
                    case PLANNING, PLANNED -> "Upgrade all";
                    case RUNNING -> "Upgrading";
                    case ENDED -> model.summary();
                });
        StatusIcons.show(planning, state == State.PLANNING);
        StatusIcons.show(plan, state == State.PLANNED);
        StatusIcons.show(note, state == State.PLANNED);
        StatusIcons.show(progress, state == State.RUNNING);
        StatusIcons.show(results, state == State.RUNNING || state == State.ENDED);
        StatusIcons.show(stop, state == State.RUNNING);
        StatusIcons.show(now, state == State.PLANNING || state == State.PLANNED);
        later.setText(state == State.RUNNING ? "Continue in background" : state == State.ENDED ? "Close" : "Later");
        later.setDefaultButton(state == State.ENDED);
        now.setDefaultButton(state == State.PLANNED);
        label();
        if (state == State.PLANNED && later.isFocused()) {
            // While the plan was made, there was no other button.
            now.requestFocus();
        }
    }

    private void label() {
        long chosen = model.candidates().stream()
                .filter(candidate -> candidate.chosen().get())
                .count();
        now.setText("Upgrade " + HumanFormat.count(chosen, "tool", "tools"));
        now.setDisable(chosen == 0);
    }

    /// The view keeps the tasks that it knows, so that their lines stay.
    private void fillRunning() {
        tasks.getTasks().removeIf(task -> !model.running().contains(task));
        model.running().stream()
                .filter(task -> !tasks.getTasks().contains(task))
                .forEach(tasks.getTasks()::add);
        stop.setDisable(model.running().size() < 2);
    }

    private HBox line(Candidate candidate) {
        CheckBox tick = new CheckBox(candidate.tool().name());
        tick.setMnemonicParsing(false);
        tick.selectedProperty().bindBidirectional(candidate.chosen());
        tick.setDisable(!candidate.isPossible());
        tick.setAccessibleText("%s %s".formatted(candidate.tool().name(), candidate.versions()));
        Label versions = StatusIcons.label(candidate.versions(), "version");
        HBox first = new HBox(tick, versions);
        first.getStyleClass().add("row");
        VBox words = new VBox(first);
        if (!candidate.detail().isEmpty()) {
            words.getChildren().add(StatusIcons.wrapped(candidate.detail(), "meta", "below-tick"));
        }
        return grown(words);
    }

    private HBox line(Result result) {
        UpgradeRecord record = result.record();
        StackPane icon = new StackPane(StatusIcons.icon(record.mark()));
        icon.getStyleClass().add("icon-box");
        VBox words = new VBox(
                StatusIcons.label(result.tool().name(), "name"),
                StatusIcons.wrapped(
                        record.sentence(result.tool().name(), result.tool().expectedRunning()), "headline"));
        record.reason()
                .filter(_ -> !record.succeeded())
                .ifPresent(why -> words.getChildren().add(StatusIcons.wrapped("Reason: " + why, "headline")));
        HBox line = grown(words);
        line.getChildren().addFirst(icon);
        return line;
    }

    private static HBox grown(VBox words) {
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox line = new HBox(words);
        line.getStyleClass().add("row");
        return line;
    }

    @FXML
    void stop() {
        model.stop();
    }

    @FXML
    void later() {
        close.run();
    }

    @FXML
    void now() {
        model.start();
    }
}
