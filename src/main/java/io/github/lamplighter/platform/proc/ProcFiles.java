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
        return link(process).map(target -> before(target).orElse(target));
    }

    /// The path of an executable that was deleted or replaced while it runs. A memory file never had one.
    static Optional<Path> deletedExecutable(Path process) {
        return link(process)
                .filter(target -> !target.toString().startsWith("/memfd:") && !Files.exists(target))
                .flatMap(ProcFiles::before);
    }

    private static Optional<Path> link(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("exe")));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /// The path that a deleted executable had.
    private static Optional<Path> before(Path target) {
        String text = target.toString();
        return text.endsWith(DELETED)
                ? Optional.of(Path.of(text.substring(0, text.length() - DELETED.length())))
                : Optional.empty();
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
