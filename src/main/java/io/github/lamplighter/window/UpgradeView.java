package io.github.lamplighter.window;

import io.github.lamplighter.text.HumanTime;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/// The upgrade dialog: the plan, then the steps in progress, then the result.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class UpgradeView {

    /// A shorter step is shown without its duration.
    private static final Duration SHORTEST_SHOWN = Duration.ofMillis(50);

    private final UpgradeViewModel model;
    private final HumanFormat humanFormat;
    private final Runnable close;
    private final Consumer<ToolRow> showLog;
    private final Consumer<URI> browse;
    private final Runnable skipped;
    private final BiConsumer<ToolRow, Action> act;

    @FXML
    private Label title;

    @FXML
    private Label clock;

    @FXML
    private HBox planning;

    @FXML
    private ScrollPane scroll;

    @FXML
    private VBox body;

    @FXML
    private VBox sentences;

    @FXML
    private TitledPane commits;

    @FXML
    private VBox messages;

    @FXML
    private TitledPane details;

    @FXML
    private VBox commands;

    @FXML
    private VBox steps;

    @FXML
    private TitledPane output;

    @FXML
    private TextArea printed;

    @FXML
    private HBox verdict;

    @FXML
    private StackPane verdictIcon;

    @FXML
    private Label verdictText;

    @FXML
    private HBox result;

    @FXML
    private StackPane resultIcon;

    @FXML
    private Label resultText;

    @FXML
    private Label why;

    @FXML
    private VBox asking;

    @FXML
    private Label askingTitle;

    @FXML
    private Label askingText;

    @FXML
    private Button goOn;

    @FXML
    private Button cancelNow;

    @FXML
    private Button cancel;

    @FXML
    private Button notes;

    @FXML
    private Button skip;

    @FXML
    private Button later;

    @FXML
    private Button now;

    @FXML
    private Button copyReport;

    @FXML
    private Button log;

    @FXML
    private Button rollBack;

    private final Region root;
    private boolean confirmsCancel;
    private final FxTimer ticking = FxTimer.every(Duration.ofSeconds(1), this::tick);

    /// @param browse opens a page in the browser
    /// @param skipped called when this version was skipped
    /// @param act runs an action, with a confirmation if it needs one
    UpgradeView(
            UpgradeViewModel model,
            HumanFormat humanFormat,
            Runnable close,
            Consumer<ToolRow> showLog,
            Consumer<URI> browse,
            Runnable skipped,
            BiConsumer<ToolRow, Action> act) {
        this.model = model;
        this.humanFormat = humanFormat;
        this.close = close;
        this.showLog = showLog;
        this.browse = browse;
        this.skipped = skipped;
        this.act = act;
        this.root = Fxml.load(this);
    }

    Region root() {
        return root;
    }

    @FXML
    void initialize() {
        // A scroll pane does not ask how high wrapped text is.
        body.heightProperty().subscribe(height -> scroll.setPrefViewportHeight(height.doubleValue()));
        // The newest step is in view.
        steps.heightProperty().subscribe(() -> scroll.setVvalue(steps.isVisible() ? scroll.getVmax() : 0));
        model.steps().addListener((ListChangeListener<UpgradeViewModel.Step>) _ -> fillSteps());
        model.planProperty().subscribe(this::fillPlan);
        model.newsProperty().subscribe(_ -> fillNews());
        model.output().addListener((ListChangeListener<String>) _ -> fillOutput());
        model.verdictProperty().subscribe(_ -> fillVerdict());
        fillSteps();
        fillOutput();
        model.cancellingProperty().subscribe(_ -> arrange(model.stateProperty().get()));
        model.stateProperty().subscribe(this::arrange);
    }

    @FXML
    void cancel() {
        confirmsCancel = true;
        arrange(model.stateProperty().get());
        goOn.requestFocus();
    }

    @FXML
    void goOn() {
        confirmsCancel = false;
        arrange(model.stateProperty().get());
        later.requestFocus();
    }

    @FXML
    void cancelNow() {
        confirmsCancel = false;
        model.cancel();
        later.requestFocus();
    }

    @FXML
    void notes() {
        model.link().map(ToolDetails.Link::page).ifPresent(browse);
    }

    @FXML
    void skip() {
        model.skip(problem -> {
            if (problem.isEmpty()) {
                later();
                skipped.run();
            } else {
                why.setText(problem.get());
                StatusIcons.show(why, true);
            }
        });
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
        DialogHost.copy(model.asText());
        copyReport.setText("Copied");
    }

    @FXML
    void log() {
        later();
        showLog.accept(model.tool());
    }

    @FXML
    void rollBack() {
        rollback().ifPresent(action -> {
            later();
            act.accept(model.tool(), action);
        });
    }

    private Optional<Action> rollback() {
        return model.resultProperty()
                .get()
                .flatMap(past -> past.rollback(model.tool().id()));
    }

    private void arrange(UpgradeViewModel.State state) {
        boolean ended = state == UpgradeViewModel.State.ENDED;
        boolean running = state == UpgradeViewModel.State.RUNNING;
        boolean planned = state == UpgradeViewModel.State.PLANNED;
        boolean asks = running && confirmsCancel;
        boolean cancelling = model.cancellingProperty().get();
        StatusIcons.show(planning, state == UpgradeViewModel.State.PLANNING);
        StatusIcons.show(scroll, planned || running || ended);
        StatusIcons.show(sentences, state == UpgradeViewModel.State.PLANNED);
        StatusIcons.show(
                details,
                state == UpgradeViewModel.State.PLANNED
                        && !model.planProperty().get().steps().isEmpty());
        StatusIcons.show(steps, running || ended);
        StatusIcons.show(output, (running || ended) && !model.output().isEmpty());
        fillVerdict();
        StatusIcons.show(clock, running);
        StatusIcons.show(now, planned);
        fillNews();
        StatusIcons.show(skip, planned && model.tool().update().isPresent());
        skip.setText("Skip " + model.to().orElse("this version"));
        StatusIcons.show(asking, asks);
        title.setText(model.title());
        String noun = model.asked().word();
        askingTitle.setText("Cancel the %s?".formatted(noun));
        askingText.setText(model.cancelConsequence());
        goOn.setText("Keep " + model.doing().toLowerCase(Locale.ROOT));
        cancelNow.setText("Cancel " + noun);
        StatusIcons.show(goOn, asks);
        StatusIcons.show(cancelNow, asks);
        StatusIcons.show(cancel, running && !asks);
        cancel.setDisable(cancelling);
        cancel.setText(cancelling ? "Cancelling…" : "Cancel…");
        StatusIcons.show(later, !asks);
        StatusIcons.show(result, ended);
        boolean failed = ended
                && !model.resultProperty().get().map(UpgradeRecord::succeeded).orElse(false);
        StatusIcons.show(copyReport, failed);
        StatusIcons.show(log, failed);
        rollBack.setText(rollback().map(Action::label).orElse(""));
        StatusIcons.show(rollBack, ended && rollback().isPresent());
        StatusIcons.show(
                why,
                (failed || state == UpgradeViewModel.State.NOTHING)
                        && model.whyProperty().get().isPresent());
        why.setText(model.whyProperty()
                .get()
                .map(text -> ended ? "Reason: " + text : text)
                .orElse(""));
        later.setText(
                switch (state) {
                    case PLANNING, PLANNED -> "Later";
                    case RUNNING -> "Continue in background";
                    case NOTHING, ENDED -> "Close";
                });
        later.setCancelButton(true);
        now.setDefaultButton(planned);
        if (planned && later.isFocused()) {
            // While the plan was made, there was no other button.
            now.requestFocus();
        }
        if (running) {
            ticking.start();
            tick();
        } else {
            ticking.stop();
        }
        if (ended) {
            ToolRow.Mark mark = model.resultMark();
            result.getStyleClass().setAll("banner", mark.style());
            resultIcon.getChildren().setAll(StatusIcons.icon(mark));
            resultText.setText(model.resultSentence()
                    + (model.resultProperty()
                                    .get()
                                    .map(UpgradeRecord::dataMayHaveChanged)
                                    .orElse(false)
                            ? " The new version may have changed its data."
                            : ""));
            later.requestFocus();
        }
    }

    /// The messages are plain text of the project.
    private void fillNews() {
        boolean planned = model.stateProperty().get() == UpgradeViewModel.State.PLANNED;
        List<String> texts = model.newsProperty().get().commits().messages();
        StatusIcons.show(commits, planned && !texts.isEmpty());
        commits.setText(model.commitsTitle());
        messages.getChildren()
                .setAll(texts.stream()
                        .map(text -> StatusIcons.wrapped("• " + text))
                        .toList());
        String label = model.link().map(ToolDetails.Link::label).orElse("");
        StatusIcons.show(notes, planned && !label.isEmpty());
        notes.setText(label);
        notes.setAccessibleText(label + ", in the browser");
    }

    private void fillOutput() {
        StatusIcons.show(output, !model.output().isEmpty());
        printed.setText(String.join("\n", model.output()));
        printed.positionCaret(printed.getLength());
    }

    private void fillVerdict() {
        Optional<UpgradeViewModel.Verdict> known = model.verdictProperty().get();
        boolean ended = model.stateProperty().get() == UpgradeViewModel.State.ENDED;
        StatusIcons.show(verdict, ended && known.isPresent());
        known.ifPresent(found -> {
            verdictIcon.getChildren().setAll(StatusIcons.icon(found.mark()));
            verdictText.setText(found.text());
        });
    }

    private void fillPlan(PlannedUpgrade plan) {
        title.setText(model.title());
        sentences.getChildren().clear();
        plan.sentences().forEach(text -> sentences.getChildren().add(StatusIcons.wrapped(text)));
        plan.warnings().forEach(text -> {
            HBox line = new HBox(StatusIcons.icon(ToolRow.Mark.WARNING), StatusIcons.wrapped(text));
            line.getStyleClass().addAll("banner", "warning");
            sentences.getChildren().add(line);
        });
        details.setText("Plan: " + HumanFormat.count(plan.steps().size(), "step", "steps"));
        commands.getChildren().clear();
        int number = 1;
        for (PlannedUpgrade.Step step : plan.steps()) {
            commands.getChildren().add(StatusIcons.wrapped("%d. %s".formatted(number++, step.text())));
            step.details()
                    .forEach(text -> commands.getChildren().add(StatusIcons.wrapped(text, "evidence", "planned")));
        }
    }

    /// Groups the steps during which the service is down in a frame.
    private void fillSteps() {
        steps.getChildren().clear();
        boolean hasService = model.tool().expectedRunning();
        VBox frame = new VBox();
        frame.getStyleClass().add("downtime");
        for (UpgradeViewModel.Step step : model.steps()) {
            if (!hasService || !step.isDowntime()) {
                steps.getChildren().add(line(step));
                continue;
            }
            if (frame.getChildren().isEmpty()) {
                frame.getChildren().add(StatusIcons.label("Down since " + humanFormat.clock(step.at()), "meta"));
                steps.getChildren().add(frame);
            }
            frame.getChildren().add(line(step));
        }
    }

    private static HBox line(UpgradeViewModel.Step step) {
        Node icon = switch (step.state()) {
            case RUNNING -> {
                ProgressIndicator spinner = new ProgressIndicator();
                spinner.getStyleClass().add("small-spinner");
                yield spinner;
            }
            case DONE -> StatusIcons.icon(Feather.CHECK, "ok");
            case FAILED -> StatusIcons.icon(Feather.X, "failure");
        };
        StackPane box = new StackPane(icon);
        box.getStyleClass().add("icon-box");
        Label text = StatusIcons.wrapped(step.text());
        HBox.setHgrow(text, Priority.ALWAYS);
        text.setMaxWidth(Double.MAX_VALUE);
        Label took = StatusIcons.label(
                step.took()
                        .filter(time -> time.compareTo(SHORTEST_SHOWN) > 0)
                        .map(HumanTime::duration)
                        .orElse(""),
                "text-small",
                "text-muted");
        took.setMinWidth(Region.USE_PREF_SIZE);
        HBox line = new HBox(box, text, took);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().addAll("row", "step");
        String state = switch (step.state()) {
            case RUNNING -> "running";
            case DONE -> "done";
            case FAILED -> "failed";
        };
        line.setAccessibleText(state + ": " + step.text());
        return line;
    }

    private void tick() {
        long seconds = model.elapsed().toSeconds();
        clock.setText("%d:%02d".formatted(seconds / 60, seconds % 60));
    }
}
