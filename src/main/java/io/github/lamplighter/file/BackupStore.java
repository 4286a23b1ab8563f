package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a file of the user's said before Lamplighter changed it or took it away: `kept/NAME/N.KIND` in the
/// state folder, word for word. N is what a person types to have it back.
///
/// Of each tool the newest are kept: those are what the last lines of the record of changes lead back to.
public final class BackupStore {

    /// Numbers a tool. A change of one description or service file takes one.
    public static final int NEWEST = 20;

    private final Path folder;

    public BackupStore(AppDirectories directories) {
        this.folder = directories.state().resolve("kept");
    }

    /// @param name the tool's
    /// @param texts by kind, such as `service`; those of one number belong together
    /// @return their number
    public int keep(String name, Map<String, String> texts) throws IOException {
        Path place = folder.resolve(name);
        int number = newest(place) + 1;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            AtomicFile.write(place.resolve(number + "." + text.getKey()), text.getValue());
        }
        for (Path file : files(place)) {
            if (number(file) <= number - NEWEST) {
                Files.deleteIfExists(file);
            }
        }
        return number;
    }

    public Optional<String> text(String name, int number, String kind) throws IOException {
        try {
            return Optional.of(Files.readString(file(name, number, kind)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Whether anything is kept under a number.
    public boolean isKept(String name, int number) {
        try {
            return files(folder.resolve(name)).stream().anyMatch(file -> number(file) == number);
        } catch (IOException e) {
            return false;
        }
    }

    /// Forgets what was kept in case of a change that did not come about.
    public void drop(String name, int number) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(name), number + ".*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(String name, int number, String kind) {
        return folder.resolve(name).resolve(number + "." + kind);
    }

    private static int newest(Path place) throws IOException {
        return files(place).stream().mapToInt(BackupStore::number).max().orElse(0);
    }

    /// Those that are called as a copy is.
    private static List<Path> files(Path place) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "[1-9]*.*")) {
            for (Path file : files) {
                if (prefix(file).matches("[1-9][0-9]{0,8}")) {
                    found.add(file);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return found;
    }

    private static int number(Path file) {
        return Integer.parseInt(prefix(file));
    }

    private static String prefix(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\..*", "");
    }
}
