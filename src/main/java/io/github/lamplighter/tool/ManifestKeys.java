package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The known keys of a manifest as a tree, read from its JSON Schema. Other keys are reported and kept.
sealed interface ManifestKeys {

    /// A text, a list or a free map.
    record Leaf() implements ManifestKeys {}

    record Keys(Map<String, ManifestKeys> keys) implements ManifestKeys {}

    /// A list of objects with these keys.
    record Each(Keys element) implements ManifestKeys {}

    /// `tools/NAME.json`, schema `lamplighter.tool/1`.
    Keys ROOT = keys(JsonFile.MAPPER.readTree(ManifestStore.schemaText()));

    private static ManifestKeys of(JsonNode schema) {
        if (schema.has("properties")) {
            return keys(schema);
        }
        return schema.path("items").has("properties") ? new Each(keys(schema.path("items"))) : new Leaf();
    }

    private static Keys keys(JsonNode schema) {
        Map<String, ManifestKeys> keys = new HashMap<>();
        schema.path("properties").properties().forEach(entry -> keys.put(entry.getKey(), of(entry.getValue())));
        return new Keys(Map.copyOf(keys));
    }
}
