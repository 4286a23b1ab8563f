package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import java.util.List;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the tab History.
final class HistoryViewModel {

    private final ShownTool shown;
    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final ReadOnlyBooleanWrapper read = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<UpgradeRecord> upgrades = FXCollections.observableArrayList();

    HistoryViewModel(WindowServices windowServices, ShownTool shown) {
        this.shown = shown;
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
    }

    ShownTool shown() {
        return shown;
    }

    ReadOnlyBooleanProperty readProperty() {
        return read.getReadOnlyProperty();
    }

    /// Newest first.
    ObservableList<UpgradeRecord> upgrades() {
        return upgrades;
    }

    void clear() {
        read.set(false);
        upgrades.clear();
    }

    void load() {
        shown.with(row -> taskExecutor.run(
                () -> cliClient.run(List.of("history", row.id())),
                envelope -> shown.ifShown(row, () -> {
                    upgrades.setAll(
                            envelope.tools().stream().map(UpgradeRecord::of).toList());
                    read.set(true);
                })));
    }
}
