package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/// The positions of all keys and elements of a JSON text by JSON pointer, and the duplicate keys.
record JsonLocations(Map<String, JsonLocation> places, Map<String, JsonLocation> repeated) {

    /// @param line counted from 1
    /// @param column counted from 1
    record JsonLocation(int line, int column) {}

    /// @param json a text that is known to be valid
    static JsonLocations of(String json) {
        Map<String, JsonLocation> places = new HashMap<>();
        Map<String, JsonLocation> repeated = new LinkedHashMap<>();
        try (JsonParser parser = JsonFile.MAPPER.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    continue;
                }
                TokenStreamLocation location = parser.currentTokenLocation();
                JsonLocation jsonLocation = new JsonLocation(location.getLineNr(), location.getColumnNr());
                String pointer = parser.streamReadContext().pathAsPointer().toString();
                if (token == JsonToken.PROPERTY_NAME && places.containsKey(pointer)) {
                    repeated.put(pointer, jsonLocation);
                }
                places.putIfAbsent(pointer, jsonLocation);
            }
        }
        return new JsonLocations(places, repeated);
    }

    JsonLocation at(String pointer) {
        JsonLocation jsonLocation = places.get(pointer);
        if (jsonLocation != null) {
            return jsonLocation;
        }
        int slash = pointer.lastIndexOf('/');
        return slash <= 0 ? new JsonLocation(1, 1) : at(pointer.substring(0, slash));
    }
}
