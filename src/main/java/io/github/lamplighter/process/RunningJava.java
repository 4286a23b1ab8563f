package io.github.lamplighter.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/// The Java that this process runs on, as a folder that a package manager can remove or replace meanwhile. A class
/// that Java loads afterwards can fail to initialize, because Java reads some of its files when it first needs them.
public final class RunningJava {

    private final Path modules;
    private final Optional<Identity> before;

    /// Remembers the folder as it is now.
    ///
    /// @param home the folder of Java (`java.home`)
    public RunningJava(Path home) {
        this.modules = home.resolve("lib/modules");
        this.before = identity();
    }

    /// Whether the folder is the one that this process started from. True where that cannot be told.
    public boolean isInstalled() {
        return before.isEmpty() || before.equals(identity());
    }

    private Optional<Identity> identity() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(modules, BasicFileAttributes.class);
            return Optional.of(new Identity(Objects.toString(attributes.fileKey(), ""), attributes.size()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private record Identity(String file, long bytes) {}
}
