package io.github.lamplighter.client;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads JSON members that may be missing, in an envelope of an older or newer version.
public final class JsonFields {
    private JsonFields() {}

    public static Optional<String> text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isString() ? Optional.of(value.stringValue()).filter(text -> !text.isBlank()) : Optional.empty();
    }

    public static Optional<Boolean> truth(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    public static Optional<Long> number(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isIntegralNumber() ? Optional.of(value.longValue()) : Optional.empty();
    }

    public static Optional<Instant> instant(JsonNode object, String member) {
        return text(object, member).flatMap(JsonFields::parsed);
    }

    public static List<JsonNode> list(JsonNode array) {
        return array.isArray() ? List.copyOf(array.values()) : List.of();
    }

    public static List<String> texts(JsonNode array) {
        return list(array).stream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .toList();
    }

    private static Optional<Instant> parsed(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
