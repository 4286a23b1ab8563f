package io.github.lamplighter.platform.proc;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads the files of a process in `/proc` (proc(5)).
final class ProcFiles {

    /// The suffix of a deleted executable (proc_pid_exe(5)).
    private static final String DELETED = " (deleted)";

    private ProcFiles() {}

    /// The real path of the executable; of a deleted one (after an upgrade) the path it had.
    static Optional<Path> executable(Path process) {
        try {
            Path target = Files.readSymbolicLink(process.resolve("exe"));
            String text = target.toString();
            return Optional.of(
                    text.endsWith(DELETED) ? Path.of(text.substring(0, text.length() - DELETED.length())) : target);
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /// The path of an executable that was deleted or replaced while it runs. A memory file never had one.
    static Optional<Path> deletedExecutable(Path process) {
        try {
            String text = Files.readSymbolicLink(process.resolve("exe")).toString();
            return text.endsWith(DELETED) && !text.startsWith("/memfd:") && !Files.exists(Path.of(text))
                    ? Optional.of(Path.of(text.substring(0, text.length() - DELETED.length())))
                    : Optional.empty();
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /// The NUL-terminated texts of a file of `/proc`; empty if it is not readable or the process is gone.
    static List<String> texts(Path file) {
        // Faster than Files, and called for every process.
        try (InputStream in = new FileInputStream(file.toFile())) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\0")).toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
