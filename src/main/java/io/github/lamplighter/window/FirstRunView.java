package io.github.lamplighter.window;

import io.github.lamplighter.window.FirstRunViewModel.Choice;
import io.github.lamplighter.window.WindowData.Use;
import java.util.List;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The first run: what was found on this computer, in three groups, before anything is changed.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class FirstRunView {

    private final FirstRunViewModel model;
    private final Consumer<String> manage;

    @FXML
    private VBox groups;

    @FXML
    private CheckBox startAtLogin;

    @FXML
    private HBox progressLine;

    @FXML
    private Label progress;

    @FXML
    private Button demo;

    @FXML
    private Button choose;

    @FXML
    private Button manageAll;

    private final Parent root;

    /// @param manage opens the form for a tool's id
    FirstRunView(FirstRunViewModel model, Consumer<String> manage) {
        this.model = model;
        this.manage = manage;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        startAtLogin.selectedProperty().bindBidirectional(model.startAtLoginProperty());
        progress.textProperty().bind(model.progressProperty());
        model.busyProperty().subscribe(busy -> StatusIcons.show(progressLine, busy));
        for (Node node : List.of(groups, startAtLogin, demo, choose)) {
            node.disableProperty().bind(model.busyProperty());
        }
        var chosen = model.chosenCount();
        manageAll.disableProperty().bind(model.busyProperty().or(chosen.isEqualTo(0)));
        chosen.subscribe(count -> {
            int all = model.choices().size();
            manageAll.setText(
                    count.intValue() == all && all > 1
                            ? "Manage all " + all
                            : "Manage " + HumanFormat.count(count.intValue(), "tool", "tools"));
            choose.setText(count.intValue() == 0 ? "Choose all" : "Choose none");
        });
        fill();
        model.choices().addListener((ListChangeListener<Choice>) change -> {
            while (change.next()) {
                // A tick is an update of an element; only other elements need other lines.
                if (change.wasAdded() || change.wasRemoved()) {
                    fill();
                    return;
                }
            }
        });
    }

    private void fill() {
        // The demo is also offered where no tool was found.
        for (Node node : List.of(startAtLogin, manageAll, choose)) {
            StatusIcons.show(node, !model.choices().isEmpty());
        }
        groups.getChildren().clear();
        group(Use.RUNS_NOW, "Running now", "Lamplighter watches it as it is");
        group(Use.COULD_RUN, "Could run as a service", "Lamplighter offers to set up the service");
        group(Use.COMMAND, "Commands", "Only the version is checked");
    }

    private void group(Use use, String title, String meaning) {
        List<Choice> choices =
                model.choices().stream().filter(choice -> choice.use() == use).toList();
        if (choices.isEmpty()) {
            return;
        }
        HBox heading = new HBox(
                StatusIcons.label(title, "group-title"),
                StatusIcons.label(String.valueOf(choices.size()), "meta"),
                StatusIcons.label(meaning, "meta"));
        heading.getStyleClass().add("row");
        VBox lines = new VBox();
        lines.getStyleClass().add("choices");
        choices.forEach(choice -> lines.getChildren().add(line(choice)));
        VBox group = new VBox(heading, lines);
        group.getStyleClass().add("tight");
        groups.getChildren().add(group);
    }

    private HBox line(Choice choice) {
        CheckBox tick = new CheckBox(choice.found().tool().name());
        tick.setMnemonicParsing(false);
        tick.selectedProperty().bindBidirectional(choice.chosen());
        tick.setMinWidth(0);
        tick.setAccessibleText("%s, %s".formatted(choice.found().tool().name(), choice.detail()));
        Label version = StatusIcons.label(
                choice.found().tool().provenance().map(found -> found.version()).orElse(""), "version");
        Label detail = StatusIcons.label(choice.detail(), "meta");
        detail.setMinWidth(0);
        detail.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(detail, Priority.ALWAYS);
        Button form = new Button("Manage…");
        form.getStyleClass().addAll("flat", "small");
        form.setAccessibleText("Manage %s…".formatted(choice.found().tool().name()));
        form.setMinWidth(Region.USE_PREF_SIZE);
        form.setOnAction(_ -> manage.accept(choice.id()));
        HBox line = new HBox(tick, version, detail, form);
        line.getStyleClass().addAll("row", "choice");
        return line;
    }

    @FXML
    void choose() {
        model.tickAll(
                model.choices().stream().noneMatch(choice -> choice.chosen().get()));
    }

    @FXML
    void demo() {
        model.tryDemo();
    }

    @FXML
    void manageAll() {
        model.manage();
    }
}
