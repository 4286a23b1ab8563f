package io.github.lamplighter.tool;

import java.nio.file.Path;

/// One file in the folder of manifests.
public sealed interface ManifestEntry {

    /// The tool's name: what the file is called.
    String name();

    Path file();

    /// It can be read, though perhaps not all of it is understood ([ManifestStore#lint]).
    record Readable(Manifest manifest, Path file) implements ManifestEntry {
        @Override
        public String name() {
            return manifest.name().value();
        }
    }

    /// It cannot be read. It stays as it is until the user mends it; the tool stays in the list.
    ///
    /// @param line counted from 1; 0 when the file could not be read at all
    /// @param column counted from 1
    /// @param message a phrase without the place
    record Broken(String name, Path file, int line, int column, String message) implements ManifestEntry {}
}
