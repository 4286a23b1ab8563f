package io.github.lamplighter.window;

import java.util.function.Consumer;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.kordamp.ikonli.feather.Feather;

/// The upgrade dialog: first the plan, then the steps as they happen, then what it came to, in the same place.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class UpgradeView {

    private final UpgradeViewModel model;
    private final Runnable close;
    private final Consumer<ToolRow> showLog;

    @FXML
    private Label title;

    @FXML
    private Label clock;

    @FXML
    private HBox planning;

    @FXML
    private VBox sentences;

    @FXML
    private TitledPane details;

    @FXML
    private VBox commands;

    @FXML
    private VBox steps;

    @FXML
    private HBox result;

    @FXML
    private StackPane resultIcon;

    @FXML
    private Label resultText;

    @FXML
    private Label why;

    @FXML
    private Button later;

    @FXML
    private Button now;

    @FXML
    private Button copyReport;

    @FXML
    private Button log;

    private final Region root;
    private final Timeline ticking = new Timeline(new KeyFrame(Duration.seconds(1), _ -> tick()));

    UpgradeView(UpgradeViewModel model, Runnable close, Consumer<ToolRow> showLog) {
        this.model = model;
        this.close = close;
        this.showLog = showLog;
        this.root = Fxml.load(this);
    }

    Region root() {
        return root;
    }

    @FXML
    void initialize() {
        ticking.setCycleCount(Animation.INDEFINITE);
        model.steps().addListener((ListChangeListener<UpgradeViewModel.Step>) _ -> fillSteps());
        model.planProperty().subscribe(this::fillPlan);
        model.stateProperty().subscribe(this::arrange);
    }

    @FXML
    void later() {
        ticking.stop();
        close.run();
    }

    @FXML
    void now() {
        model.start();
        later.requestFocus();
    }

    @FXML
    void copyReport() {
        Desk.copy(model.asText());
        copyReport.setText("Copied");
    }

    @FXML
    void log() {
        later();
        showLog.accept(model.tool());
    }

    private void arrange(UpgradeViewModel.State state) {
        boolean ended = state == UpgradeViewModel.State.ENDED;
        boolean running = state == UpgradeViewModel.State.RUNNING;
        Marks.show(planning, state == UpgradeViewModel.State.PLANNING);
        Marks.show(sentences, state == UpgradeViewModel.State.PLANNED);
        Marks.show(
                details,
                state == UpgradeViewModel.State.PLANNED
                        && !model.planProperty().get().commands().isEmpty());
        Marks.show(steps, running || ended);
        Marks.show(clock, running);
        Marks.show(now, state == UpgradeViewModel.State.PLANNED);
        Marks.show(result, ended);
        boolean unhappy =
                ended && !model.resultProperty().get().map(PastUpgrade::went).orElse(false);
        Marks.show(copyReport, unhappy);
        Marks.show(log, unhappy);
        Marks.show(
                why,
                (unhappy || state == UpgradeViewModel.State.NOTHING)
                        && model.whyProperty().get().isPresent());
        why.setText(model.whyProperty()
                .get()
                .map(text -> ended ? "Why: " + text : text)
                .orElse(""));
        later.setText(
                switch (state) {
                    case PLANNING, PLANNED -> "Later";
                    case RUNNING -> "Close, carry on";
                    case NOTHING, ENDED -> "Close";
                });
        later.setCancelButton(true);
        now.setDefaultButton(state == UpgradeViewModel.State.PLANNED);
        if (running) {
            title.setText(model.planProperty().get().title().replaceFirst("^Upgrade", "Upgrading"));
            ticking.play();
            tick();
        } else {
            ticking.stop();
        }
        if (ended) {
            title.setText(model.planProperty().get().title());
            boolean went = !unhappy;
            boolean grave =
                    model.resultProperty().get().map(PastUpgrade::needsSomebody).orElse(true);
            ToolRow.Mark mark = went ? ToolRow.Mark.OK : grave ? ToolRow.Mark.FAILURE : ToolRow.Mark.WARNING;
            result.getStyleClass().setAll("banner", mark.style());
            resultIcon.getChildren().setAll(Marks.icon(mark));
            resultText.setText(model.resultSentence()
                    + (model.resultProperty()
                                    .get()
                                    .map(PastUpgrade::dataMayHaveChanged)
                                    .orElse(false)
                            ? " Its data may have been changed by the new version."
                            : ""));
            later.requestFocus();
        }
    }

    private void fillPlan(UpgradeViewModel.Plan plan) {
        title.setText(plan.title());
        sentences.getChildren().clear();
        plan.sentences().forEach(text -> sentences.getChildren().add(Marks.wrapped(text)));
        plan.warnings().forEach(text -> {
            HBox line = new HBox(Marks.icon(ToolRow.Mark.WARNING), Marks.wrapped(text));
            line.getStyleClass().addAll("banner", "warning");
            sentences.getChildren().add(line);
        });
        details.setText("What will happen: " + Words.count(plan.commands().size(), "step", "steps"));
        commands.getChildren()
                .setAll(plan.commands().stream()
                        .map(text -> Marks.wrapped(text, "proof"))
                        .toList());
    }

    private void fillSteps() {
        steps.getChildren().setAll(model.steps().stream().map(UpgradeView::line).toList());
    }

    private static HBox line(UpgradeViewModel.Step step) {
        Node icon = switch (step.state()) {
            case RUNNING -> {
                ProgressIndicator spinner = new ProgressIndicator();
                spinner.getStyleClass().add("small-spinner");
                yield spinner;
            }
            case DONE -> Marks.icon(Feather.CHECK, "ok");
            case NOT_DONE -> Marks.icon(Feather.X, "failure");
        };
        StackPane box = new StackPane(icon);
        box.getStyleClass().add("icon-box");
        Label text = Marks.wrapped(step.text());
        HBox.setHgrow(text, Priority.ALWAYS);
        text.setMaxWidth(Double.MAX_VALUE);
        Label took = Marks.label(step.took().map(Words::took).orElse(""), "text-small", "text-muted");
        took.setMinWidth(Region.USE_PREF_SIZE);
        HBox line = new HBox(box, text, took);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().addAll("row", "step");
        String state = switch (step.state()) {
            case RUNNING -> "running";
            case DONE -> "done";
            case NOT_DONE -> "not done";
        };
        line.setAccessibleText(state + ": " + step.text());
        return line;
    }

    private void tick() {
        long seconds = model.elapsed().toSeconds();
        clock.setText("%d:%02d".formatted(seconds / 60, seconds % 60));
    }
}
