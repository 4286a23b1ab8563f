package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/// Where each key and element of a JSON text stands, by its JSON pointer; and which keys stand there twice.
record JsonPlaces(Map<String, Place> places, Map<String, Place> repeated) {

    /// @param line counted from 1
    /// @param column counted from 1
    record Place(int line, int column) {}

    /// @param json a text that was parsed before, so that it is whole
    static JsonPlaces of(String json) {
        Map<String, Place> places = new HashMap<>();
        Map<String, Place> repeated = new LinkedHashMap<>();
        try (JsonParser parser = JsonFile.MAPPER.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    continue;
                }
                TokenStreamLocation location = parser.currentTokenLocation();
                Place place = new Place(location.getLineNr(), location.getColumnNr());
                String pointer = parser.streamReadContext().pathAsPointer().toString();
                if (token == JsonToken.PROPERTY_NAME && places.containsKey(pointer)) {
                    repeated.put(pointer, place);
                }
                places.putIfAbsent(pointer, place);
            }
        }
        return new JsonPlaces(places, repeated);
    }

    Place at(String pointer) {
        Place place = places.get(pointer);
        if (place != null) {
            return place;
        }
        int slash = pointer.lastIndexOf('/');
        return slash <= 0 ? new Place(1, 1) : at(pointer.substring(0, slash));
    }
}
