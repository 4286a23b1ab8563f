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

/// Backups of the user's files from before Lamplighter changed or removed them: `kept/NAME/N.KIND` in the state
/// folder. N is the number that users pass to restore it. Only the newest of each tool are kept.
public final class BackupStore {

    /// How many numbers each tool keeps. A change of a manifest or a service file uses one.
    public static final int NEWEST = 20;

    private final Path folder;

    public BackupStore(AppDirectories directories) {
        this.folder = directories.state().resolve("kept");
    }

    /// @param name the tool's
    /// @param texts by kind, such as `service`; all get the same number
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

    /// Whether there is a backup with this number.
    public boolean isKept(String name, int number) {
        try {
            return files(folder.resolve(name)).stream().anyMatch(file -> number(file) == number);
        } catch (IOException e) {
            return false;
        }
    }

    /// Deletes the backup for a change that was not made.
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

    /// The files whose name is that of a backup.
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
