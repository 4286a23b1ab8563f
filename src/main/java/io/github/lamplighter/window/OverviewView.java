package io.github.lamplighter.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The overview: problems with their fixes first, then updates, and counts of the rest. Before any tool is managed it
/// is the first run.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class OverviewView {

    /// What a click on the overview asks for.
    ///
    /// @param follow shows the upgrade in progress of a tool
    /// @param upgradeAll opens the plan for all updates
    /// @param addProgram lets the user choose a program to manage
    /// @param about shows the page of Lamplighter itself
    /// @param readAsText opens the report on all tools
    record Clicks(
            Consumer<ToolRow> open,
            BiConsumer<ToolRow, Action> act,
            Consumer<ToolRow> follow,
            Runnable upgradeAll,
            Runnable addProgram,
            Runnable about,
            Runnable readAsText) {}

    private static final int NAMES = 4;

    private final ToolsViewModel model;
    private final FirstRunViewModel firstRunModel;
    private final FirstRunView firstRunView;
    private final Clicks clicks;

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
    private HBox updates;

    @FXML
    private StackPane updatesIcon;

    @FXML
    private Label updatesTitle;

    @FXML
    private Label updatesNames;

    @FXML
    private VBox update;

    @FXML
    private VBox upgraded;

    @FXML
    private StackPane firstRun;

    @FXML
    private VBox skeleton;

    @FXML
    private VBox empty;

    @FXML
    private VBox rest;

    @FXML
    private VBox itself;

    @FXML
    private VBox lastDays;

    private final StripList strips;
    private final Parent root;

    OverviewView(ToolsViewModel model, FirstRunViewModel firstRunModel, FirstRunView firstRunView, Clicks clicks) {
        this.model = model;
        this.firstRunModel = firstRunModel;
        this.firstRunView = firstRunView;
        this.clicks = clicks;
        this.strips = new StripList(clicks.open());
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        // Tools that were added but not checked say nothing yet.
        BooleanBinding adding =
                firstRunModel.busyProperty().and(model.stateProperty().isEqualTo(ToolsViewModel.State.READY));
        summary.textProperty()
                .bind(Bindings.when(adding).then("Adding your tools").otherwise(model.summaryProperty()));
        meta.textProperty().bind(Bindings.when(adding).then("").otherwise(model.metaProperty()));
        checkNow.textProperty().bind(model.checkingProperty().map(checking -> checking ? "Checking…" : "Check now"));
        checkNow.disableProperty().bind(model.checkingProperty());
        updatesIcon.getChildren().setAll(StatusIcons.icon(ToolRow.Mark.UPDATE));
        firstRun.getChildren().setAll(firstRunView.root());
        lastDays.getChildren().add(strips);
        model.daysProperty().subscribe(_ -> fillStrips());
        model.tools().addListener((ListChangeListener<ToolRow>) _ -> fill());
        model.stateProperty().subscribe(_ -> fill());
        firstRunModel.busyProperty().addListener((_, _, _) -> fill());
    }

    @FXML
    void checkNow() {
        model.checkAll();
    }

    @FXML
    void upgradeAll() {
        clicks.upgradeAll().run();
    }

    @FXML
    void addProgram() {
        clicks.addProgram().run();
    }

    @FXML
    void tryDemo() {
        firstRunModel.tryDemo();
    }

    @FXML
    void about() {
        clicks.about().run();
    }

    @FXML
    void readAsText() {
        clicks.readAsText().run();
    }

    /// The problem whose card has the focus.
    Optional<ToolDetails.Finding> focusedProblem() {
        return problems.getChildren().stream()
                .filter(ChildNodes::hasFocus)
                .map(ToolCard.class::cast)
                .flatMap(card -> card.problem().stream())
                .findFirst();
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
        button.setAccessibleText("Follow the %s of %s".formatted(upgrade.asked().word(), row.name()));
        button.setOnAction(_ -> clicks.follow().accept(row));
        HBox line = new HBox(StatusIcons.spinner(), words, button);
        line.getStyleClass().addAll("row", "card-row");
        return line;
    }

    private void fill() {
        ToolsViewModel.State state = model.stateProperty().get();
        StatusIcons.show(skeleton, state == ToolsViewModel.State.LOADING);
        // The first tool that is added ends the state, but not the first run.
        boolean busy = firstRunModel.busyProperty().get();
        StatusIcons.show(empty, state == ToolsViewModel.State.EMPTY && !busy);
        StatusIcons.show(firstRun, state == ToolsViewModel.State.NONE_MANAGED || busy);
        StatusIcons.show(checkNow, state == ToolsViewModel.State.READY && !busy);
        if (state == ToolsViewModel.State.NONE_MANAGED && !busy) {
            firstRunModel.show(model.tools().stream().map(ToolRow::tool).toList());
        }
        Optional<ToolRow> lamplighter = model.itselfProperty().get();
        boolean isProblem =
                lamplighter.filter(row -> row.status().state().needsAttention()).isPresent();
        // It counts in no summary, but a problem of its own is not hidden: without a tray icon it is seen nowhere else.
        List<ToolRow> wrong = Stream.concat(
                        model.needingAttention().stream(), lamplighter.filter(_ -> isProblem).stream())
                .toList();
        cards(problems, busy ? List.of() : wrong, ToolCard::showProblem);
        List<ToolRow> available = busy ? List.of() : model.updates();
        cards(update, available.size() == 1 ? available : List.of(), ToolCard::showUpdate);
        StatusIcons.show(updates, available.size() > 1);
        updatesTitle.setText(available.size() + " updates are available");
        updatesNames.setText(names(available));
        cards(
                upgraded,
                busy ? List.of() : model.onProbation(),
                (card, row) -> card.showUpgraded(row, model.upgradedSentence(row)));
        fillRest(state);
        fillStrips();
        cards(
                itself,
                lamplighter.filter(row -> !isProblem && row.update().isPresent()).stream()
                        .toList(),
                ToolCard::showUpdate);
    }

    private static String names(List<ToolRow> rows) {
        List<String> names =
                new ArrayList<>(rows.stream().map(ToolRow::name).limit(NAMES).toList());
        if (rows.size() > NAMES) {
            names.add("and %d more".formatted(rows.size() - NAMES));
        }
        return String.join(", ", names);
    }

    /// Cards of the same tools stay, so that nothing moves and the focus is kept.
    private void cards(VBox box, List<ToolRow> rows, BiConsumer<ToolCard, ToolRow> show) {
        List<String> wanted = rows.stream().map(ToolRow::id).toList();
        List<Node> gone = box.getChildren().stream()
                .filter(node -> !(node instanceof ToolCard card) || !wanted.contains(card.id()))
                .toList();
        if (gone.stream().anyMatch(Node::isFocusWithin)) {
            // Its problem is over. Without this, the focus would go to the first field of the window.
            checkNow.requestFocus();
        }
        box.getChildren().removeAll(gone);
        for (int at = 0; at < rows.size(); at++) {
            ToolRow row = rows.get(at);
            Optional<ToolCard> known = box.getChildren().stream()
                    .map(ToolCard.class::cast)
                    .filter(card -> card.id().equals(row.id()))
                    .findFirst();
            ToolCard card = known.orElseGet(() -> new ToolCard(clicks));
            show.accept(card, row);
            if (known.isEmpty()) {
                box.getChildren().add(Math.min(at, box.getChildren().size()), card);
            }
        }
        StatusIcons.show(box, !rows.isEmpty());
    }

    private void fillRest(ToolsViewModel.State state) {
        List<Node> lines = new ArrayList<>();
        long up = model.tools().stream()
                .filter(row -> row.section() == ToolRow.Section.RUNNING && row.isRunning())
                .count();
        long stopped = count(ToolRow.Section.STOPPED);
        long commands = count(ToolRow.Section.COMMANDS);
        long unchecked = count(ToolRow.Section.UNKNOWN);
        if (up > 0) {
            lines.add(line(ToolRow.Mark.OK, HumanFormat.count(up, "tool", "tools") + " running"));
        }
        if (stopped > 0) {
            lines.add(line(ToolRow.Mark.INFO, HumanFormat.count(stopped, "tool", "tools") + " stopped"));
        }
        if (commands > 0) {
            lines.add(line(ToolRow.Mark.OK, HumanFormat.count(commands, "command", "commands") + " OK"));
        }
        if (unchecked > 0) {
            lines.add(line(ToolRow.Mark.UNKNOWN, HumanFormat.count(unchecked, "tool", "tools") + " not checked"));
        }
        rest.getChildren().setAll(lines);
        StatusIcons.show(
                rest,
                state == ToolsViewModel.State.READY
                        && !firstRunModel.busyProperty().get()
                        && !lines.isEmpty());
    }

    private void fillStrips() {
        strips.show(model.tools(), model.daysProperty().get());
        StatusIcons.show(
                lastDays,
                !strips.getChildren().isEmpty() && !firstRunModel.busyProperty().get());
    }

    private long count(ToolRow.Section section) {
        return model.tools().stream().filter(row -> row.section() == section).count();
    }

    private static HBox line(ToolRow.Mark mark, String text) {
        StackPane box = new StackPane(StatusIcons.icon(mark));
        box.getStyleClass().add("icon-box");
        HBox line = new HBox(box, StatusIcons.label(text, "text-muted"));
        line.getStyleClass().add("row");
        return line;
    }
}
