package io.github.lamplighter.upgrade;

import io.github.lamplighter.text.UntrustedText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The line of an installer's output that says why it did not do it. The last one often does not: npm ends with where
/// its log is, pip with the news that there is a newer pip.
final class InstallerErrorLine {

    private static final Pattern NPM = Pattern.compile("^npm (?:error|ERR!)\\s+");

    /// What npm says besides: a code, fields of the system's answer, where the log is.
    private static final Pattern BESIDES =
            Pattern.compile("(?:code|errno|syscall|path|dest|cwd|command)\\s.*|A complete log of this run.*|");

    /// Its kind, which npm repeats before each line.
    private static final Pattern KIND = Pattern.compile("^(?:notarget|network|[0-9]{3}|nospc|notsup|engine)\\s+");

    private InstallerErrorLine() {}

    static String of(String output) {
        List<String> lines = output.lines()
                .map(UntrustedText::visible)
                .filter(line -> !line.isEmpty())
                .toList();
        return npm(lines)
                .or(() -> lines.stream()
                        .filter(line -> line.startsWith("ERROR: "))
                        .reduce((_, line) -> line))
                .or(() -> lines.stream()
                        .filter(line -> !line.startsWith("[notice]"))
                        .reduce((_, line) -> line))
                .orElse("no word");
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
