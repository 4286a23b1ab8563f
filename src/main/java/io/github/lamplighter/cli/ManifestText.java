package io.github.lamplighter.cli;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.tool.Complaint;
import io.github.lamplighter.tool.ManifestEntry;
import java.nio.file.Path;

/// What is said about manifests.
final class ManifestText {

    private ManifestText() {}

    static String unreadable(ManifestEntry.Broken broken, Places places) {
        return "%s: its description cannot be read (%s:%d:%d, %s). It was left as it is."
                .formatted(
                        broken.name(), places.display(broken.file()), broken.line(), broken.column(), broken.message());
    }

    static String complaint(Path file, Complaint complaint, Places places) {
        return "%s:%d:%d: %s"
                .formatted(places.display(file), complaint.line(), complaint.column(), complaint.message());
    }
}
