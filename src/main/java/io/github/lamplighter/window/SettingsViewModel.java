package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/// The view model of the settings page.
final class SettingsViewModel {

    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final ReadOnlyObjectWrapper<Optional<Boolean>> autostart = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");

    SettingsViewModel(CliClient cliClient, TaskExecutor taskExecutor) {
        this.cliClient = cliClient;
        this.taskExecutor = taskExecutor;
    }

    /// Whether Lamplighter starts at login; empty while that is not known.
    ReadOnlyObjectProperty<Optional<Boolean>> autostartProperty() {
        return autostart.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /// The error message of the last change.
    ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    // Commands

    void load() {
        run("status");
    }

    void startAtLogin(boolean wanted) {
        if (autostart.get().isPresent() && !autostart.get().equals(Optional.of(wanted))) {
            run(wanted ? "on" : "off");
        }
    }

    private void run(String command) {
        busy.set(true);
        taskExecutor.run(
                () -> {
                    Envelope answer = cliClient.run(List.of("autostart", command));
                    // The new state is queried, not assumed.
                    return command.equals("status") || !answer.succeeded()
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
                        // Set again, so that the switch returns to the actual state.
                        Optional<Boolean> before = autostart.get();
                        autostart.set(Optional.empty());
                        autostart.set(before);
                    }
                    message.set(
                            envelope.succeeded() ? "" : envelope.reason().orElse("The setting could not be changed"));
                });
    }
}
