package io.github.lamplighter.window;

import atlantafx.base.controls.ToggleSwitch;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/// The tab Service: the state of the background service and its switches.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class ServiceView {

    private final ServiceViewModel model;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Consumer<Action> run;
    private final BiConsumer<ToolRow, Action> act;

    @FXML
    private Label serviceState;

    @FXML
    private Label serviceMessage;

    @FXML
    private VBox switches;

    @FXML
    private ToggleSwitch runs;

    @FXML
    private ToggleSwitch atLogin;

    @FXML
    private Button install;

    @FXML
    private Label serviceFile;

    @FXML
    private Label serviceOwner;

    @FXML
    private Label serviceWords;

    private final Parent root;
    private boolean showing;

    /// @param run runs a command at once
    /// @param act asks for confirmation first, if the action needs one
    ServiceView(
            ServiceViewModel model,
            WindowServices windowServices,
            Consumer<Action> run,
            BiConsumer<ToolRow, Action> act) {
        this.model = model;
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.run = run;
        this.act = act;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        model.detailsProperty().subscribe(_ -> fill());
        model.shown().busyProperty().subscribe(busy -> {
            for (Node node : List.of(install, runs, atLogin)) {
                node.setDisable(busy);
            }
        });
        // Not `subscribe`, which calls at once: only a click may change anything.
        runs.selectedProperty().addListener((_, _, wanted) -> {
            if (!showing) {
                flip(wanted ? "start" : "stop", wanted ? "Start" : "Stop");
            }
        });
        atLogin.selectedProperty().addListener((_, _, wanted) -> {
            if (!showing) {
                flip(wanted ? "enable" : "disable", wanted ? "Start at login" : "Do not start at login");
            }
        });
    }

    @FXML
    void install() {
        model.shown()
                .with(row -> act.accept(
                        row, Action.of("Set up a service for " + row.name(), "service", "install", row.id())));
    }

    private void flip(String command, String text) {
        model.shown().with(row -> run.accept(Action.of(text, "service", command, row.id())));
    }

    private void fill() {
        Optional<ServiceDetails> known = model.details();
        serviceState.setText(known.map(details -> details.sentence(humanFormat, clock.instant()))
                .orElse("Checking the service…"));
        Optional<String> unavailable = known.flatMap(ServiceDetails::unavailable);
        serviceMessage.setText(unavailable.orElse(""));
        StatusIcons.show(serviceMessage, unavailable.isPresent());
        boolean installed = known.map(ServiceDetails::isInstalled).orElse(false);
        StatusIcons.show(switches, installed || unavailable.isPresent());
        switches.setDisable(unavailable.isPresent());
        StatusIcons.show(
                install,
                known.map(details -> details.state().equals("not-installed")).orElse(false));
        showing = true;
        runs.setSelected(known.map(ServiceDetails::isRunning).orElse(false));
        atLogin.setSelected(known.flatMap(ServiceDetails::atLogin).orElse(false));
        showing = false;
        put(serviceFile, known.flatMap(ServiceDetails::file).map(humanFormat::path));
        put(serviceOwner, known.map(ServiceDetails::ownerSentence).filter(text -> !text.isEmpty()));
        put(serviceWords, known.flatMap(ServiceDetails::words).map(said -> "Service manager: " + said));
    }

    private static void put(Label label, Optional<String> text) {
        label.setText(text.orElse(""));
        StatusIcons.show(label, text.isPresent());
    }
}
