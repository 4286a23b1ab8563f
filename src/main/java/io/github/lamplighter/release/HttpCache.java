package io.github.lamplighter.release;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.Digest;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Cached HTTP responses, one file each: a line of JSON, then the body. An entry is only used after its server
/// validated it (RFC 9111, "Validation"), or did so a moment ago. Damaged entries are ignored.
final class HttpCache {

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int FORM = 1;

    private final Path folder;
    private final InstantSource clock;
    private final Duration maximumAge;

    /// @param maximumAge of an entry that needs no validation
    HttpCache(Path folder, InstantSource clock, Duration maximumAge) {
        this.folder = folder;
        this.clock = clock;
        this.maximumAge = maximumAge;
    }

    /// @param tag the validator `ETag`, if the server gave one
    /// @param changed the validator `Last-Modified`, as it was written
    /// @param seen when the server last validated it
    record Entry(HttpFetcher.Document document, Optional<String> tag, Optional<String> changed, Instant seen) {}

    /// @param key identifies the document, including credentials; only its hash is stored
    Optional<Entry> read(String key) {
        try {
            Path file = file(key);
            byte[] all = Files.readAllBytes(file);
            int end = 0;
            while (end < all.length && all[end] != '\n') {
                end++;
            }
            if (end == all.length) {
                return Optional.empty();
            }
            JsonNode head = JsonFile.MAPPER.readTree(all, 0, end);
            byte[] body = Arrays.copyOfRange(all, end + 1, all.length);
            if (head.path("form").asInt(0) != FORM
                    || !head.path("sha256").asString("").equals(Digest.hex(body))) {
                return Optional.empty();
            }
            return Optional.of(new Entry(
                    new HttpFetcher.Document(
                            URI.create(head.path("address").asString("")),
                            head.path("type").asString(""),
                            head.path("encoding").asString(""),
                            body),
                    text(head, "tag"),
                    text(head, "changed"),
                    Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Stores a document. Without a validator it is only used while it is fresh. If the disk is full or read-only, the
    /// next request is a full one.
    void write(String key, HttpFetcher.Document document, Optional<String> tag, Optional<String> changed) {
        ObjectNode head = JsonFile.MAPPER.createObjectNode();
        head.put("form", FORM)
                .put("address", document.address().toString())
                .put("type", document.type())
                .put("encoding", document.encoding())
                .put("sha256", Digest.hex(document.body()));
        tag.ifPresent(value -> head.put("tag", value));
        changed.ifPresent(value -> head.put("changed", value));
        byte[] line = (head.toString() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(line, line.length + document.body().length);
        System.arraycopy(document.body(), 0, all, line.length, document.body().length);
        try {
            AtomicFile.write(file(key), all, AtomicFile.PRIVATE);
            dropOld();
        } catch (IOException e) {
            // The next run fetches the whole document again.
        }
    }

    /// Whether the server validated an entry so recently that it is not asked again.
    boolean isFresh(Entry entry) {
        Duration age = Duration.between(entry.seen(), clock.instant());
        return !age.isNegative() && age.compareTo(maximumAge) < 0;
    }

    /// Records that the server validated an entry.
    void touch(String key) {
        try {
            Files.setLastModifiedTime(file(key), FileTime.from(clock.instant()));
        } catch (IOException e) {
            // Then it is dropped earlier.
        }
    }

    private void dropOld() throws IOException {
        Instant oldest = clock.instant().minus(KEPT);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path file(String key) {
        return folder.resolve(Digest.hex(key));
    }

    private static Optional<String> text(JsonNode head, String key) {
        return Releases.nonEmpty(head.path(key).asString(""));
    }
}
