package io.github.lamplighter.window;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The overview: problems, updates, and counts of the rest.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class OverviewView {

    private final ToolsViewModel model;
    private final Consumer<ToolRow> open;
    private final BiConsumer<ToolRow, Action> act;
    private final Consumer<ToolRow> follow;

    @FXML
    private Label summary;

    @FXML
    private Label meta;

    @FXML
    private Button checkNow;

    @FXML
    private VBox running;

    @FXML
    private VBox problems;

    @FXML
    private VBox updates;

    @FXML
    private VBox found;

    @FXML
    private VBox skeleton;

    @FXML
    private VBox empty;

    @FXML
    private Label emptyText;

    @FXML
    private VBox rest;

    private final Parent root;

    /// @param follow shows the upgrade in progress of a tool
    OverviewView(
            ToolsViewModel model, Consumer<ToolRow> open, BiConsumer<ToolRow, Action> act, Consumer<ToolRow> follow) {
        this.follow = follow;
        this.model = model;
        this.open = open;
        this.act = act;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        summary.textProperty().bind(model.summaryProperty());
        meta.textProperty().bind(model.metaProperty());
        checkNow.textProperty().bind(model.checkingProperty().map(checking -> checking ? "Checking…" : "Check now"));
        checkNow.disableProperty().bind(model.checkingProperty());
        model.tools().addListener((ListChangeListener<ToolRow>) _ -> fill());
        model.stateProperty().subscribe(_ -> fill());
    }

    @FXML
    void checkNow() {
        model.checkAll();
    }

    /// Shows the upgrades in progress, wherever they were started.
    void showUpgrades(List<UpgradeViewModel> upgrades) {
        running.getChildren().setAll(upgrades.stream().map(this::upgrade).toList());
        StatusIcons.show(running, !upgrades.isEmpty());
    }

    private HBox upgrade(UpgradeViewModel upgrade) {
        ToolRow row = upgrade.tool();
        Label headline = StatusIcons.label("", "headline");
        headline.textProperty()
                .bind(upgrade.currentStepProperty().map(doing -> upgrade.runningSentence() + ": " + doing));
        VBox words = new VBox(StatusIcons.label(row.name(), "name"), headline);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        Button button = new Button("Follow");
        button.setOnAction(_ -> follow.accept(row));
        HBox line = new HBox(StatusIcons.spinner(), words, button);
        return card(line, row, "running");
    }

    private void fill() {
        ToolsViewModel.State state = model.stateProperty().get();
        StatusIcons.show(skeleton, state == ToolsViewModel.State.LOADING);
        StatusIcons.show(empty, state == ToolsViewModel.State.EMPTY || state == ToolsViewModel.State.UNREADABLE);
        emptyText.setText(
                state == ToolsViewModel.State.UNREADABLE
                        ? model.problemProperty().get()
                        : "Searched the npm prefix, ~/.venvs and your PATH. "
                                + "To add a tool yourself, run: lamplighter add PATH");
        problems.getChildren()
                .setAll(model.needingAttention().stream().map(this::problem).toList());
        StatusIcons.show(problems, !problems.getChildren().isEmpty());
        updates.getChildren().setAll(model.updates().stream().map(this::update).toList());
        StatusIcons.show(updates, !updates.getChildren().isEmpty());
        boolean noneManaged = model.tools().stream().noneMatch(ToolRow::managed) && state == ToolsViewModel.State.READY;
        StatusIcons.show(found, noneManaged);
        fillRest(state);
    }

    private void fillRest(ToolsViewModel.State state) {
        long running = model.tools().stream()
                .filter(row -> row.section() == ToolRow.Section.RUNNING && row.isRunning())
                .count();
        long commands = model.tools().stream()
                .filter(row -> row.section() == ToolRow.Section.COMMANDS)
                .count();
        long unchecked = model.tools().stream()
                .filter(row -> row.section() == ToolRow.Section.UNKNOWN)
                .count();
        rest.getChildren().clear();
        if (running > 0) {
            rest.getChildren().add(line(ToolRow.Mark.OK, HumanFormat.count(running, "tool", "tools") + " running"));
        }
        if (commands > 0) {
            rest.getChildren().add(line(ToolRow.Mark.OK, HumanFormat.count(commands, "command", "commands") + " OK"));
        }
        if (unchecked > 0) {
            rest.getChildren()
                    .add(line(
                            ToolRow.Mark.UNKNOWN, HumanFormat.count(unchecked, "tool", "tools") + " not checked yet"));
        }
        StatusIcons.show(
                rest, state == ToolsViewModel.State.READY && !rest.getChildren().isEmpty());
    }

    private static HBox line(ToolRow.Mark mark, String text) {
        HBox line = new HBox(iconBox(mark), StatusIcons.label(text, "text-muted"));
        line.getStyleClass().add("row");
        return line;
    }

    private HBox problem(ToolRow row) {
        Region words = words(row.name(), row.headline());
        HBox line = new HBox(iconBox(row.mark()), words);
        row.problem().flatMap(finding -> finding.actions().stream().findFirst()).ifPresent(action -> {
            Button button = new Button(action.label());
            button.getStyleClass().add("remedy");
            button.setOnAction(_ -> act.accept(row, action));
            line.getChildren().add(button);
        });
        return card(line, row, row.mark() == ToolRow.Mark.FAILURE ? "failure" : "warning");
    }

    private HBox update(ToolRow row) {
        String to = row.update().map(ToolDetails.Update::to).orElse("");
        HBox line = new HBox(iconBox(ToolRow.Mark.UPDATE), words(row.name(), "%s → %s".formatted(row.version(), to)));
        Action action = Action.of("Upgrade to " + to, "upgrade", row.id());
        Button button = new Button(action.label());
        button.setOnAction(_ -> act.accept(row, action));
        line.getChildren().add(button);
        return card(line, row, "update");
    }

    private HBox card(HBox line, ToolRow row, String role) {
        Hyperlink show = new Hyperlink("Show ›");
        show.setAccessibleText("Show " + row.name());
        show.setOnAction(_ -> open.accept(row));
        show.setMinWidth(Region.USE_PREF_SIZE);
        line.getChildren().add(show);
        line.getChildren().stream()
                .filter(Button.class::isInstance)
                .map(Button.class::cast)
                .forEach(button -> button.setMinWidth(Region.USE_PREF_SIZE));
        line.getStyleClass().addAll("row", "card-row", role);
        line.setAccessibleText(row.spoken());
        return line;
    }

    private static Region words(String name, String headline) {
        VBox words = new VBox(StatusIcons.label(name, "name"), StatusIcons.label(headline, "headline"));
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        return words;
    }

    private static Region iconBox(ToolRow.Mark mark) {
        StackPane box = new StackPane(StatusIcons.icon(mark));
        box.getStyleClass().add("icon-box");
        return box;
    }
}
