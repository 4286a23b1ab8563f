package io.github.lamplighter.upgrade;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The port that makes `lamplighter recover` run at the next login, before the tools' services, while a
/// transaction is open.
public interface RecoveryAtLogin {

    /// @param units the services that start after it, and only if it restored everything
    /// @param isAtWork whether a process of Lamplighter works on the transaction, and starts the services
    ///     itself
    void arm(List<String> units, boolean isAtWork) throws IOException;

    void disarm() throws IOException;

    /// The existing files that it wrote.
    default List<Path> files() {
        return List.of();
    }
}
