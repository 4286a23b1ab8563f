package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.tool.Traces.Unit;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The user's own unit files (systemd.unit(5), "User Unit Search Path") whose program is a tool's: somebody else
/// wrote them, so they are only read.
public final class UserUnits {

    private final Places places;

    public UserUnits(Places places) {
        this.places = places;
    }

    /// @param environment the folder that an installer owns, as a real path
    public List<Unit> of(Path environment) {
        List<Unit> units = new ArrayList<>();
        for (Path folder : List.of(
                places.configHome().resolve("systemd/user"), places.dataHome().resolve("systemd/user"))) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.service")) {
                for (Path file : files) {
                    read(file, environment).ifPresent(units::add);
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Most homes have only one of the folders.
            }
        }
        units.sort(Comparator.comparing(Unit::name));
        return units;
    }

    private static Optional<Unit> read(Path file, Path environment) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (UnitFile.isOurs(text)) {
            return Optional.empty();
        }
        String joined = text.replaceAll("\\\\\\R", " ");
        Optional<List<String>> arguments = value(joined, "ExecStart")
                .map(command -> words(command.replaceFirst("^[-@:+!|]+", "")))
                .flatMap(argv -> after(argv, environment));
        return arguments.map(words -> new Unit(
                String.valueOf(file.getFileName()),
                file,
                words,
                value(joined, "WorkingDirectory")
                        .filter(path -> path.startsWith("/") && !path.contains("%"))
                        .map(Path::of)));
    }

    private static Optional<String> value(String text, String key) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /// What stands after the program, if that is the tool's: the first word, or the script that an interpreter
    /// was given first.
    private static Optional<List<String>> after(List<String> argv, Path environment) {
        for (int i = 0; i < Math.min(2, argv.size()); i++) {
            if (lies(argv.get(i), environment)) {
                return Optional.of(argv.subList(i + 1, argv.size()));
            }
        }
        return Optional.empty();
    }

    private static boolean lies(String word, Path environment) {
        try {
            return word.startsWith("/") && Path.of(word).toRealPath().startsWith(environment);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    /// A command line in words, as systemd.service(5) has them; specifiers other than `%%` stay as they are.
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (c == '\\' && i + 1 < command.length()) {
                word.append(unescaped(command.charAt(++i)));
                within = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                within = true;
            } else if (Character.isWhitespace(c)) {
                if (within) {
                    words.add(word.toString().replace("%%", "%"));
                    word.setLength(0);
                    within = false;
                }
            } else {
                word.append(c);
                within = true;
            }
        }
        if (within) {
            words.add(word.toString().replace("%%", "%"));
        }
        return words;
    }

    private static char unescaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 's' -> ' ';
            default -> c;
        };
    }
}
