package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.LintFinding;
import io.github.lamplighter.tool.ManifestEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text about manifests, without secrets.
final class ManifestText {

    /// The user and password of a URL; `git@` of an SSH address is not a secret.
    private static final Pattern USER = Pattern.compile("(?<=://)(?!git@)[^/\\s\"]+@");

    /// A string in JSON: a key or a value.
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"(\\s*:)?");

    private ManifestText() {}

    /// JSON without users and passwords in URLs, and without likely secrets in arguments, because output is
    /// often passed on. Other text is treated the same as far as it looks like JSON.
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

    /// One argument without its secret.
    private static String argument(String before, String argument) {
        boolean secret = SecretDetector.argument(List.of(argument)).isPresent()
                || SecretDetector.argument(List.of(before, argument))
                        .filter(found -> found.index() == 1)
                        .isPresent();
        int equals = argument.startsWith("-") ? argument.indexOf('=') : -1;
        return secret ? argument.substring(0, equals + 1) + "…" : argument;
    }

    /// @param file for display
    static String unreadable(ManifestEntry.Broken broken, String file) {
        return "Could not read the manifest of %s (%s:%d:%d, %s). The file was not changed."
                .formatted(broken.name(), file, broken.line(), broken.column(), broken.message());
    }

    /// The place of the error, for the details of a finding.
    static String place(ManifestEntry.Broken broken, String file) {
        return "%s:%d:%d, %s".formatted(file, broken.line(), broken.column(), broken.message());
    }

    static String lintFinding(Path file, LintFinding lintFinding, AppDirectories directories) {
        return "%s:%d:%d: %s"
                .formatted(directories.display(file), lintFinding.line(), lintFinding.column(), lintFinding.message());
    }
}
