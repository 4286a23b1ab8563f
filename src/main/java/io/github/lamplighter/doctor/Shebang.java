package io.github.lamplighter.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The interpreter in the first line of a script (execve(2), "Interpreter scripts"). An executable script
/// cannot start if its interpreter is gone: the environment was moved, or Python was removed.
final class Shebang {

    private static final int ENOUGH = 1024;
    private static final Pattern NAMED = Pattern.compile("#!\\s*(/\\S+)");

    /// What pip writes where the path is too long for the kernel, or has a space in it.
    private static final Pattern BY_SHELL = Pattern.compile("'''exec' (?:\"([^\"]+)\"|(/\\S+)) \"\\$0\"");

    private Shebang() {}

    /// The interpreter that a script names and that is not there; empty too for what is no script.
    static Optional<String> missing(Path program) {
        String head = head(program);
        Matcher named = NAMED.matcher(head);
        if (!named.lookingAt()) {
            return Optional.empty();
        }
        Matcher shell = BY_SHELL.matcher(head);
        String path = named.group(1).endsWith("/sh") && shell.find()
                ? Optional.ofNullable(shell.group(1)).orElseGet(() -> shell.group(2))
                : named.group(1);
        return Files.exists(Path.of(path)) ? Optional.empty() : Optional.of(path);
    }

    private static String head(Path program) {
        if (!Files.isRegularFile(program)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(program)) {
            return new String(in.readNBytes(ENOUGH), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
