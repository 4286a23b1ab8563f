package io.github.lamplighter.window;

import atlantafx.base.controls.ToggleSwitch;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Label;

/// The settings page.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class SettingsView {

    private final SettingsViewModel model;

    @FXML
    private ToggleSwitch autostart;

    @FXML
    private Label message;

    private final Parent root;
    private boolean showing;

    SettingsView(SettingsViewModel model) {
        this.model = model;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        message.textProperty().bind(model.messageProperty());
        model.messageProperty().subscribe(text -> StatusIcons.show(message, !text.isEmpty()));
        model.autostartProperty().subscribe(on -> {
            showing = true;
            autostart.setSelected(on.orElse(false));
            showing = false;
        });
        autostart
                .disableProperty()
                .bind(model.busyProperty()
                        .or(javafx.beans.binding.Bindings.createBooleanBinding(
                                () -> model.autostartProperty().get().isEmpty(), model.autostartProperty())));
        // Not `subscribe`, which calls at once: only a click may change anything.
        autostart.selectedProperty().addListener((_, _, wanted) -> {
            if (!showing) {
                model.startAtLogin(wanted);
            }
        });
    }
}
