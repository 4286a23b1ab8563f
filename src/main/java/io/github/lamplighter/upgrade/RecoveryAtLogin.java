package io.github.lamplighter.upgrade;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The port that makes `lamplighter recover` run at the next login, before the tools' services, while a transaction is
/// open.
public interface RecoveryAtLogin {

    /// @param units the services that start after it
    void arm(List<String> units) throws IOException;

    void disarm() throws IOException;

    /// The existing files that it wrote.
    default List<Path> files() {
        return List.of();
    }
}
