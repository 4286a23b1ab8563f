package io.github.lamplighter.tool;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What the user agreed to when a tool was added: kept, so that what changes later can be told apart — by the
/// user in the manifest, or by an upgrade in the base.
///
/// @param base what the description was founded on, if on anything
/// @param proposed the manifest as it was shown
/// @param origins for each value of `proposed`, by its JSON pointer, where it came from
public record AcceptedProposal(Optional<ManifestBase> manifestBase, ObjectNode proposed, Map<String, String> origins) {
    public AcceptedProposal {
        origins = Map.copyOf(new TreeMap<>(origins));
    }
}
