package io.github.lamplighter.tray;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Remembers which updates the user was told of, so that there is at most one notification a day, and none that says
/// nothing new. It outlives the process.
final class UpdateDigest {

    private static final Duration PAUSE = Duration.ofHours(24);

    private final Path file;

    UpdateDigest(Path file) {
        this.file = file;
    }

    /// Whether to tell of these updates now; if so, it counts as told.
    ///
    /// @param updates `NAME VERSION`
    boolean tell(Set<String> updates, Instant now) {
        Optional<JsonNode> last = JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)
                ? Optional.of(json)
                : Optional.empty();
        Set<String> told = last.map(UpdateDigest::told).orElse(Set.of());
        boolean tooSoon = last.flatMap(UpdateDigest::at)
                .filter(at -> at.plus(PAUSE).isAfter(now) && !at.isAfter(now))
                .isPresent();
        if (told.containsAll(updates) || tooSoon) {
            return false;
        }
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("at", now.toString());
        new TreeSet<>(updates).forEach(json.putArray("updates")::add);
        try {
            JsonFile.write(file, json);
            return true;
        } catch (IOException e) {
            // Without a memory it would be said at each check.
            return false;
        }
    }

    private static Set<String> told(JsonNode json) {
        return json.path("updates").valueStream().map(one -> one.asString("")).collect(Collectors.toSet());
    }

    private static Optional<Instant> at(JsonNode json) {
        try {
            return Optional.of(Instant.parse(json.path("at").asString("")));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
