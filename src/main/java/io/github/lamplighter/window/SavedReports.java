package io.github.lamplighter.window;

import io.github.lamplighter.file.JsonFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The last report of each tool, as the doctor left it: read in milliseconds, where a child would take half a
/// second.
final class SavedReports {

    private final Path folder;
    private final Function<String, Set<String>> setAside;

    /// @param setAside the ids of the findings of a tool that the user set aside
    SavedReports(Path folder, Function<String, Set<String>> setAside) {
        this.folder = folder;
        this.setAside = setAside;
    }

    Optional<ToolReport> of(String tool) {
        return switch (JsonFile.read(folder.resolve(tool + ".json"))) {
            case JsonFile.Content.Present(JsonNode json) ->
                Optional.of(json.has("report") ? json.path("report") : json)
                        .filter(report -> report.path("findings").isArray())
                        .map(ToolReport::of)
                        .map(report -> report.settingAside(setAside.apply(tool)));
            // A damaged report is ours to build anew: to the window there is none yet.
            case JsonFile.Content.Absent _, JsonFile.Content.Damaged _ -> Optional.empty();
        };
    }
}
