package io.github.lamplighter.cli;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.tool.Complaint;
import io.github.lamplighter.tool.ManifestEntry;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What is said about manifests.
final class ManifestText {

    /// `git@` of an ssh address is a name, not a secret.
    private static final Pattern USER = Pattern.compile("(?<=://)(?!git@)[^/\\s\"]+@");

    private ManifestText() {}

    /// Values without the users and passwords of addresses: what is shown is often passed on.
    static String masked(String json) {
        return USER.matcher(json).replaceAll("");
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

    static String complaint(Path file, Complaint complaint, Places places) {
        return "%s:%d:%d: %s"
                .formatted(places.display(file), complaint.line(), complaint.column(), complaint.message());
    }
}
