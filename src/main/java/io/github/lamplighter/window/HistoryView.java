package io.github.lamplighter.window;

import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.text.HumanTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.geometry.VPos;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The tab History: past upgrades, and going back.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class HistoryView {

    private final HistoryViewModel model;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final BiConsumer<ToolRow, Action> act;

    @FXML
    private VBox history;

    @FXML
    private HBox days;

    @FXML
    private Label daysText;

    @FXML
    private VBox keptSection;

    @FXML
    private Label keptSize;

    @FXML
    private VBox kept;

    private final DayStrip strip = new DayStrip();
    private final Parent root;

    HistoryView(HistoryViewModel model, WindowServices windowServices, BiConsumer<ToolRow, Action> act) {
        this.model = model;
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.act = act;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        model.readProperty().subscribe(_ -> fill());
        model.upgrades().addListener((ListChangeListener<UpgradeRecord>) _ -> fill());
        model.kept().addListener((ListChangeListener<WindowData.KeptVersion>) _ -> fillKept());
        days.getChildren().add(strip);
        model.daysProperty().subscribe(_ -> fillDays());
        fillKept();
    }

    private void fillDays() {
        Optional<StateDays> known = model.daysProperty().get();
        StatusIcons.show(days, known.filter(found -> !found.isEmpty()).isPresent());
        known.ifPresent(found -> strip.show(found, model.events()));
        daysText.setText(known.map(found ->
                        found.isEmpty() ? "No data yet. Each check records the state of its day." : found.counts())
                .orElse("Loading…"));
    }

    private void fillKept() {
        StatusIcons.show(keptSection, !model.kept().isEmpty());
        long all =
                model.kept().stream().mapToLong(WindowData.KeptVersion::bytes).sum();
        keptSize.setText(HumanFormat.bytes(all));
        kept.getChildren().setAll(model.kept().stream().map(this::previous).toList());
    }

    private TextRow previous(WindowData.KeptVersion version) {
        String text = "%s · replaced %s%s"
                .formatted(
                        HumanFormat.bytes(version.bytes()),
                        humanFormat.when(version.takenAt(), clock.instant()),
                        version.hasData() ? " · with a backup of its data" : "");
        VBox words = new VBox(StatusIcons.label(version.version(), "mono"), StatusIcons.wrapped(text, "meta"));
        TextRow line = new TextRow(new StackPane(StatusIcons.icon(ToolRow.Mark.INFO)), words, VPos.CENTER);
        model.shown().with(row -> {
            Action back =
                    Action.of("Roll back to " + version.version(), "rollback", row.id(), "--to", version.version());
            Action free = new Action(
                    Action.Kind.COMMAND,
                    List.of("rollback", row.id(), "--delete", version.version()),
                    "Free " + HumanFormat.bytes(version.bytes()),
                    true);
            line.buttons().getChildren().setAll(button(row, back), button(row, free));
        });
        line.getStyleClass().add("finding");
        line.setAccessibleText(version.version() + ", " + text);
        return line;
    }

    private Button button(ToolRow row, Action action) {
        return ActionButton.of(action, model.shown().busyProperty(), () -> {
            history.requestFocus();
            act.accept(row, action);
        });
    }

    private void fill() {
        fillDays();
        history.getChildren().clear();
        if (model.upgrades().isEmpty()) {
            history.getChildren()
                    .add(StatusIcons.label(
                            model.readProperty().get() ? "No upgrades yet" : "Loading the history…", "text-muted"));
        }
        model.upgrades().forEach(past -> history.getChildren().add(line(past)));
    }

    private HBox line(UpgradeRecord past) {
        ToolRow.Mark mark = past.mark();
        StackPane icon = new StackPane(StatusIcons.icon(mark));
        icon.getStyleClass().add("icon-box");
        VBox text = new VBox(StatusIcons.wrapped(past.line(), "finding-title"));
        past.reason()
                .filter(_ -> !past.succeeded())
                .ifPresent(reason -> text.getChildren().add(StatusIcons.wrapped(reason, "text-muted")));
        HBox.setHgrow(text, Priority.ALWAYS);
        List<String> facts = new ArrayList<>();
        past.downtime()
                .filter(down -> !down.isZero())
                .ifPresent(down -> facts.add("down for " + HumanTime.duration(down)));
        past.startedAt().ifPresent(at -> facts.add(humanFormat.at(at, clock.instant())));
        Label meta = StatusIcons.label(String.join(" · ", facts), "meta");
        text.getChildren().add(1, meta);
        HBox line = new HBox(icon, text);
        if (past.equals(model.upgrades().getFirst())) {
            model.shown()
                    .with(row -> past.rollback(row.id())
                            .map(back -> button(row, back))
                            .ifPresent(line.getChildren()::add));
        }
        line.getStyleClass().add("finding");
        line.setAccessibleText(mark.word() + ": " + past.line() + ", " + meta.getText());
        return line;
    }
}
