package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/// The view model of the settings page: the settings, start at login, and what the user ignores.
final class SettingsViewModel {

    /// @param tool its id
    /// @param id of the check
    record Ignored(String tool, String id, String title) {

        boolean isSkippedVersion() {
            return id.equals(CheckId.UPDATE);
        }
    }

    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final Settings settings;
    private final ToolsViewModel tools;
    private final ReadOnlyObjectWrapper<Optional<Boolean>> autostart = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper autostartWords = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<Map<Setting, String>> values = new ReadOnlyObjectWrapper<>(Map.of());
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");

    SettingsViewModel(WindowServices windowServices, ToolsViewModel tools) {
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
        this.settings = new Settings(windowServices.directories().settings());
        this.tools = tools;
    }

    /// Whether Lamplighter starts at login; empty while that is not known.
    ReadOnlyObjectProperty<Optional<Boolean>> autostartProperty() {
        return autostart.getReadOnlyProperty();
    }

    /// What starts at login, and on which condition, as sentences; empty while that is not known.
    ReadOnlyStringProperty autostartWordsProperty() {
        return autostartWords.getReadOnlyProperty();
    }

    /// The values in use; empty until they are read.
    ReadOnlyObjectProperty<Map<Setting, String>> valuesProperty() {
        return values.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /// The error message of the last change.
    ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /// What the user ignores, in the order of the tools.
    List<Ignored> ignored() {
        return tools.tools().stream()
                .flatMap(row -> row.report().stream()
                        .flatMap(report -> report.findings().stream())
                        .filter(ToolDetails.Finding::ignored)
                        .map(finding -> new Ignored(row.id(), finding.id(), finding.title())))
                .toList();
    }

    // Commands

    void load() {
        read();
        autostart("status");
    }

    private void read() {
        taskExecutor.run(
                () -> {
                    Map<Setting, String> all = new EnumMap<>(Setting.class);
                    for (Setting setting : Setting.values()) {
                        all.put(setting, settings.get(setting));
                    }
                    return all;
                },
                all -> {
                    // Set again, so that a control returns to the actual value.
                    values.set(Map.of());
                    values.set(all);
                });
    }

    void set(Setting setting, String value) {
        if (value.equals(values.get().get(setting))) {
            return;
        }
        run(List.of("settings", "set", setting.key(), value), this::read);
    }

    void stopIgnoring(Ignored ignored) {
        run(List.of("unignore", ignored.tool(), ignored.id()), tools::reread);
    }

    private void run(List<String> command, Runnable then) {
        busy.set(true);
        taskExecutor.run(() -> cliClient.run(command), envelope -> {
            busy.set(false);
            message.set(envelope.succeeded() ? "" : envelope.reason().orElse("The setting could not be changed"));
            then.run();
        });
    }

    void startAtLogin(boolean wanted) {
        if (autostart.get().isPresent() && !autostart.get().equals(Optional.of(wanted))) {
            autostart(wanted ? "on" : "off");
        }
    }

    private void autostart(String command) {
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
                    Optional<Boolean> on = JsonFields.truth(envelope.data(), "on");
                    JsonFields.text(envelope.data(), "words").ifPresent(autostartWords::set);
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
