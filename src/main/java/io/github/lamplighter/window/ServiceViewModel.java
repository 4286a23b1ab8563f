package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The view model of the tab Service.
final class ServiceViewModel {

    private final ShownTool shown;
    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final ReadOnlyObjectWrapper<Optional<ServiceDetails>> details =
            new ReadOnlyObjectWrapper<>(Optional.empty());

    ServiceViewModel(WindowServices windowServices, ShownTool shown) {
        this.shown = shown;
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
    }

    ShownTool shown() {
        return shown;
    }

    /// Empty until it was read.
    ReadOnlyObjectProperty<Optional<ServiceDetails>> detailsProperty() {
        return details.getReadOnlyProperty();
    }

    Optional<ServiceDetails> details() {
        return details.get();
    }

    void clear() {
        details.set(Optional.empty());
    }

    void load() {
        shown.with(row -> taskExecutor.run(
                () -> ServiceDetails.of(cliClient.run(List.of("service", "status", row.id()))),
                read -> shown.ifShown(row, () -> details.set(Optional.of(read)))));
    }
}
