package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.LintFinding;
import io.github.lamplighter.tool.ManifestEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is said about manifests.
final class ManifestText {

    /// `git@` of an ssh address is a name, not a secret.
    private static final Pattern USER = Pattern.compile("(?<=://)(?!git@)[^/\\s\"]+@");

    /// A text in JSON: a key or a value.
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"(\\s*:)?");

    private ManifestText() {}

    /// Values without the users and passwords of addresses, and without what looks like a secret among arguments: what
    /// is shown is often passed on. Text that is no JSON is taken as far as it looks like some.
    static String masked(String json) {
        String open = USER.matcher(json).replaceAll("");
        Matcher text = TEXT.matcher(open);
        StringBuilder shown = new StringBuilder();
        String before = "";
        int end = 0;
        while (text.find()) {
            boolean follows = open.substring(end, text.start()).strip().equals(",");
            if (text.group(2) == null) {
                String value = argument(follows ? before : "", text.group(1));
                text.appendReplacement(shown, Matcher.quoteReplacement("\"" + value + "\""));
            }
            before = text.group(1);
            end = text.end();
        }
        return text.appendTail(shown).toString();
    }

    /// One argument, with its secret left out.
    private static String argument(String before, String argument) {
        boolean secret = SecretDetector.argument(List.of(argument)).isPresent()
                || SecretDetector.argument(List.of(before, argument))
                        .filter(found -> found.index() == 1)
                        .isPresent();
        int equals = argument.startsWith("-") ? argument.indexOf('=') : -1;
        return secret ? argument.substring(0, equals + 1) + "…" : argument;
    }

    /// @param file where it lies, as people write it
    static String unreadable(ManifestEntry.Broken broken, String file) {
        return "%s: its description cannot be read (%s:%d:%d, %s). It was left as it is."
                .formatted(broken.name(), file, broken.line(), broken.column(), broken.message());
    }

    /// The same as a proof.
    static String place(ManifestEntry.Broken broken, String file) {
        return "%s:%d:%d, %s; it was left as it is".formatted(file, broken.line(), broken.column(), broken.message());
    }

    static String complaint(Path file, LintFinding lintFinding, AppDirectories directories) {
        return "%s:%d:%d: %s"
                .formatted(directories.display(file), lintFinding.line(), lintFinding.column(), lintFinding.message());
    }
}
