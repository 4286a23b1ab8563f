package io.github.lamplighter.installer.venv;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// `direct_url.json` (PEP 610, "Direct URL Data Structure"): where a distribution came from when it was not an
/// index.
///
/// @param origin what it says, `Unknown` when it makes no sense
/// @param subdirectory the part of the repository or folder that was built
/// @param detail the key and value that it rests on
record DirectUrl(Origin origin, Optional<String> subdirectory, String detail) {

    /// @param display the file as a person writes it
    static DirectUrl read(Path file, String display) {
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent() ->
                new DirectUrl(new Origin.Index(), Optional.empty(), "there is no such file: it came from an index");
            case JsonFile.Content.Damaged(int line, int column, String _) ->
                unknown(display, "it is not JSON at line %d, column %d".formatted(line, column));
            case JsonFile.Content.Present(JsonNode json) -> read(json, display);
        };
    }

    private static DirectUrl read(JsonNode json, String display) {
        Optional<String> url = text(json, "url").map(DirectUrl::withoutUser);
        long infos = Stream.of("vcs_info", "archive_info", "dir_info")
                .filter(json::hasNonNull)
                .count();
        if (url.isEmpty() || infos != 1) {
            return unknown(display, "it needs a `url` and one of vcs_info, archive_info and dir_info");
        }
        Optional<String> subdirectory = text(json, "subdirectory");
        if (json.hasNonNull("vcs_info")) {
            return git(json.get("vcs_info"), url.get(), subdirectory, display);
        }
        if (json.hasNonNull("archive_info")) {
            return new DirectUrl(new Origin.Archive(url.get()), subdirectory, "archive_info, url " + url.get());
        }
        Optional<Path> directory = directory(url.get());
        if (directory.isEmpty()) {
            return unknown(display, "its url %s is not a folder".formatted(url.get()));
        }
        boolean editable = json.get("dir_info").path("editable").asBoolean(false);
        return new DirectUrl(
                editable ? new Origin.Editable(directory.get()) : new Origin.LocalDirectory(directory.get()),
                subdirectory,
                editable ? "dir_info.editable true, url " + url.get() : "dir_info, url " + url.get());
    }

    private static DirectUrl git(JsonNode info, String url, Optional<String> subdirectory, String display) {
        Optional<String> commit = text(info, "commit_id").filter(id -> id.matches("[0-9a-f]{40}|[0-9a-f]{64}"));
        if (!text(info, "vcs").filter("git"::equals).isPresent() || commit.isEmpty()) {
            return unknown(display, "vcs_info names no commit of git");
        }
        Optional<String> revision = text(info, "requested_revision");
        RevisionKind kind = revision.isEmpty()
                ? RevisionKind.DEFAULT
                : revision.equals(commit) ? RevisionKind.COMMIT : RevisionKind.UNRESOLVED;
        return new DirectUrl(
                new Origin.Git(url, revision, kind, commit.get()),
                subdirectory,
                "url %s, %s, commit_id %s"
                        .formatted(
                                url,
                                revision.map(name -> "requested_revision " + name)
                                        .orElse("no requested_revision"),
                                commit.get()));
    }

    private static DirectUrl unknown(String display, String why) {
        return new DirectUrl(
                new Origin.Unknown("%s cannot be read: %s.".formatted(display, why)), Optional.empty(), why);
    }

    /// Credentials do not belong into a record; `git@` of an ssh address is a name, not a secret.
    private static String withoutUser(String url) {
        return url.replaceFirst("^([a-z+]+://)(?!git@)[^/@]*@", "$1");
    }

    private static Optional<Path> directory(String url) {
        try {
            return url.startsWith("file:") ? Optional.of(Path.of(URI.create(url))) : Optional.empty();
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
