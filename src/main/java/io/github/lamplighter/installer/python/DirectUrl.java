package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// `direct_url.json` (PEP 610, "Direct URL Data Structure"): the source of a distribution if it is not an
/// index. Keys that are not in the specification (uv adds some) are ignored.
///
/// @param origin the recorded origin; `Unknown` if the file is invalid
/// @param subdirectory the part of the repository or folder that was built
/// @param detail the keys and values, as evidence
public record DirectUrl(Origin origin, Optional<String> subdirectory, String detail) {

    private static final Pattern USER =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)(?!git@[^/@\\s]*(?:[/\\s]|$))[^/\\s]*@");
    static final String PART = ", subdirectory ";

    private static final List<String> INFOS = List.of("vcs_info", "archive_info", "dir_info");

    /// @param display the file with `~` for the home folder
    public static DirectUrl read(Path file, String display) {
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent() ->
                new DirectUrl(new Origin.Index(), Optional.empty(), "file not found: it was installed from an index");
            case JsonFile.Content.Damaged(int line, int column, String message) ->
                unknown(display, line == 0 ? message : "not JSON at line %d, column %d".formatted(line, column));
            case JsonFile.Content.Present(JsonNode json) -> read(json, display);
        };
    }

    private static DirectUrl read(JsonNode json, String display) {
        Optional<String> url = text(json, "url").map(DirectUrl::masked);
        List<String> infos = INFOS.stream().filter(json::hasNonNull).toList();
        if (url.isEmpty()) {
            return unknown(display, "contains no `url`");
        }
        if (infos.size() != 1) {
            return unknown(
                    display,
                    infos.isEmpty()
                            ? "contains none of vcs_info, archive_info and dir_info"
                            : "contains both " + String.join(" and ", infos));
        }
        String info = infos.getFirst();
        if (!json.get(info).isObject()) {
            return unknown(display, "%s is not an object".formatted(info));
        }
        Optional<String> subdirectory = text(json, "subdirectory");
        return switch (info) {
            case "vcs_info" -> repository(json.get(info), url.get(), subdirectory, display);
            case "archive_info" ->
                new DirectUrl(new Origin.Archive(url.get()), subdirectory, "archive_info, url " + url.get());
            default -> directory(json.get(info), url.get(), subdirectory, display);
        };
    }

    private static DirectUrl directory(JsonNode info, String url, Optional<String> subdirectory, String display) {
        Optional<Path> directory = path(url);
        if (directory.isEmpty()) {
            return unknown(display, "the url %s is not a folder".formatted(url));
        }
        JsonNode said = info.path("editable");
        if (!said.isMissingNode() && !said.isBoolean()) {
            return unknown(display, "dir_info.editable is neither true nor false");
        }
        boolean editable = said.asBoolean(false);
        return new DirectUrl(
                editable ? new Origin.Editable(directory.get()) : new Origin.LocalDirectory(directory.get()),
                subdirectory,
                editable ? "dir_info.editable true, url " + url : "dir_info, url " + url);
    }

    private static DirectUrl repository(JsonNode info, String url, Optional<String> subdirectory, String display) {
        Optional<String> system = text(info, "vcs");
        if (system.isPresent() && !system.get().equals("git")) {
            return new DirectUrl(
                    new Origin.Unknown(
                            "According to %s it was installed from %s with %s. Only git repositories are checked for updates."
                                    .formatted(display, url, system.get()),
                            Origin.Unknown.Cause.NOT_FOLLOWED),
                    subdirectory,
                    "vcs_info.vcs %s, url %s".formatted(system.get(), url));
        }
        Optional<String> commit = text(info, "commit_id").filter(id -> id.matches("[0-9a-f]{40}|[0-9a-f]{64}"));
        if (system.isEmpty() || commit.isEmpty()) {
            return unknown(display, "vcs_info contains no git commit");
        }
        Optional<String> revision = text(info, "requested_revision");
        return new DirectUrl(
                new Origin.Git(url, revision, kind(revision, commit.get()), commit.get()),
                subdirectory,
                "url %s, %s, commit_id %s%s"
                        .formatted(
                                url,
                                revision.map(name -> "requested_revision " + name)
                                        .orElse("no requested_revision"),
                                commit.get(),
                                subdirectory.map(folder -> PART + folder).orElse("")));
    }

    /// The file doesn't record whether a name is a tag or a branch; a commit and a full ref name show it.
    private static RevisionKind kind(Optional<String> revision, String commit) {
        if (revision.isEmpty() || revision.get().equals("HEAD")) {
            return RevisionKind.DEFAULT;
        }
        String name = revision.get();
        if (name.length() >= 7 && commit.startsWith(name)) {
            return RevisionKind.COMMIT;
        }
        return name.startsWith("refs/tags/")
                ? RevisionKind.TAG
                : name.startsWith("refs/heads/") ? RevisionKind.BRANCH : RevisionKind.UNRESOLVED;
    }

    private static DirectUrl unknown(String display, String why) {
        return new DirectUrl(
                new Origin.Unknown("Could not read %s: %s.".formatted(display, why), Origin.Unknown.Cause.NOT_READ),
                Optional.empty(),
                why);
    }

    /// The text without the users and passwords in its URLs; `git@` of an ssh URL is kept.
    public static String masked(String text) {
        return USER.matcher(text).replaceAll("$1");
    }

    private static Optional<Path> path(String url) {
        try {
            return url.startsWith("file:")
                    ? Optional.of(Path.of(URI.create(url.replaceFirst("^file://localhost/", "file:///"))))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode node, String key) {
        JsonNode value = node.get(key);
        return value != null && value.isString() && !value.stringValue().isEmpty()
                ? Optional.of(value.stringValue())
                : Optional.empty();
    }
}
