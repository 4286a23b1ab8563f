package io.github.lamplighter.settings;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The user's settings in `settings.json`: one object, keys as in [Setting]. Missing settings have their
/// default, unknown keys are kept, and a file that cannot be parsed is reported and never written.
public final class Settings {

    private final Path file;

    public Settings(Path file) {
        this.file = file;
    }

    /// The result of setting a value.
    public sealed interface Change {
        record Done() implements Change {}

        /// The setting does not take this value; `why` is a sentence with the allowed values.
        record Unsuitable(String why) implements Change {}

        /// The value could not be saved; `why` is a sentence.
        record Refused(String why) implements Change {}
    }

    /// The value in the file, or the default if the file has no usable one.
    public String get(Setting setting) {
        return chosen(setting).orElse(setting.defaultValue());
    }

    /// The value of a setting that is a duration.
    public Duration span(Setting setting) {
        return Setting.span(get(setting)).orElseThrow();
    }

    /// The names in the value of a setting that is a list of names.
    public List<String> names(Setting setting) {
        return Setting.names(get(setting));
    }

    public boolean isOn(Setting setting) {
        return get(setting).equals("on");
    }

    /// Empty if the file can be read; else a sentence with the place.
    public Optional<String> problem() {
        return JsonFile.read(file) instanceof JsonFile.Content.Damaged damaged
                ? Optional.of(
                        "Could not read the settings (%s, line %d, column %d: %s). The defaults are used; the file was not changed."
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
                new Change.Refused(file + " does not contain a JSON object, so it was not changed.");
        };
    }

    private Change write(ObjectNode object, Setting setting, String value) {
        object.put(setting.key(), value);
        try {
            JsonFile.write(AtomicFile.throughLink(file), object);
            return new Change.Done();
        } catch (IOException e) {
            return new Change.Refused("Could not write the settings: " + FileProblem.why(e));
        }
    }

    /// A value in the file that the setting does not take, so the default is used.
    public Optional<String> unusable(Setting setting) {
        return written(setting).filter(value -> setting.objection(value).isPresent());
    }

    private Optional<String> chosen(Setting setting) {
        return written(setting).filter(value -> setting.objection(value).isEmpty());
    }

    /// A number counts as its digits in quotes.
    private Optional<String> written(Setting setting) {
        return JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)
                ? Optional.ofNullable(json.get(setting.key()))
                        .map(value -> value.isValueNode() ? value.asString() : value.toString())
                : Optional.empty();
    }
}
