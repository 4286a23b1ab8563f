package io.github.lamplighter.doctor;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.JsonTimestamps;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON of provenance, origin and verdict, the same in every command (docs/schemas/envelope-1.json).
public final class ProvenanceJson {

    private ProvenanceJson() {}

    public static ObjectNode provenance(Provenance provenance) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("installer", provenance.installer().word());
        json.set("origin", origin(provenance.origin()));
        json.put("version", provenance.version());
        json.set("evidence", ReportJson.evidence(provenance.evidence()));
        return json;
    }

    /// The contract's word for a kind of source.
    public static String kind(Origin origin) {
        return switch (origin) {
            case Origin.Index _ -> "index";
            case Origin.Git _ -> "git";
            case Origin.Editable _ -> "editable";
            case Origin.LocalDirectory _ -> "local-directory";
            case Origin.Archive _ -> "archive";
            case Origin.Linked _ -> "linked";
            case Origin.SystemPackage _ -> "system-package";
            case Origin.ReleaseFeed _ -> "release-feed";
            case Origin.Unknown _ -> "unknown";
        };
    }

    public static ObjectNode origin(Origin origin) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode().put("kind", kind(origin));
        switch (origin) {
            case Origin.Index _ -> {}
            case Origin.Git git -> {
                json.put("url", git.url());
                git.requestedRevision()
                        .ifPresentOrElse(
                                revision -> json.put("requestedRevision", revision),
                                () -> json.putNull("requestedRevision"));
                if (git.kind() == Origin.RevisionKind.UNRESOLVED) {
                    json.putNull("revisionKind");
                } else {
                    json.put("revisionKind", git.kind().name().toLowerCase(Locale.ROOT));
                }
                json.put("commit", git.commit());
            }
            case Origin.Editable(var directory) -> json.put("directory", directory.toString());
            case Origin.LocalDirectory(var directory) -> json.put("directory", directory.toString());
            case Origin.Archive(var url) -> json.put("url", url);
            case Origin.Linked(var directory) -> json.put("directory", directory.toString());
            case Origin.SystemPackage(var manager, var command) ->
                json.put("manager", manager).put("command", command);
            case Origin.ReleaseFeed feed ->
                json.put("url", feed.url())
                        .put("key", feed.key())
                        .put("package", feed.kind())
                        .put("platform", feed.platform());
            case Origin.Unknown(var why, var _) -> json.put("reason", why);
        }
        return json;
    }

    public static ObjectNode verdict(Verdict verdict) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        switch (verdict) {
            case Verdict.Current current -> json.put("kind", "current").put("newest", current.newest());
            case Verdict.Outdated outdated -> {
                json.put("kind", "outdated").put("to", outdated.upgradeTarget().label());
                outdated.publishedAt()
                        .ifPresentOrElse(
                                at -> json.put("publishedAt", JsonTimestamps.of(at.toInstant(), at.getOffset())),
                                () -> json.putNull("publishedAt"));
            }
            case Verdict.Ahead(var newest) -> json.put("kind", "ahead").put("newest", newest);
            case Verdict.Pinned pinned -> json.put("kind", "pinned").put("reason", pinned.why());
            case Verdict.NotCheckable not -> json.put("kind", "not-checkable").put("reason", not.why());
        }
        if (!verdict.notTaken().isEmpty()) {
            ArrayNode newer = json.putArray("notTaken");
            verdict.notTaken()
                    .forEach(one -> newer.addObject()
                            .put("version", one.version())
                            .put("reason", one.reason().word())
                            .put("title", one.title()));
        }
        return json;
    }
}
