package io.github.lamplighter.app;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.DirectoryTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The sizes of previous versions, which have many files and do not change: each is measured once, and remembered in
/// the cache.
final class KeptSizes {

    private final Path file;
    private final Map<Path, Long> sizes = new ConcurrentHashMap<>();

    KeptSizes(AppDirectories directories) {
        this.file = directories.cache().resolve("kept-sizes.json");
    }

    long of(Path previous) {
        if (sizes.isEmpty()) {
            read();
        }
        Long known = sizes.get(previous);
        if (known != null) {
            return known;
        }
        long measured = measured(previous);
        sizes.put(previous, measured);
        write();
        return measured;
    }

    private static long measured(Path folder) {
        try {
            return DirectoryTrees.size(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        if (JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)) {
            json.properties().stream()
                    .filter(entry -> entry.getValue().isNumber())
                    .forEach(entry ->
                            sizes.put(Path.of(entry.getKey()), entry.getValue().asLong()));
        }
    }

    private void write() {
        sizes.keySet().removeIf(Files::notExists);
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        sizes.forEach((folder, size) -> json.put(folder.toString(), size.longValue()));
        try {
            JsonFile.write(file, json);
        } catch (IOException _) {
            // They are measured again.
        }
    }
}
