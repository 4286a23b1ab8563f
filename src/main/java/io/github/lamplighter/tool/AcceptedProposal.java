package io.github.lamplighter.tool;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The proposal that the user accepted when the tool was added. Later changes are compared with it: by the user
/// in the manifest, or by an upgrade in the base.
///
/// @param manifestBase the base of the manifest, if any
/// @param proposed the manifest as displayed
/// @param origins the source of each value of `proposed`, by JSON pointer
public record AcceptedProposal(Optional<ManifestBase> manifestBase, ObjectNode proposed, Map<String, String> origins) {
    public AcceptedProposal {
        origins = Map.copyOf(new TreeMap<>(origins));
    }
}
