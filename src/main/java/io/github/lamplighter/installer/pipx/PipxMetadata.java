package io.github.lamplighter.installer.pipx;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.installer.python.DirectUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `pipx_metadata.json`, pipx's record of an environment, in any version (0.1 to 0.12); keys that an older pipx
/// did not write are missing. It has a component for each key that matters.
///
/// @param format `pipx_metadata_version`
/// @param name the package name in its metadata; empty with pipx before 0.15
/// @param asked `package_or_url`, the requirement of the install command; empty if not recorded
/// @param pipArguments additional arguments of pip
/// @param environmentArguments arguments of `venv`
/// @param withDependencies whether the programs of its dependencies are linked, too
/// @param programs of the package itself, without the suffix
/// @param otherPrograms of its dependencies
/// @param suffix of the linked names
/// @param pinned whether the user pinned it with pipx
/// @param backend the program that installs the packages: `pip` or `uv`
/// @param cooldown ignores releases of the last days
/// @param injected packages added with `pipx inject`: name and requirement
record PipxMetadata(
        String format,
        Optional<String> name,
        String asked,
        List<String> pipArguments,
        List<String> environmentArguments,
        boolean withDependencies,
        List<String> programs,
        List<String> otherPrograms,
        String suffix,
        boolean pinned,
        String backend,
        Optional<Integer> cooldown,
        Map<String, String> injected) {

    static final String FILE = "pipx_metadata.json";

    private static final Pattern DEFAULT_INDEX = Pattern.compile("(?:-i|--index-url|--default-index)(?:=(.+))?");
    private static final Pattern INDEX = Pattern.compile("(?:--extra-index-url|--index)(?:=(.+))?");
    private static final Pattern FIND_LINKS = Pattern.compile("(?:-f|--find-links)(?:=(.+))?");

    PipxMetadata {
        pipArguments = List.copyOf(pipArguments);
        environmentArguments = List.copyOf(environmentArguments);
        programs = List.copyOf(programs);
        otherPrograms = List.copyOf(otherPrograms);
    }

    /// The options for the search of packages in pip's arguments, without credentials.
    SearchOptions search() {
        return new SearchOptions(
                values(INDEX),
                values(DEFAULT_INDEX).stream().findFirst(),
                values(FIND_LINKS),
                pipArguments.contains("--no-index"),
                Optional.empty(),
                cooldown.map("P%dD"::formatted),
                Optional.empty(),
                backend.equals("uv"));
    }

    private List<String> values(Pattern option) {
        List<String> values = new ArrayList<>();
        for (Iterator<String> words = pipArguments.iterator(); words.hasNext(); ) {
            Matcher word = option.matcher(words.next());
            if (word.matches() && (word.group(1) != null || words.hasNext())) {
                values.add(DirectUrl.masked(word.group(1) != null ? word.group(1) : words.next()));
            }
        }
        return values;
    }

    /// The result of reading the file.
    sealed interface Found {
        record Read(PipxMetadata metadata) implements Found {}

        record Absent() implements Found {}

        /// @param what is wrong and where, as a phrase
        record Damaged(String what) implements Found {}
    }

    static Found read(Path file) {
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent() -> new Found.Absent();
            case JsonFile.Content.Damaged(int line, int column, String message) ->
                new Found.Damaged(line == 0 ? message : "not JSON at line %d, column %d".formatted(line, column));
            case JsonFile.Content.Present(JsonNode json) -> {
                try {
                    yield new Found.Read(read(json));
                } catch (Malformed e) {
                    yield new Found.Damaged(e.what);
                }
            }
        };
    }

    private static PipxMetadata read(JsonNode json) throws Malformed {
        if (!json.isObject()) {
            throw new Malformed("not a JSON object");
        }
        JsonNode main = json.get("main_package");
        if (main == null || !main.isObject()) {
            throw new Malformed("main_package is not an object");
        }
        Map<String, String> injected = new LinkedHashMap<>();
        JsonNode others = json.get("injected_packages");
        if (isThere(others) && !others.isObject()) {
            throw new Malformed("injected_packages is not an object");
        }
        if (isThere(others)) {
            for (Map.Entry<String, JsonNode> other : others.properties()) {
                String at = "injected_packages." + other.getKey();
                if (!other.getValue().isObject()) {
                    throw new Malformed(at + " is not an object");
                }
                injected.put(
                        other.getKey(),
                        text(other.getValue(), at, "package_or_url").orElse(other.getKey()));
            }
        }
        return new PipxMetadata(
                text(json, "", "pipx_metadata_version").orElse(""),
                text(main, "main_package", "package"),
                text(main, "main_package", "package_or_url").orElse(""),
                texts(main, "main_package", "pip_args"),
                texts(json, "", "venv_args"),
                truth(main, "include_dependencies"),
                texts(main, "main_package", "apps"),
                texts(main, "main_package", "apps_of_dependencies"),
                text(main, "main_package", "suffix").orElse(""),
                truth(main, "pinned"),
                text(json, "", "backend").orElse("pip"),
                Optional.of(main.path("cooldown_days").asInt(0)).filter(days -> days > 0),
                injected);
    }

    private static Optional<String> text(JsonNode object, String at, String key) throws Malformed {
        JsonNode value = object.get(key);
        if (!isThere(value)) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new Malformed(place(at, key) + " is not text");
        }
        return Optional.of(value.stringValue()).filter(text -> !text.isEmpty());
    }

    private static List<String> texts(JsonNode object, String at, String key) throws Malformed {
        JsonNode value = object.get(key);
        if (!isThere(value)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw new Malformed(place(at, key) + " is not a list of texts");
        }
        value.forEach(element -> texts.add(element.stringValue()));
        return texts;
    }

    private static boolean truth(JsonNode object, String key) {
        return object.path(key).asBoolean(false);
    }

    private static boolean isThere(@Nullable JsonNode value) {
        return value != null && !value.isNull();
    }

    private static String place(String at, String key) {
        return at.isEmpty() ? key : at + "." + key;
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final String what;

        Malformed(String what) {
            super(what);
            this.what = what;
        }
    }
}
