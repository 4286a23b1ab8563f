package io.github.lamplighter.platform.proc;

import io.github.lamplighter.file.RealPathCache;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

    private TitledScript() {}

    /// @param process its folder in `/proc`
    /// @param argv its command line
    static Optional<String> of(Path process, List<String> argv, RealPathCache paths) {
        return argv.stream().anyMatch(word -> word.startsWith("/"))
                ? Optional.empty()
                : ProcFiles.executable(process).flatMap(executable -> of(process, executable, argv, paths));
    }

    private static Optional<String> of(Path process, Path executable, List<String> argv, RealPathCache paths) {
        String title = argv.isEmpty() ? "" : argv.getFirst();
        return ProcFiles.texts(process.resolve("environ")).stream()
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
}
