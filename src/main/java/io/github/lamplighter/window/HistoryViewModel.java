package io.github.lamplighter.window;

import io.github.lamplighter.status.StateDays;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the tab History: past upgrades, and the previous versions that can be restored.
final class HistoryViewModel {

    private final ShownTool shown;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final HumanFormat humanFormat;
    private final ReadOnlyBooleanWrapper read = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<UpgradeRecord> upgrades = FXCollections.observableArrayList();
    private final ObservableList<WindowData.KeptVersion> kept = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<StateDays>> days = new ReadOnlyObjectWrapper<>(Optional.empty());
    private boolean loading;
    private boolean again;

    HistoryViewModel(WindowServices windowServices, ShownTool shown) {
        this.shown = shown;
        this.data = windowServices.data();
        this.taskExecutor = windowServices.taskExecutor();
        this.humanFormat = windowServices.humanFormat();
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

    /// The states of the last days; empty until they were read.
    ReadOnlyObjectProperty<Optional<StateDays>> daysProperty() {
        return days.getReadOnlyProperty();
    }

    /// The upgrades and rollbacks of each day.
    Map<LocalDate, String> events() {
        return upgrades.reversed().stream()
                .filter(past -> past.startedAt().isPresent())
                .collect(Collectors.toMap(
                        past -> humanFormat.day(past.startedAt().get()),
                        UpgradeRecord::line,
                        (one, next) -> one + "\n" + next));
    }

    /// The upgrade that was rolled back automatically, until a newer version is available or another upgrade
    /// has succeeded.
    Optional<UpgradeRecord> tried() {
        Optional<String> available = shown.row().flatMap(ToolRow::update).map(ToolDetails.Update::to);
        return upgrades.stream()
                .filter(past -> past.succeeded() || hasFailed(past))
                .findFirst()
                .filter(HistoryViewModel::hasFailed)
                .filter(past -> past.to().isPresent())
                .filter(past -> available.isEmpty() || available.equals(past.to()))
                .filter(past -> shown.row().map(ToolRow::version).equals(past.from()));
    }

    /// A version that needed repair was rolled back, too: the one before is installed, but did not respond.
    private static boolean hasFailed(UpgradeRecord past) {
        return past.wasUndone() || (past.needsRepair() && !past.isRollback());
    }

    void clear() {
        read.set(false);
        upgrades.clear();
        kept.clear();
        days.set(Optional.empty());
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

    /// Reads the last days and the sizes of the previous versions, which only the tab itself shows.
    void loadKept() {
        load();
        shown.with(row -> {
            taskExecutor.run(() -> data.keptVersions(row.id()), found -> shown.ifShown(row, () -> kept.setAll(found)));
            taskExecutor.run(
                    () -> Optional.ofNullable(data.days(List.of(row.id())).get(row.id())),
                    found -> shown.ifShown(row, () -> days.set(found)));
        });
    }
}
