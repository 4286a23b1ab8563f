package io.github.lamplighter.window;

import io.github.lamplighter.text.HumanTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
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
    }

    private void fill() {
        history.getChildren().clear();
        if (model.upgrades().isEmpty()) {
            history.getChildren()
                    .add(StatusIcons.label(
                            model.readProperty().get() ? "No upgrades yet" : "Loading the history…", "text-muted"));
        }
        model.upgrades().forEach(past -> history.getChildren().add(line(past)));
    }

    private HBox line(UpgradeRecord past) {
        ToolRow.Mark mark =
                past.succeeded() ? ToolRow.Mark.OK : past.needsRepair() ? ToolRow.Mark.FAILURE : ToolRow.Mark.WARNING;
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
        meta.setMinWidth(Region.USE_PREF_SIZE);
        HBox line = new HBox(icon, text, meta);
        if (past.equals(model.upgrades().getFirst())) {
            model.shown()
                    .with(row -> past.rollback(row.id())
                            .map(back ->
                                    ActionButton.of(back, model.shown().busyProperty(), () -> act.accept(row, back)))
                            .ifPresent(line.getChildren()::add));
        }
        line.getStyleClass().add("finding");
        return line;
    }
}
