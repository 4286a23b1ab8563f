package io.github.lamplighter.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The first line of a script (execve(2), "Interpreter scripts"). An executable script cannot start if its
/// interpreter is gone: the environment was moved, or Python was removed.
///
/// @param interpreter the path of the interpreter; empty if the file is no script
/// @param program the program that `env` looks up in the `PATH` as the real interpreter
/// @param carriageReturn whether the line ends as on Windows, which makes it part of the interpreter's name
public record Shebang(Optional<Path> interpreter, Optional<String> program, boolean carriageReturn) {

    private static final int ENOUGH = 1024;
    private static final Shebang NONE = new Shebang(Optional.empty(), Optional.empty(), false);
    private static final Pattern FIRST = Pattern.compile("#![ \\t]*(/[^\\n\\x00]*)");

    /// What pip and uv write where the path is too long for the kernel, or has a space in it.
    private static final Pattern BY_SHELL = Pattern.compile("'''exec' ((?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+) .*\"\\$0\"");

    private static final Pattern PART = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");

    public static Shebang of(Path program) {
        String head = head(program);
        Matcher first = FIRST.matcher(head);
        if (!first.lookingAt()) {
            return NONE;
        }
        List<String> words = List.of(first.group(1).strip().split("[ \\t]+"));
        String interpreter = words.getFirst();
        Matcher shell = BY_SHELL.matcher(head);
        if (interpreter.endsWith("/sh") && shell.find()) {
            interpreter = PART.matcher(shell.group(1)).replaceAll("$1$2");
        }
        return new Shebang(
                Optional.of(Path.of(interpreter)),
                interpreter.endsWith("/env") ? lookedUp(words) : Optional.empty(),
                first.group(1).endsWith("\r"));
    }

    /// The interpreter that is not there.
    public Optional<Path> missing() {
        return interpreter.filter(path -> !Files.exists(path));
    }

    /// The first word after `env` that is no option and no variable; empty for options that this does not know
    /// (env(1)).
    private static Optional<String> lookedUp(List<String> words) {
        List<String> rest = new ArrayList<>(words.subList(1, words.size()));
        while (!rest.isEmpty()) {
            String word = rest.removeFirst();
            if (word.startsWith("-S") && word.length() > 2) {
                return Optional.of(word.substring(2));
            }
            boolean skipped = List.of("-S", "-i", "-").contains(word)
                    || ASSIGNMENT.matcher(word).matches();
            if (!skipped) {
                return Optional.of(word).filter(name -> !name.startsWith("-"));
            }
        }
        return Optional.empty();
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
