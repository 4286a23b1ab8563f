package io.github.lamplighter.upgrade;

import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.text.UntrustedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The line of a package manager's output that says why it failed. That is often not the last one: npm ends with the
/// path of its log, pip with a hint at a newer pip.
final class InstallerErrorLine {

    private static final Pattern NPM = Pattern.compile("^npm (?:error|ERR!)\\s+");

    /// Lines of npm without a reason: an error code, fields of the system call, the path of the log.
    private static final Pattern BESIDES =
            Pattern.compile("(?:code|errno|syscall|path|dest|cwd|command)\\s.*|A complete log of this run.*|");

    /// The kind of error, which npm repeats on each line.
    private static final Pattern KIND = Pattern.compile("^(?:notarget|network|[0-9]{3}|nospc|notsup|engine)\\s+");

    /// The first line of an error of uv, or of a cause; older versions draw an arrow.
    private static final Pattern UV = Pattern.compile("(?:error:|×)\\s+(.*)|(?:cause:|Caused by:|[╰├]─▶)\\s+(.*)");

    private static final Pattern UV_HINT = Pattern.compile("hint:|help:|warning:");

    /// What pip says of a program that it started: git, or the build of a package.
    private static final Pattern PIP = Pattern.compile("× (.*) did not run \\w+\\.");

    private static final String PIP_KIND = "error: subprocess-exited-with-error";

    private InstallerErrorLine() {}

    /// Why a program failed, as a sentence: its error line, or the signal that ended it.
    static String sentence(String program, ProcessResult.Exited exited) {
        String how = exited.signal()
                .map(signal -> "%s was killed by %s".formatted(program, signal))
                .orElse("%s exited with code %d".formatted(program, exited.status()));
        return of(exited.err().isBlank() ? exited.out() : exited.err())
                .map(line -> "%s: %s%s".formatted(how, line, line.matches("(?s).*[.!?]") ? "" : "."))
                .orElse(how + ".");
    }

    static Optional<String> of(String output) {
        List<String> lines = output.lines()
                .map(UntrustedText::visible)
                .filter(line -> !line.isEmpty())
                .toList();
        return npm(lines)
                .or(() -> pip(lines))
                .or(() -> uv(lines))
                .or(() -> last(lines, line -> line.startsWith("ERROR: ")))
                .or(() -> last(lines, line -> !line.startsWith("[notice]")));
    }

    private static Optional<String> last(List<String> lines, Predicate<String> wanted) {
        return lines.stream().filter(wanted).reduce((_, line) -> line);
    }

    /// uv prints what failed and then the causes, the last one being the deepest. A cause can have several lines.
    private static Optional<String> uv(List<String> lines) {
        List<String> parts = new ArrayList<>();
        if (lines.stream().anyMatch(line -> line.contains("╰─>"))) {
            // pip draws a similar arrow, and says nothing useful next to it.
            return Optional.empty();
        }
        for (String line : lines) {
            Matcher start = UV.matcher(line);
            if (start.matches() && (start.group(1) != null || !parts.isEmpty())) {
                parts.add((start.group(1) != null ? start.group(1) : start.group(2)).replaceFirst(":$", ""));
            } else if (!parts.isEmpty() && UV_HINT.matcher(line).lookingAt()) {
                break;
            } else if (!parts.isEmpty() && !line.startsWith("Error installing ")) {
                parts.set(parts.size() - 1, parts.getLast() + " " + line);
            }
        }
        return parts.size() < 2
                ? parts.stream().findFirst()
                : Optional.of(
                        parts.size() == 2
                                ? String.join(": ", parts)
                                : String.join(": ", parts.get(0), parts.get(1), parts.getLast()));
    }

    /// pip quotes what the program said, or let it through before.
    private static Optional<String> pip(List<String> lines) {
        int kind = lines.indexOf(PIP_KIND);
        Optional<String> failed = lines.stream()
                .map(PIP::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(line -> line.group(1).replaceFirst("^(git \\S+) .*", "$1") + " failed");
        if (kind < 0 || failed.isEmpty()) {
            return Optional.empty();
        }
        int end = lines.indexOf("[end of output]");
        return Optional.of(lines.get(Math.max(0, (end < 0 ? kind : end) - 1)))
                .filter(line -> !line.startsWith("Running command ") && !line.startsWith("╰─>"))
                .map(line -> failed.get() + ": " + line)
                .or(() -> failed);
    }

    private static Optional<String> npm(List<String> lines) {
        return lines.stream()
                .filter(line -> NPM.matcher(line).find())
                .map(line -> NPM.matcher(line).replaceFirst(""))
                .filter(line -> !BESIDES.matcher(line).matches())
                .map(line -> KIND.matcher(line).replaceFirst(""))
                .findFirst();
    }
}
