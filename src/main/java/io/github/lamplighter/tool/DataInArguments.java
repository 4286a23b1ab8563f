package io.github.lamplighter.tool;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The data of a tool under other arguments than those that its data were declared for. Only what the arguments say for
/// certain counts: a backup of another folder is none.
public final class DataInArguments {

    private final Path home;
    private final List<String> base;
    private final List<String> given;

    private DataInArguments(Path home, List<String> base, List<String> given) {
        this.home = home;
        this.base = base;
        this.given = given;
    }

    /// The data of the tool with the arguments `given`; empty if they do not tell.
    ///
    /// @param data its files and folders with the arguments `base`
    public static Optional<List<Path>> of(List<Path> data, List<String> base, List<String> given, Path home) {
        DataInArguments dataInArguments = new DataInArguments(home, base, given);
        List<Path> found = new ArrayList<>();
        for (Path one : data) {
            Optional<Path> now = dataInArguments.now(one);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            found.add(now.get());
        }
        return Optional.of(List.copyOf(found));
    }

    private Optional<Path> now(Path data) {
        for (int at = 0; at < base.size(); at++) {
            Optional<Path> named = path(valueOf(base.get(at))).filter(path -> isSame(path, data));
            if (named.isPresent()) {
                return given.contains(base.get(at))
                        ? Optional.of(data)
                        : instead(at)
                                .map(path -> data.startsWith(named.get())
                                        ? path.resolve(named.get().relativize(data))
                                        : path)
                                .filter(path -> !home.startsWith(path));
            }
        }
        // The tool's default.
        return Optional.of(data);
    }

    private static boolean isSame(Path named, Path data) {
        return named.startsWith(data) || data.startsWith(named);
    }

    /// The path after the same option.
    private Optional<Path> instead(int at) {
        String word = base.get(at);
        String option = word.startsWith("-") && word.contains("=")
                ? word.substring(0, word.indexOf('='))
                : at > 0 && base.get(at - 1).startsWith("-") ? base.get(at - 1) : "";
        for (int i = 0; i < given.size() && !option.isEmpty(); i++) {
            if (given.get(i).startsWith(option + "=")) {
                return path(valueOf(given.get(i)));
            }
            if (given.get(i).equals(option) && i + 1 < given.size()) {
                return path(given.get(i + 1));
            }
        }
        return Optional.empty();
    }

    private static String valueOf(String word) {
        return word.startsWith("-") ? word.substring(word.indexOf('=') + 1) : word;
    }

    /// An absolute path, or one in the home folder.
    private Optional<Path> path(String text) {
        try {
            return text.startsWith("~/")
                    ? Optional.of(home.resolve(text.substring(2)).normalize())
                    : Optional.of(text)
                            .filter(word -> word.startsWith("/"))
                            .map(word -> Path.of(word).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
