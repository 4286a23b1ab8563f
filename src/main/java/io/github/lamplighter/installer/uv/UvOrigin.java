package io.github.lamplighter.installer.uv;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.python.DirectUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Combines two records of the origin: the receipt with the request, and `direct_url.json` with the result. If
/// they differ, the origin is unknown.
final class UvOrigin {

    private UvOrigin() {}

    /// @param onDisk the origin in `direct_url.json`
    /// @param receipt the path of the receipt, for display
    static Origin of(UvReceipt.Source asked, Origin onDisk, String receipt) {
        if (onDisk instanceof Origin.Unknown) {
            return onDisk;
        }
        return switch (asked) {
            case UvReceipt.Source.Index _ ->
                onDisk instanceof Origin.Index ? onDisk : disagree(receipt, "an index", onDisk);
            case UvReceipt.Source.Git git -> git(git, onDisk, receipt);
            case UvReceipt.Source.Archive(String url) ->
                onDisk instanceof Origin.Archive
                        ? onDisk
                        : alone(new Origin.Archive(DirectUrl.masked(url)), onDisk, receipt, url);
            case UvReceipt.Source.Directory(var directory) ->
                onDisk instanceof Origin.LocalDirectory
                        ? onDisk
                        : alone(new Origin.LocalDirectory(directory), onDisk, receipt, directory.toString());
            case UvReceipt.Source.Editable(var directory) ->
                onDisk instanceof Origin.Editable
                        ? onDisk
                        : alone(new Origin.Editable(directory), onDisk, receipt, directory.toString());
        };
    }

    private static Origin git(UvReceipt.Source.Git asked, Origin onDisk, String receipt) {
        String url = DirectUrl.masked(asked.url());
        if (onDisk instanceof Origin.Index) {
            return new Origin.Unknown(
                    "%s lists the repository %s, but the installed commit is not recorded.".formatted(receipt, url));
        }
        if (!(onDisk instanceof Origin.Git git) || !bare(git.url()).equals(bare(url))) {
            return disagree(receipt, url, onDisk);
        }
        // Before 0.5.23 uv wrote the revision only to the receipt.
        Optional<String> revision = git.requestedRevision().or(asked::revision);
        RevisionKind kind = switch (asked.key()) {
            case "branch" -> RevisionKind.BRANCH;
            case "tag" -> RevisionKind.TAG;
            default ->
                git.requestedRevision().isPresent() || revision.isEmpty()
                        ? git.kind()
                        : revision.filter(git.commit()::startsWith).isPresent()
                                ? RevisionKind.COMMIT
                                : RevisionKind.UNRESOLVED;
        };
        return new Origin.Git(git.url(), revision, kind, git.commit());
    }

    /// With `UV_NO_INSTALLER_METADATA` the receipt is the only record.
    private static Origin alone(Origin asked, Origin onDisk, String receipt, String what) {
        return onDisk instanceof Origin.Index ? asked : disagree(receipt, what, onDisk);
    }

    private static Origin disagree(String receipt, String asked, Origin onDisk) {
        return new Origin.Unknown(
                "According to %s it was installed from %s, but the installed package is from %s."
                        .formatted(receipt, DirectUrl.masked(asked), where(onDisk)),
                Origin.Unknown.Cause.NOT_AGREED);
    }

    private static String where(Origin origin) {
        return switch (origin) {
            case Origin.Index() -> "an index";
            case Origin.Git git -> git.url();
            case Origin.Editable(var directory) -> directory.toString();
            case Origin.LocalDirectory(var directory) -> directory.toString();
            case Origin.Archive(String url) -> url;
            case Origin.Linked(var directory) -> directory.toString();
            case Origin.SystemPackage(String manager, var _) -> manager;
            case Origin.ReleaseFeed feed -> feed.url();
            case Origin.Unknown(String why, var _) -> why;
        };
    }

    /// The common form of two spellings of a repository: pip decodes the URL of a local one.
    private static String bare(String url) {
        String decoded = url.contains("%")
                ? URLDecoder.decode(
                        url.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"), StandardCharsets.UTF_8)
                : url;
        return decoded.replaceFirst("/$", "").replaceFirst("\\.git$", "");
    }
}
