package io.github.lamplighter.service;

import java.util.List;
import java.util.function.Supplier;

/// The port to the system's service manager: systemd or launchd. All parts take the manager's own name of a
/// service, a unit or a label.
public interface ServiceManager
        extends LoginSession, ServiceNames, ServiceFiles, ServiceInventory, ServiceLifecycle, ServiceLog {

    /// A view of this manager that reads each state once, and the states of all `units` together. For queries
    /// only: it does not see the effect of a command.
    default ServiceManager snapshot(Supplier<List<String>> units) {
        return this;
    }
}
