package io.github.lamplighter.tool;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.Manifest.Expected;
import java.util.Optional;

/// An installed tool, managed or not.
///
/// @param id unique among all tools of this user
/// @param entry its manifest, if it has one
/// @param provenance empty if the installation is gone or its manifest cannot be read
/// @param managed whether it has a manifest; Lamplighter itself is always managed
/// @param expected what the tool should do
/// @param source the source of its manifest: `recipe`, `author`, `detected`, `manifest` (written by the user) or
///     `self`
public record Tool(
        String id,
        String name,
        Optional<ManifestEntry> entry,
        Optional<Provenance> provenance,
        boolean managed,
        Expected expected,
        String source) {

    /// The manifest, if there is one and it can be read.
    public Optional<Manifest> manifest() {
        return entry.flatMap(present -> present instanceof ManifestEntry.Readable readable
                ? Optional.of(readable.manifest())
                : Optional.empty());
    }
}
