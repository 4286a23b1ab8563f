package io.github.lamplighter.tool;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Where a tool's data are, by the options and variables that set their folder. Only what these say for certain
/// counts: a backup of another folder is none.
public final class DataPlaces {

    private static final String ABSOLUTE = "~?/.*";

    /// What a tool is started with.
    ///
    /// @param variables those that matter, with their values; empty if they are not known
    /// @param directory the working directory, for relative paths
    public record Start(List<String> arguments, Optional<Map<String, String>> variables, Optional<Path> directory) {
        public Start {
            arguments = List.copyOf(arguments);
            variables = variables.map(Map::copyOf);
        }
    }

    /// The value of an option in the arguments.
    private sealed interface Value {
        record Text(String text) implements Value {}

        /// The option is there, perhaps: shortened, or among other letters.
        record Unclear(String word) implements Value {}
    }

    /// A folder with everything that sets it, and its default.
    private record Slot(Path usual, List<String> setBy) {}

    /// The folder of a slot.
    ///
    /// @param isSet whether something sets it
    /// @param path empty if that is unknown
    private record Place(boolean isSet, Optional<Path> path) {}

    private final Map<String, Optional<Path>> setBy;
    private final Path home;

    /// @param setBy the options and variables that set where data are: the folder that each names by default, or empty
    ///     for one with which they are unknown
    public DataPlaces(Map<String, Optional<Path>> setBy, Path home) {
        this.setBy = new TreeMap<>(setBy);
        this.home = home;
    }

    /// The data of the tool as it is started now; empty if that is unknown.
    ///
    /// @param data its files and folders when it was started as `before`
    public Optional<List<Path>> of(List<Path> data, Start before, Start now) {
        for (Map.Entry<String, Optional<Path>> one : setBy.entrySet()) {
            if (one.getValue().isEmpty() && !values(one.getKey(), before).equals(values(one.getKey(), now))) {
                return Optional.empty();
            }
        }
        if (!positionals(data, before, now)) {
            return Optional.empty();
        }
        List<Slot> slots = slots(data, before);
        Set<Path> found = new LinkedHashSet<>();
        for (Path one : data) {
            if (!follow(one, slots, before, now, found)) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(found));
    }

    /// The folders that options and variables set, but that are neither in the data nor contain them: by what sets
    /// each.
    public Map<String, Path> outside(List<Path> data, Start start) {
        List<Slot> set = slots(List.of(), start).stream()
                .filter(slot -> place(slot, start).isSet())
                .toList();
        Map<String, Path> outside = new TreeMap<>();
        for (Slot slot : set) {
            // `--user-data-dir` overrides `XDG_DATA_HOME`.
            boolean isOverridden = set.stream()
                    .map(Slot::usual)
                    .anyMatch(other -> other.startsWith(slot.usual()) && !other.equals(slot.usual()));
            place(slot, start)
                    .path()
                    .filter(path -> !isOverridden && data.stream().noneMatch(one -> isRelated(one, path)))
                    .ifPresent(path -> slot.setBy().stream()
                            .filter(name -> !values(name, start).isEmpty())
                            .findFirst()
                            .ifPresent(name -> outside.put(name, path)));
        }
        return outside;
    }

    /// @return whether the place of `data` is known
    private boolean follow(Path data, List<Slot> slots, Start before, Start now, Set<Path> found) {
        Path moved = data;
        List<Slot> around = slots.stream()
                .filter(slot ->
                        place(slot, before).path().filter(data::startsWith).isPresent())
                .sorted(Comparator.comparingInt((Slot slot) -> slot.usual().getNameCount())
                        .reversed())
                .toList();
        for (Slot slot : around) {
            Place was = place(slot, before);
            Place is = then(slot, before, now);
            if (is.path().isEmpty()) {
                return false;
            }
            if (was.isSet() || is.isSet()) {
                moved = is.path().get().resolve(was.path().orElseThrow().relativize(data));
                break;
            }
        }
        if (home.startsWith(moved)) {
            return false;
        }
        found.add(moved);
        for (Slot slot : slots) {
            Optional<Path> was = place(slot, before).path();
            if (was.filter(path -> path.startsWith(data) && !path.equals(data)).isPresent()) {
                Optional<Path> is = then(slot, before, now).path();
                if (is.filter(path -> !home.startsWith(path)).isEmpty()) {
                    return false;
                }
                if (!is.equals(was) && !is.get().startsWith(moved)) {
                    found.add(is.get());
                }
            }
        }
        return true;
    }

    /// The place of a slot now. Without what set it before, its default is not known.
    private Place then(Slot slot, Start before, Start now) {
        Place is = place(slot, now);
        return !is.isSet() && place(slot, before).isSet() ? new Place(true, Optional.empty()) : is;
    }

    private Place place(Slot slot, Start start) {
        for (boolean isOption : new boolean[] {true, false}) {
            List<Value> values = slot.setBy().stream()
                    .filter(name -> name.startsWith("-") == isOption)
                    .flatMap(name -> values(name, start).stream())
                    .distinct()
                    .toList();
            if (!values.isEmpty()) {
                return new Place(true, values.size() == 1 ? path(values.getFirst(), start) : Optional.empty());
            }
        }
        return new Place(false, Optional.of(slot.usual()));
    }

    /// The declared slots, and one for each option and variable of `before` that names data.
    private List<Slot> slots(List<Path> data, Start before) {
        Map<Path, List<String>> slots = new LinkedHashMap<>();
        setBy.forEach((name, usual) -> usual.ifPresent(
                path -> slots.computeIfAbsent(path, _ -> new ArrayList<>()).add(name)));
        Stream<String> options = before.arguments().stream()
                .filter(word -> word.startsWith("-"))
                .map(word -> word.contains("=") ? word.substring(0, word.indexOf('=')) : word)
                .distinct();
        Stream<String> variables =
                before.variables().orElse(Map.of()).keySet().stream().sorted();
        Stream.concat(options, variables)
                .filter(name -> !setBy.containsKey(name))
                .forEach(name -> {
                    List<Value> values = values(name, before);
                    if (values.size() == 1
                            && values.getFirst() instanceof Value.Text(String text)
                            && text.matches(ABSOLUTE)) {
                        path(text, before)
                                .filter(path -> data.stream().anyMatch(one -> isRelated(one, path)))
                                .ifPresent(path -> slots.computeIfAbsent(path, _ -> new ArrayList<>())
                                        .add(name));
                    }
                });
        List<Slot> all = new ArrayList<>();
        slots.forEach((path, names) -> all.add(new Slot(path, names)));
        return all;
    }

    /// Whether the data that an argument without an option names are still named.
    private boolean positionals(List<Path> data, Start before, Start now) {
        List<Path> named = now.arguments().stream()
                .flatMap(word -> path(word, now).stream())
                .toList();
        for (int i = 0; i < before.arguments().size(); i++) {
            String word = before.arguments().get(i);
            boolean ofOption = i > 0 && before.arguments().get(i - 1).startsWith("-");
            Optional<Path> path = word.startsWith("-") || ofOption || !word.matches(ABSOLUTE)
                    ? Optional.empty()
                    : path(word, before).filter(place -> data.stream().anyMatch(one -> isRelated(one, place)));
            if (path.filter(place -> !named.contains(place)).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRelated(Path data, Path place) {
        return data.startsWith(place) || place.startsWith(data);
    }

    private List<Value> values(String name, Start start) {
        if (!name.startsWith("-")) {
            return Optional.ofNullable(start.variables().orElse(Map.of()).get(name))
                    .filter(value -> !value.isBlank())
                    .<List<Value>>map(value -> List.of(new Value.Text(value)))
                    .orElse(List.of());
        }
        int space = name.indexOf(' ');
        if (space < 0) {
            return options(name, start.arguments());
        }
        // `-D name`: an option that takes NAME=VALUE.
        String prefix = name.substring(space + 1) + "=";
        return options(name.substring(0, space), start.arguments()).stream()
                .filter(Value.Text.class::isInstance)
                .map(value -> ((Value.Text) value).text())
                .filter(text -> text.startsWith(prefix))
                .<Value>map(text -> new Value.Text(text.substring(prefix.length())))
                .toList();
    }

    private static List<Value> options(String option, List<String> arguments) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            String bare = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            if (word.equals("--")) {
                break;
            }
            if (bare.equals(option)) {
                String value = word.contains("=") ? word.substring(option.length() + 1) : next;
                values.add(
                        value.isEmpty() || (value.equals(next) && value.startsWith("-"))
                                ? new Value.Unclear(word)
                                : new Value.Text(value));
            } else if (option.startsWith("--")) {
                // Many parsers accept the beginning of a long option.
                if (bare.length() > 4 && option.startsWith(bare)) {
                    values.add(new Value.Unclear(word));
                }
            } else if (option.length() == 2 && word.startsWith(option)) {
                values.add(
                        word.substring(2).matches("[~./].*|[^-=]+=.*")
                                ? new Value.Text(word.substring(2))
                                : new Value.Unclear(word));
            } else if (option.length() == 2 && word.matches("-[A-Za-z]{2,}") && word.contains(option.substring(1))) {
                // Several short options in one word.
                values.add(word.endsWith(option.substring(1)) ? new Value.Text(next) : new Value.Unclear(word));
            }
        }
        return values;
    }

    private Optional<Path> path(Value value, Start start) {
        return value instanceof Value.Text(String text) ? path(text, start) : Optional.empty();
    }

    private Optional<Path> path(String text, Start start) {
        try {
            return text.startsWith("~/")
                    ? Optional.of(home.resolve(text.substring(2)).normalize())
                    : Optional.of(Path.of(text))
                            .filter(path -> !text.isBlank())
                            .flatMap(path -> path.isAbsolute()
                                    ? Optional.of(path)
                                    : start.directory().map(folder -> folder.resolve(path)))
                            .map(Path::normalize);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
