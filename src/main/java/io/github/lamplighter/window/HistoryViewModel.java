package io.github.lamplighter.window;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the tab History: past upgrades, and the previous versions that can be restored.
final class HistoryViewModel {

    private final ShownTool shown;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final ReadOnlyBooleanWrapper read = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<UpgradeRecord> upgrades = FXCollections.observableArrayList();
    private final ObservableList<WindowData.KeptVersion> kept = FXCollections.observableArrayList();
    private boolean loading;
    private boolean again;

    HistoryViewModel(WindowServices windowServices, ShownTool shown) {
        this.shown = shown;
        this.data = windowServices.data();
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

    /// Newest first.
    ObservableList<WindowData.KeptVersion> kept() {
        return kept;
    }

    /// The upgrade that was rolled back automatically, until a newer version is available or another upgrade
    /// has succeeded.
    Optional<UpgradeRecord> tried() {
        Optional<String> available = shown.row().flatMap(ToolRow::update).map(ToolDetails.Update::to);
        return upgrades.stream()
                .filter(past -> past.succeeded() || past.wasUndone())
                .findFirst()
                .filter(UpgradeRecord::wasUndone)
                .filter(past -> past.to().isPresent())
                .filter(past -> available.isEmpty() || available.equals(past.to()))
                .filter(past -> shown.row().map(ToolRow::version).equals(past.from()));
    }

    void clear() {
        read.set(false);
        upgrades.clear();
        kept.clear();
    }

    /// Reads the upgrades again. Signals that come meanwhile are answered by one more reading.
    void load() {
        if (loading) {
            again = true;
            return;
        }
        shown.with(row -> {
            loading = true;
            taskExecutor.run(
                    () -> data.history(row.id()).stream()
                            .map(past -> UpgradeRecord.of(past.json()))
                            .toList(),
                    past -> {
                        loading = false;
                        shown.ifShown(row, () -> showUpgrades(past));
                        if (again || !shown.isShown(row.id())) {
                            again = false;
                            load();
                        }
                    });
        });
    }

    private void showUpgrades(List<UpgradeRecord> past) {
        if (!upgrades.equals(past)) {
            upgrades.setAll(past);
        }
        read.set(true);
    }

    /// Reads the sizes of the previous versions, which only the tab itself shows.
    void loadKept() {
        load();
        shown.with(row -> taskExecutor.run(
                () -> data.keptVersions(row.id()), found -> shown.ifShown(row, () -> kept.setAll(found))));
    }
}
