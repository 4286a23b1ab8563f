package io.github.lamplighter.window;

import io.github.lamplighter.service.ServiceControl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The view model of the tab Service.
final class ServiceViewModel {

    /// What can be switched on and off.
    enum Switch {
        RUN,
        LOGIN,
        LOGOUT
    }

    /// @param turning whether its command is running
    /// @param disabledBecause why it cannot be switched now, as a phrase
    record SwitchState(boolean on, boolean turning, Optional<String> disabledBecause) {}

    /// A folder in the `PATH` of the shell, of the service, or of both.
    record PathFolder(String folder, boolean inShell, boolean inService) {}

    private final ShownTool shown;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final Consumer<Action> run;
    private final ReadOnlyObjectWrapper<Optional<ServiceDetails>> details =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<ServiceSetup>> setup = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<ServiceControl.Difference>> difference =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Switch>> turning = new ReadOnlyObjectWrapper<>(Optional.empty());
    private boolean loading;
    private boolean again;

    /// @param run runs a command, and asks if it would interrupt something
    ServiceViewModel(WindowServices windowServices, ShownTool shown, Consumer<Action> run) {
        this.shown = shown;
        this.data = windowServices.data();
        this.taskExecutor = windowServices.taskExecutor();
        this.run = run;
        shown.busyProperty().subscribe(busy -> {
            if (!busy && turning.get().isPresent()) {
                load();
            }
        });
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

    /// Empty until it was read.
    ReadOnlyObjectProperty<Optional<ServiceSetup>> setupProperty() {
        return setup.getReadOnlyProperty();
    }

    /// Empty until the user wanted to see it.
    ReadOnlyObjectProperty<Optional<ServiceControl.Difference>> differenceProperty() {
        return difference.getReadOnlyProperty();
    }

    /// The switch whose command is running.
    ReadOnlyObjectProperty<Optional<Switch>> turningProperty() {
        return turning.getReadOnlyProperty();
    }

    SwitchState state(Switch which) {
        Optional<ServiceDetails> known = details.get();
        boolean on = known.map(service -> switch (which) {
                    case RUN -> service.isRunning();
                    case LOGIN -> service.startsAtLogin().orElse(false);
                    case LOGOUT -> service.keepsRunning().orElse(false);
                })
                .orElse(false);
        boolean isTurning = turning.get().filter(now -> now == which).isPresent();
        return new SwitchState(on, isTurning, isTurning ? Optional.empty() : disabledBecause(which, known));
    }

    private Optional<String> disabledBecause(Switch which, Optional<ServiceDetails> known) {
        if (known.isEmpty()) {
            return Optional.of("Checking the service…");
        }
        ServiceDetails service = known.get();
        if (service.unavailable().isPresent()) {
            return Optional.of("The service manager is not available");
        }
        if (!service.isInstalled()) {
            return Optional.of("No service is set up");
        }
        if (shown.upgradingProperty().get()) {
            return Optional.of("An upgrade is in progress");
        }
        if (shown.busyProperty().get()) {
            return Optional.of("Another command is running");
        }
        return switch (which) {
            case RUN -> service.isMasked() ? Optional.of("Masked: nothing can start it") : Optional.empty();
            case LOGIN ->
                service.isMasked()
                        ? Optional.of("Masked: nothing can start it")
                        : service.startsAtLogin().isEmpty()
                                ? Optional.of("Could not check whether it starts at login")
                                : Optional.empty();
            case LOGOUT ->
                service.keepsRunning().isEmpty() ? Optional.of("Not available on this system") : Optional.empty();
        };
    }

    /// The folders of both `PATH`s, those of the shell first.
    List<PathFolder> searchPaths() {
        return setup.get()
                .map(known -> {
                    Set<String> shell = new HashSet<>(known.shellPath());
                    Set<String> service = new HashSet<>(known.servicePath());
                    return Stream.concat(known.shellPath().stream(), known.servicePath().stream())
                            .distinct()
                            .map(folder -> new PathFolder(folder, shell.contains(folder), service.contains(folder)))
                            .toList();
                })
                .orElse(List.of());
    }

    // Commands

    void clear() {
        details.set(Optional.empty());
        setup.set(Optional.empty());
        difference.set(Optional.empty());
        turning.set(Optional.empty());
    }

    /// Reads the service again. Signals that come meanwhile are answered by one more reading.
    void load() {
        if (loading) {
            again = true;
            return;
        }
        shown.with(row -> {
            loading = true;
            taskExecutor.run(() -> data.service(row.id()).map(ServiceDetails::new), read -> {
                loading = false;
                shown.ifShown(row, () -> {
                    turning.set(Optional.empty());
                    details.set(read);
                });
                if (again || !shown.isShown(row.id())) {
                    again = false;
                    load();
                }
            });
        });
    }

    /// Reads what only the tab itself shows.
    void loadSetup() {
        load();
        shown.with(row ->
                taskExecutor.run(() -> data.serviceSetup(row.id()), read -> shown.ifShown(row, () -> setup.set(read))));
    }

    void loadDifference() {
        shown.with(row -> taskExecutor.run(
                () -> data.serviceDifference(row.id()), read -> shown.ifShown(row, () -> difference.set(read))));
    }

    void hideDifference() {
        difference.set(Optional.empty());
    }

    /// Switches on or off. The switch shows the true state again when the command has ended.
    void flip(Switch which, boolean wanted) {
        shown.with(row -> {
            turning.set(Optional.of(which));
            run.accept(action(which, wanted, row));
        });
    }

    private static Action action(Switch which, boolean wanted, ToolRow row) {
        return switch (which) {
            case RUN ->
                wanted
                        ? Action.of("Start " + row.name(), "service", "start", row.id())
                        : Action.of("Stop " + row.name(), "service", "stop", row.id());
            case LOGIN ->
                wanted
                        ? Action.of("Start at login", "service", "enable", row.id())
                        : Action.of("Don't start at login", "service", "disable", row.id());
            case LOGOUT ->
                wanted
                        ? Action.of("Keep running after you log out", "service", "enable", row.id(), "--linger")
                        : Action.of("Stop when you log out", "service", "disable", row.id(), "--linger");
        };
    }

    /// The lines of a difference; those that begin with `-` are on disk, those with `+` would be written.
    static List<String> lines(ServiceControl.Difference difference) {
        return switch (difference) {
            case ServiceControl.Difference.None _ -> List.of("The service file is up to date.");
            case ServiceControl.Difference.Lines(List<String> lines) -> new ArrayList<>(lines);
            case ServiceControl.Difference.Foreign _ ->
                List.of("Lamplighter did not create this file, and does not change it.");
            case ServiceControl.Difference.Impossible(String why) -> List.of(why);
        };
    }
}
