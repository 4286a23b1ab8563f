package io.github.lamplighter.tool;

import java.nio.file.Path;

/// A file in the manifests folder.
public sealed interface ManifestEntry {

    /// The tool's name, which is the file name.
    String name();

    Path file();

    /// A valid manifest, possibly with unknown keys ([ManifestStore#lint]).
    record Readable(Manifest manifest, Path file) implements ManifestEntry {
        @Override
        public String name() {
            return manifest.name().value();
        }
    }

    /// An invalid manifest. It is not changed; the tool stays in the list.
    ///
    /// @param line counted from 1; 0 if the file could not be read
    /// @param column counted from 1
    /// @param message a phrase without the position
    record Broken(String name, Path file, int line, int column, String message) implements ManifestEntry {}
}
