package io.github.lamplighter.window;

import io.github.lamplighter.file.JsonFile;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The last report of each tool, as the doctor left it: read in milliseconds, where a child would take half a second.
final class SavedReports {

    private final Path folder;

    SavedReports(Path folder) {
        this.folder = folder;
    }

    Optional<ToolReport> of(String tool) {
        return switch (JsonFile.read(folder.resolve(tool + ".json"))) {
            case JsonFile.Content.Present(JsonNode json) ->
                Optional.of(json.has("report") ? json.path("report") : json)
                        .filter(report -> report.path("findings").isArray())
                        .map(ToolReport::of);
            // A damaged report is ours to build anew: to the window there is none yet.
            case JsonFile.Content.Absent _, JsonFile.Content.Damaged _ -> Optional.empty();
        };
    }
}
