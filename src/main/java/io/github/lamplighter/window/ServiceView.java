package io.github.lamplighter.window;

import atlantafx.base.controls.ToggleSwitch;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.window.ServiceViewModel.PathFolder;
import io.github.lamplighter.window.ServiceViewModel.Switch;
import io.github.lamplighter.window.ServiceViewModel.SwitchState;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The tab Service: the state of the background service and its switches, what it starts, where it finds
/// programs, and its file.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class ServiceView {

    private final ServiceViewModel model;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Consumer<URI> browse;
    private final BiConsumer<ToolRow, Action> act;

    @FXML
    private Label state;

    @FXML
    private Label hint;

    @FXML
    private Label message;

    @FXML
    private VBox switches;

    @FXML
    private Button install;

    @FXML
    private VBox program;

    @FXML
    private GridPane programFacts;

    @FXML
    private Label programProblem;

    @FXML
    private VBox search;

    @FXML
    private Label searchSummary;

    @FXML
    private GridPane searchPaths;

    @FXML
    private VBox fileSection;

    @FXML
    private Label file;

    @FXML
    private Label owner;

    @FXML
    private Label words;

    @FXML
    private Button showDifference;

    @FXML
    private VBox difference;

    private final Parent root;
    private final List<SwitchRow> rows;

    /// @param act asks for confirmation first, if the action needs one
    ServiceView(ServiceViewModel model, WindowServices windowServices, BiConsumer<ToolRow, Action> act) {
        this.model = model;
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.browse = windowServices.browse();
        this.act = act;
        this.rows = List.of(
                new SwitchRow(Switch.RUN, "Running", "Until you stop it"),
                new SwitchRow(Switch.LOGIN, "Start at login", "Doesn't affect whether it is running now"),
                new SwitchRow(
                        Switch.LOGOUT,
                        "Keep running after you log out",
                        "Lingering: applies to all your services, and starts them when the computer starts"));
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        switches.getChildren().setAll(rows.stream().map(row -> row.box).toList());
        model.detailsProperty().subscribe(_ -> fill());
        model.turningProperty().subscribe(_ -> fillSwitches());
        model.shown().busyProperty().subscribe(_ -> fillSwitches());
        model.shown().upgradingProperty().subscribe(_ -> fillSwitches());
        model.setupProperty().subscribe(this::fillSetup);
        model.differenceProperty().subscribe(this::fillDifference);
    }

    @FXML
    void install() {
        model.shown()
                .with(row -> act.accept(
                        row, Action.of("Set up a service for " + row.name(), "service", "install", row.id())));
    }

    @FXML
    void edit() {
        model.setupProperty()
                .get()
                .ifPresent(setup -> browse.accept(setup.manifest().toUri()));
    }

    @FXML
    void openFile() {
        model.details()
                .flatMap(ServiceDetails::file)
                .ifPresent(path -> browse.accept(Path.of(path).toUri()));
    }

    @FXML
    void showDifference() {
        if (model.differenceProperty().get().isPresent()) {
            model.hideDifference();
        } else {
            model.loadDifference();
        }
    }

    private void fill() {
        Optional<ServiceDetails> known = model.details();
        state.setText(known.map(details -> details.sentence(humanFormat, clock.instant()))
                .orElse("Checking the service…"));
        put(hint, known.flatMap(ServiceDetails::hint));
        put(message, known.flatMap(ServiceDetails::unavailable));
        boolean notInstalled =
                known.filter(details -> details.phase() == Phase.NOT_INSTALLED).isPresent();
        StatusIcons.show(install, notInstalled);
        StatusIcons.show(fileSection, known.flatMap(ServiceDetails::file).isPresent());
        put(file, known.flatMap(ServiceDetails::file).map(humanFormat::path));
        put(owner, known.map(ServiceDetails::ownerSentence).filter(text -> !text.isEmpty()));
        put(words, known.flatMap(ServiceDetails::words).map(said -> "Service manager: " + said));
        fillSwitches();
    }

    private void fillSwitches() {
        rows.forEach(SwitchRow::fill);
    }

    private void fillSetup(Optional<ServiceSetup> known) {
        StatusIcons.show(program, known.isPresent());
        programFacts.getChildren().clear();
        put(programProblem, known.flatMap(ServiceSetup::unavailable));
        known.filter(setup -> !setup.command().isEmpty()).ifPresent(setup -> {
            fact("Program", humanFormat.path(setup.command().getFirst()));
            List<String> arguments = setup.command().subList(1, setup.command().size());
            fact("Arguments", arguments.isEmpty() ? "None" : String.join(" ", arguments));
            setup.directory().ifPresent(folder -> fact("Folder", humanFormat.path(folder.toString())));
            fact(
                    "Environment file",
                    setup.environmentFile()
                            .map(path -> humanFormat.path(path.toString()))
                            .orElse("None"));
            fact(
                    "Variables",
                    setup.variables().isEmpty()
                            ? "None"
                            : new TreeMap<>(setup.variables())
                                    .entrySet().stream()
                                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                                            .collect(Collectors.joining("\n")));
            if (!setup.dropIns().isEmpty()) {
                fact(
                        "Drop-ins",
                        setup.dropIns().stream()
                                .map(path -> humanFormat.path(path.toString()))
                                .collect(Collectors.joining("\n")));
            }
        });
        fillSearchPaths(known);
    }

    private void fact(String name, String value) {
        int row = programFacts.getRowCount();
        Label text = StatusIcons.wrapped(value, "mono");
        GridPane.setHgrow(text, Priority.ALWAYS);
        Label title = StatusIcons.label(name, "text-muted");
        title.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
        programFacts.addRow(row, title, text);
    }

    private void fillSearchPaths(Optional<ServiceSetup> known) {
        List<PathFolder> folders = model.searchPaths();
        boolean comparable = known.filter(setup ->
                        !setup.shellPath().isEmpty() && !setup.servicePath().isEmpty())
                .isPresent();
        StatusIcons.show(search, comparable);
        searchPaths.getChildren().clear();
        if (!comparable) {
            return;
        }
        long missing = folders.stream().filter(folder -> !folder.inService()).count();
        searchSummary.setText(
                missing == 0
                        ? "The service searches every folder of your shell's PATH"
                        : missing == 1
                                ? "The service does not search 1 folder of your shell's PATH"
                                : "The service does not search %d folders of your shell's PATH".formatted(missing));
        searchPaths.addRow(0, StatusIcons.label("Your shell", "section"), StatusIcons.label("The service", "section"));
        int at = 1;
        for (PathFolder folder : folders) {
            searchPaths.addRow(at++, side(folder, folder.inShell()), side(folder, folder.inService()));
        }
    }

    private Node side(PathFolder folder, boolean present) {
        Label label = StatusIcons.wrapped(
                present ? humanFormat.path(folder.folder()) : "not searched", present ? "mono" : "text-muted");
        if (folder.inShell() != folder.inService()) {
            label.getStyleClass().add(present ? "only-here" : "missing-here");
        }
        label.setAccessibleText((present ? "searched: " : "not searched: ") + folder.folder());
        return label;
    }

    private void fillDifference(Optional<ServiceControl.Difference> shown) {
        showDifference.setText(shown.isPresent() ? "Hide difference" : "Show difference");
        List<Node> lines = new ArrayList<>();
        shown.map(ServiceViewModel::lines).orElse(List.of()).forEach(line -> {
            Label label = StatusIcons.wrapped(line, "evidence");
            if (line.startsWith("+") || line.startsWith("-")) {
                label.getStyleClass().add(line.startsWith("+") ? "added" : "removed");
            }
            lines.add(label);
        });
        difference.getChildren().setAll(lines);
        StatusIcons.show(difference, !lines.isEmpty());
    }

    private static void put(Label label, Optional<String> text) {
        label.setText(text.orElse(""));
        StatusIcons.show(label, text.isPresent());
    }

    /// One switch with its title, its effect or the reason why it is disabled, and a spinner while it turns.
    private final class SwitchRow {

        private final Switch which;
        private final String effect;
        private final Label below;
        private final Node spinner = StatusIcons.spinner();
        private final ToggleSwitch toggle = new ToggleSwitch();
        private final HBox box;
        private boolean filling;

        SwitchRow(Switch which, String title, String effect) {
            this.which = which;
            this.effect = effect;
            this.below = StatusIcons.wrapped(effect, "headline");
            VBox text = new VBox(StatusIcons.label(title, "name"), below);
            text.getStyleClass().add("tight");
            HBox.setHgrow(text, Priority.ALWAYS);
            toggle.setAccessibleText(title);
            toggle.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
            toggle.setId("switch-" + which.name().toLowerCase(java.util.Locale.ROOT));
            // Not `subscribe`, which calls at once: only a click may change anything.
            toggle.selectedProperty().addListener((_, _, wanted) -> {
                if (!filling) {
                    model.flip(which, wanted);
                }
            });
            this.box = new HBox(text, spinner, toggle);
            box.getStyleClass().add("setting");
        }

        void fill() {
            SwitchState now = model.state(which);
            StatusIcons.show(spinner, now.turning());
            below.setText(now.disabledBecause().orElse(effect));
            boolean focused = toggle.isFocused();
            toggle.setDisable(now.turning() || now.disabledBecause().isPresent());
            if (focused && toggle.isDisabled()) {
                state.requestFocus();
            }
            if (!now.turning()) {
                filling = true;
                toggle.setSelected(now.on());
                filling = false;
            }
        }
    }
}
