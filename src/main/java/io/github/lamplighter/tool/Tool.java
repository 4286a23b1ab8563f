package io.github.lamplighter.tool;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.Manifest.Expected;
import java.util.Optional;

/// A tool of the catalogue: looked after, or only found.
///
/// @param id unique among all tools of this user
/// @param name what people call it
/// @param entry its manifest, if it has one
/// @param provenance empty when it is gone, or its manifest cannot be read
/// @param lookedAfter whether the user wants it to be looked after; Lamplighter itself always is
/// @param expected what the user wants of it
/// @param source what its manifest came from: `recipe`, `author`, `detected`, `manifest` (written by hand),
/// `self`
public record Tool(
        String id,
        String name,
        Optional<ManifestEntry> entry,
        Optional<Provenance> provenance,
        boolean lookedAfter,
        Expected expected,
        String source) {

    /// The manifest, where there is one that can be read.
    public Optional<Manifest> manifest() {
        return entry.flatMap(present -> present instanceof ManifestEntry.Readable readable
                ? Optional.of(readable.manifest())
                : Optional.empty());
    }
}
