package io.github.lamplighter.platform.proc;

import io.github.lamplighter.file.RealPathCache;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The script of a process that replaced its arguments with a title, as http-server does. The shell that started it
/// stored the script's name in `_` (bash(1)). Children inherit that, so the title must begin with that name, and the
/// script must be one that the executable runs. Its arguments are lost.
final class TitledScript {

    /// The longest first line of a script that the kernel reads (execve(2)).
    private static final int LONGEST_SHEBANG = 255;

    /// The suffix of a deleted executable (proc_pid_exe(5)).
    private static final String DELETED = " (deleted)";

    private TitledScript() {}

    /// @param process its folder in `/proc`
    /// @param argv its command line
    static Optional<String> of(Path process, List<String> argv, RealPathCache paths) {
        return argv.stream().anyMatch(word -> word.startsWith("/"))
                ? Optional.empty()
                : executable(process).flatMap(executable -> of(process, executable, argv, paths));
    }

    private static Optional<String> of(Path process, Path executable, List<String> argv, RealPathCache paths) {
        String title = argv.isEmpty() ? "" : argv.getFirst();
        return texts(process.resolve("environ")).stream()
                .filter(text -> text.startsWith("_=/"))
                .map(text -> text.substring(2))
                .filter(script -> title.startsWith(script.substring(script.lastIndexOf('/') + 1)))
                .filter(script -> isRunBy(executable, script, paths))
                .findFirst();
    }

    private static boolean isRunBy(Path executable, String script, RealPathCache paths) {
        try (InputStream in = new FileInputStream(script)) {
            String start = new String(in.readNBytes(LONGEST_SHEBANG), StandardCharsets.ISO_8859_1);
            return start.startsWith("#!")
                    && Arrays.stream(start.substring(2)
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                                    .split("\\s+"))
                            .anyMatch(word -> word.startsWith("/")
                                    ? paths.of(Path.of(word))
                                            .filter(executable::equals)
                                            .isPresent()
                                    : word.equals(String.valueOf(executable.getFileName())));
        } catch (IOException | InvalidPathException _) {
            return false;
        }
    }

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
