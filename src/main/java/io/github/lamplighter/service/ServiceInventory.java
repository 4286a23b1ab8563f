package io.github.lamplighter.service;

import io.github.lamplighter.tool.Manifest;
import java.util.List;
import java.util.function.Consumer;

/// The port to the services of this user and of the system: which exist, and when they change.
public interface ServiceInventory {

    /// The services not created by Lamplighter that run a tool, the most relevant one first. Read only.
    default List<ForeignUnit> foreign(Manifest.Install install) {
        return List.of();
    }

    /// Calls `changed` with a unit's name whenever that unit changes, until the result is closed. Reconnects
    /// when the manager's bus was gone.
    AutoCloseable watch(List<String> units, Consumer<String> changed);
}
