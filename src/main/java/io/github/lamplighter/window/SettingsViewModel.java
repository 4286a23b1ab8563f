package io.github.lamplighter.window;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/// The user's choices: whether Lamplighter starts at login.
final class SettingsViewModel {

    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final ReadOnlyObjectWrapper<Optional<Boolean>> autostart = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper said = new ReadOnlyStringWrapper("");

    SettingsViewModel(CliClient cliClient, TaskExecutor taskExecutor) {
        this.cliClient = cliClient;
        this.taskExecutor = taskExecutor;
    }

    /// Empty until it was asked, and when it could not be told.
    ReadOnlyObjectProperty<Optional<Boolean>> autostartProperty() {
        return autostart.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /// What the last verb said that a person should read.
    ReadOnlyStringProperty saidProperty() {
        return said.getReadOnlyProperty();
    }

    // Commands

    void load() {
        ask("status");
    }

    void startAtLogin(boolean wanted) {
        if (autostart.get().isPresent() && !autostart.get().equals(Optional.of(wanted))) {
            ask(wanted ? "on" : "off");
        }
    }

    private void ask(String verb) {
        busy.set(true);
        taskExecutor.run(
                () -> {
                    Envelope answer = cliClient.run(List.of("autostart", verb));
                    // What it is now is asked, not believed.
                    return verb.equals("status") || !answer.succeeded()
                            ? answer
                            : cliClient.run(List.of("autostart", "status"));
                },
                envelope -> {
                    busy.set(false);
                    Optional<Boolean> on = JsonFields.truth(envelope.data(), "on")
                            .or(() -> JsonFields.truth(envelope.data(), "enabled"))
                            .or(() -> JsonFields.text(envelope.data(), "autostart")
                                    .map("on"::equals))
                            .or(() -> JsonFields.text(envelope.data(), "state").map("on"::equals));
                    if (envelope.succeeded() || on.isPresent()) {
                        autostart.set(on);
                    } else {
                        // Set again, so that the switch goes back to what is so.
                        Optional<Boolean> before = autostart.get();
                        autostart.set(Optional.empty());
                        autostart.set(before);
                    }
                    said.set(envelope.succeeded() ? "" : envelope.reason().orElse("It could not be changed"));
                });
    }
}
