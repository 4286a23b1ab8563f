package io.github.lamplighter.settings;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The user's choices in `settings.json`: one object, keys as in [Setting]. What is not there has its
/// standard value; keys that are not ours are kept; a file that cannot be parsed is reported and never
/// written.
public final class Settings {

    private final Path file;

    public Settings(Path file) {
        this.file = file;
    }

    /// What came of setting a value.
    public sealed interface Change {
        record Done() implements Change {}

        /// The setting takes no such value; `why` says which it takes.
        record Unsuitable(String why) implements Change {}

        /// The value would do, and cannot be kept; `why` is a sentence.
        record Refused(String why) implements Change {}
    }

    /// The chosen value, or the standard one where nothing usable was chosen.
    public String get(Setting setting) {
        return chosen(setting).orElse(setting.standard());
    }

    /// A setting whose form is a length of time.
    public Duration span(Setting setting) {
        return Setting.span(get(setting)).orElseThrow();
    }

    public boolean isOn(Setting setting) {
        return get(setting).equals("on");
    }

    /// Empty when the file is well; else a sentence with the place.
    public Optional<String> problem() {
        return JsonFile.read(file) instanceof JsonFile.Content.Damaged damaged
                ? Optional.of("The settings cannot be read (%s, line %d, column %d: %s). They were left as they are."
                        .formatted(file, damaged.line(), damaged.column(), damaged.message()))
                : Optional.empty();
    }

    public Change set(Setting setting, String value) {
        Optional<String> objection = setting.objection(value);
        if (objection.isPresent()) {
            return new Change.Unsuitable(objection.get());
        }
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Damaged _ -> new Change.Refused(problem().orElseThrow());
            case JsonFile.Content.Absent _ -> write(JsonFile.MAPPER.createObjectNode(), setting, value);
            case JsonFile.Content.Present(ObjectNode object) -> write(object, setting, value);
            case JsonFile.Content.Present _ ->
                new Change.Refused(file + " does not hold an object; it was left as it is.");
        };
    }

    private Change write(ObjectNode object, Setting setting, String value) {
        object.put(setting.key(), value);
        try {
            JsonFile.write(file, object);
            return new Change.Done();
        } catch (IOException e) {
            return new Change.Refused("The settings could not be written: " + e.getMessage());
        }
    }

    /// What the file says of a setting and the setting does not take, so that it is as if nothing was chosen.
    public Optional<String> unusable(Setting setting) {
        return written(setting).filter(value -> setting.objection(value).isPresent());
    }

    private Optional<String> chosen(Setting setting) {
        return written(setting).filter(value -> setting.objection(value).isEmpty());
    }

    /// A number is as good as its digits in quotes.
    private Optional<String> written(Setting setting) {
        return JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)
                ? Optional.ofNullable(json.get(setting.key()))
                        .map(value -> value.isValueNode() ? value.asString() : value.toString())
                : Optional.empty();
    }
}
