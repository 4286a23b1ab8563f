package io.github.lamplighter.window;

import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The tool whose page is shown, which the view models of the page's tabs share.
final class ShownTool {

    private final ReadOnlyObjectWrapper<Optional<ToolRow>> row = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyBooleanWrapper upgrading = new ReadOnlyBooleanWrapper(false);

    ReadOnlyObjectProperty<Optional<ToolRow>> rowProperty() {
        return row.getReadOnlyProperty();
    }

    /// Whether a command of this page is running.
    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /// Whether an upgrade of the tool is in progress.
    ReadOnlyBooleanProperty upgradingProperty() {
        return upgrading.getReadOnlyProperty();
    }

    Optional<ToolRow> row() {
        return row.get();
    }

    boolean isShown(String id) {
        return row.get().filter(shown -> shown.id().equals(id)).isPresent();
    }

    void show(ToolRow shown) {
        row.set(Optional.of(shown));
    }

    void setBusy(boolean now) {
        busy.set(now);
    }

    void setUpgrading(boolean now) {
        upgrading.set(now);
    }

    void with(Consumer<ToolRow> then) {
        row.get().ifPresent(then);
    }

    /// Runs `then` if the page still shows the tool that a background task was started for.
    void ifShown(ToolRow asked, Runnable then) {
        if (isShown(asked.id())) {
            then.run();
        }
    }
}
