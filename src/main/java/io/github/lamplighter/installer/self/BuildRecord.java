package io.github.lamplighter.installer.self;

import io.github.lamplighter.file.JsonFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a build of Lamplighter is, as the build itself recorded it in `lib/build.json`: the counterpart of PEP 610 for
/// Lamplighter's own packages (docs/schemas/build-1.json).
///
/// @param version the version of the build
/// @param commit the built commit, 40 hex digits
/// @param platform system and architecture: `linux-x86_64`
/// @param feed the feed of its releases; empty if the build was given none
public record BuildRecord(PackageKind kind, String version, String commit, String platform, Optional<SignedFeed> feed) {

    static final String SCHEMA = "lamplighter.build/1";

    private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z.+-]{0,63}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+-[a-z0-9_]+");

    /// The kinds of packages that are built.
    public enum PackageKind {
        DEB,
        RPM,
        TAR,
        APP;

        /// The word in the record and in the feed.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<PackageKind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }
    }

    /// @param url of `releases.json`
    /// @param key the raw Ed25519 public key that its signature must match, in base64
    public record SignedFeed(String url, String key) {}

    /// The result of reading a record.
    public sealed interface Reading {
        record Found(BuildRecord record) implements Reading {}

        /// The record is missing or damaged; `why` is a phrase.
        record Damaged(String why) implements Reading {}
    }

    /// Where the record is in the folder of a package.
    public static Path in(Path image) {
        return image.resolve("lib/build.json");
    }

    /// Reads a record. Nothing is guessed: a record with a missing or impossible value is damaged.
    public static Reading read(Path file) {
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent _ -> new Reading.Damaged("the file does not exist");
            case JsonFile.Content.Damaged(int line, int column, String message) ->
                new Reading.Damaged(line == 0 ? message : "line %d, column %d: %s".formatted(line, column, message));
            case JsonFile.Content.Present(JsonNode json) -> parse(json);
        };
    }

    private static Reading parse(JsonNode json) {
        if (!text(json, "schema").equals(SCHEMA)) {
            return new Reading.Damaged("`schema` is not `%s`".formatted(SCHEMA));
        }
        Optional<PackageKind> kind = PackageKind.of(text(json, "kind"));
        if (kind.isEmpty()) {
            return new Reading.Damaged("`kind` is not deb, rpm, tar or app");
        }
        for (var form : java.util.Map.of("version", VERSION, "commit", COMMIT, "platform", PLATFORM)
                .entrySet()) {
            if (!form.getValue().matcher(text(json, form.getKey())).matches()) {
                return new Reading.Damaged("`%s` is missing or not valid".formatted(form.getKey()));
            }
        }
        if (json.has("feed") != json.has("key")) {
            return new Reading.Damaged("`feed` and `key` must both be there, or neither");
        }
        Optional<SignedFeed> feed = json.has("feed")
                ? Optional.of(new SignedFeed(text(json, "feed"), text(json, "key")))
                : Optional.empty();
        return new Reading.Found(
                new BuildRecord(kind.get(), text(json, "version"), text(json, "commit"), text(json, "platform"), feed));
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asString("");
    }
}
