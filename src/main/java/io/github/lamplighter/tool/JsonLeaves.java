package io.github.lamplighter.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The manifest flattened to its leaf values, keyed by JSON pointer; arrays count as one leaf.
final class JsonLeaves {

    private JsonLeaves() {}

    static SequencedMap<String, JsonNode> of(ObjectNode json) {
        SequencedMap<String, JsonNode> leaves = new LinkedHashMap<>();
        collect(json, "", leaves);
        return leaves;
    }

    private static void collect(JsonNode node, String pointer, Map<String, JsonNode> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(entry -> collect(
                            entry.getValue(),
                            pointer + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
                            leaves));
        } else {
            leaves.put(pointer, node);
        }
    }

    /// What changes between two manifests, as one sentence for each value.
    static List<String> changes(ObjectNode before, ObjectNode after) {
        Map<String, JsonNode> old = of(before);
        Map<String, JsonNode> fresh = of(after);
        Set<String> pointers = new TreeSet<>(old.keySet());
        pointers.addAll(fresh.keySet());
        return pointers.stream()
                .filter(pointer -> !Objects.equals(old.get(pointer), fresh.get(pointer)))
                .map(pointer ->
                        change(pointer, Optional.ofNullable(old.get(pointer)), Optional.ofNullable(fresh.get(pointer))))
                .toList();
    }

    /// The change of the value at a pointer, as a sentence.
    ///
    /// @param was empty if it is added
    /// @param now empty if it is removed
    static String change(String pointer, Optional<JsonNode> was, Optional<JsonNode> now) {
        String key = pointer.substring(1).replace('/', '.');
        if (now.isEmpty()) {
            return "`%s` will be removed (now: %s).".formatted(key, was.orElseThrow());
        }
        return was.isPresent()
                ? "`%s` will change from %s to %s.".formatted(key, was.get(), now.get())
                : "`%s` will be added: %s.".formatted(key, now.get());
    }

    /// Sets the value at a pointer and creates missing objects.
    static void set(ObjectNode json, String pointer, JsonNode value) {
        List<String> keys = keys(pointer);
        ObjectNode at = json;
        for (String key : keys.subList(0, keys.size() - 1)) {
            at = at.get(key) instanceof ObjectNode below ? below : at.putObject(key);
        }
        at.set(keys.getLast(), value);
    }

    /// Removes a value, and objects that become empty.
    static void remove(ObjectNode json, String pointer) {
        List<String> keys = keys(pointer);
        if (keys.size() == 1) {
            json.remove(keys.getFirst());
        } else if (json.get(keys.getFirst()) instanceof ObjectNode below) {
            remove(below, pointer.substring(pointer.indexOf('/', 1)));
            if (below.isEmpty()) {
                json.remove(keys.getFirst());
            }
        }
    }

    private static List<String> keys(String pointer) {
        List<String> keys = new java.util.ArrayList<>();
        for (JsonPointer rest = JsonPointer.compile(pointer); !rest.matches(); rest = rest.tail()) {
            keys.add(rest.getMatchingProperty());
        }
        return keys;
    }
}
