package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// What was backed up for one path of a tool's data. A copy that is missing later was lost: only `copy` says
/// that there was nothing to copy.
///
/// @param path of the data
/// @param copy its copy; empty if nothing was there
/// @param files how many files, links and folders the copy has
/// @param bytes the size of its files
/// @param identity the inode of the copy, which a rename keeps; 0 if there is none
public record DataCopy(Path path, Optional<Path> copy, long files, long bytes, long identity) {

    static void write(List<DataCopy> copies, ArrayNode json) {
        for (DataCopy one : copies) {
            json.addObject()
                    .put("path", one.path().toString())
                    .put("copy", one.copy().map(Path::toString).orElse(null))
                    .put("files", one.files())
                    .put("bytes", one.bytes())
                    .put("identity", one.identity());
        }
    }

    static List<DataCopy> read(JsonNode json) {
        List<DataCopy> copies = new ArrayList<>();
        for (JsonNode one : json) {
            JsonNode copy = one.path("copy");
            copies.add(new DataCopy(
                    Path.of(one.path("path").asString()),
                    copy.isString() ? Optional.of(Path.of(copy.asString())) : Optional.empty(),
                    one.path("files").asLong(),
                    one.path("bytes").asLong(),
                    one.path("identity").asLong()));
        }
        return List.copyOf(copies);
    }
}
