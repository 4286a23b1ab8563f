package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The previous versions of one environment; `snapshot.json` holds what a rollback needs.
final class Snapshots {

    static final String FILE = "snapshot.json";

    private static final String DISCARDED = ".discarded";

    private final Path folder;

    /// @param folder `ROOT/.lamplighter/NAME/snapshots`
    Snapshots(Path folder) {
        this.folder = folder;
    }

    /// All snapshots, newest first. A folder without `snapshot.json` is not complete yet.
    List<Snapshot> all() {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> !isDiscarded(child))
                    .flatMap(child -> read(child).stream())
                    .filter(snapshot -> Files.isDirectory(snapshot.environment()))
                    .sorted(Comparator.comparingLong(Snapshot::sequence)
                            .thenComparing(Snapshot::takenAt)
                            .reversed())
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The sequence number of a snapshot: its own, or that of the next one.
    long sequence(Path snapshot) {
        List<Snapshot> all = all();
        return all.stream()
                .filter(known -> known.folder().equals(snapshot))
                .findFirst()
                .map(Snapshot::sequence)
                .orElseGet(() ->
                        1 + all.stream().mapToLong(Snapshot::sequence).max().orElse(0));
    }

    static void describe(Snapshot snapshot) throws IOException {
        ObjectNode json = JsonFile.MAPPER
                .createObjectNode()
                .put("schema", 1)
                .put("tool", snapshot.tool())
                .put("version", snapshot.version())
                .put("sequence", snapshot.sequence())
                .put("takenAt", snapshot.takenAt().toString())
                .put("serviceFile", snapshot.serviceFile().orElse(null));
        ObjectNode links = json.putObject("links");
        snapshot.links().forEach((link, text) -> links.put(link.toString(), text.orElse(null)));
        DataCopy.write(snapshot.data(), json.putArray("data"));
        JsonFile.write(snapshot.folder().resolve(FILE), json);
    }

    /// Deletes all but the newest `kept` snapshots.
    void prune(int kept) throws IOException {
        for (Snapshot old : all().stream().skip(kept).toList()) {
            discard(old);
        }
    }

    static void discard(Snapshot old) throws IOException {
        // First out of the way: half of a version is none that a rollback could restore.
        Path discarded = old.folder().resolveSibling(old.folder().getFileName() + DISCARDED);
        Files.move(old.folder(), discarded, StandardCopyOption.ATOMIC_MOVE);
        DirectoryTrees.delete(discarded);
    }

    /// Whether a folder holds what is left of a snapshot that is being deleted.
    static boolean isDiscarded(Path snapshot) {
        return snapshot.toString().endsWith(DISCARDED);
    }

    private static Optional<Snapshot> read(Path child) {
        if (!(JsonFile.read(child.resolve(FILE)) instanceof JsonFile.Content.Present(JsonNode json))) {
            return Optional.empty();
        }
        Map<Path, Optional<String>> links = new LinkedHashMap<>();
        json.path("links")
                .properties()
                .forEach(link -> links.put(
                        Path.of(link.getKey()),
                        link.getValue().isString() ? Optional.of(link.getValue().asString()) : Optional.empty()));
        JsonNode service = json.path("serviceFile");
        return Optional.of(new Snapshot(
                String.valueOf(child.getFileName()),
                child,
                json.path("tool").asString(""),
                json.path("version").asString(""),
                json.path("sequence").asLong(0),
                Instant.parse(json.path("takenAt").asString()),
                links,
                service.isString() ? Optional.of(service.asString()) : Optional.empty(),
                DataCopy.read(json.path("data"))));
    }
}
