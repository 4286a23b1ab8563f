package io.github.lamplighter.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The files of an SQLite database. In WAL mode the newest rows are only in the file next to it, and a journal or log
/// that belongs to another state of the database damages it.
final class SqliteDatabase {

    private static final byte[] HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> SUFFIXES = List.of("-wal", "-shm", "-journal");

    private SqliteDatabase() {}

    /// Whether the file is a database, or can become one: it is empty or missing.
    static boolean isPossible(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(HEADER.length);
            return start.length == 0 || Arrays.equals(start, HEADER);
        } catch (IOException e) {
            return false;
        }
    }

    /// The files next to a database that belong to it, whether they exist or not.
    static List<Path> companions(Path database) {
        return SUFFIXES.stream()
                .map(suffix -> database.resolveSibling(database.getFileName() + suffix))
                .toList();
    }

    /// Whether this is one of the files of a database.
    static boolean isPart(Path file) {
        return SUFFIXES.stream().anyMatch(file.toString()::endsWith)
                || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isPossible(file);
    }
}
