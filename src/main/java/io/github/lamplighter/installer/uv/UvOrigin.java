package io.github.lamplighter.installer.uv;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.python.DirectUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Two records of one origin: the receipt says what was asked for, `direct_url.json` what was installed. Where they
/// speak of different places, neither is believed.
final class UvOrigin {

    private UvOrigin() {}

    /// @param onDisk what `direct_url.json` says
    /// @param receipt the receipt as a person writes it
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
            return new Origin.Unknown("%s names the repository %s, but nothing records which commit of it is installed."
                    .formatted(receipt, url));
        }
        if (!(onDisk instanceof Origin.Git git) || !bare(git.url()).equals(bare(url))) {
            return disagree(receipt, url, onDisk);
        }
        // Before 0.5.23 uv wrote the revision into the receipt alone.
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

    /// `UV_NO_INSTALLER_METADATA` leaves the receipt as the only record.
    private static Origin alone(Origin asked, Origin onDisk, String receipt, String what) {
        return onDisk instanceof Origin.Index ? asked : disagree(receipt, what, onDisk);
    }

    private static Origin disagree(String receipt, String asked, Origin onDisk) {
        return new Origin.Unknown(
                "%s says that it came from %s, but what is installed came from %s."
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
            case Origin.Unknown(String why, var _) -> why;
        };
    }

    /// What two spellings of one repository have in common: pip decodes the address of a local one.
    private static String bare(String url) {
        String decoded = url.contains("%")
                ? URLDecoder.decode(
                        url.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"), StandardCharsets.UTF_8)
                : url;
        return decoded.replaceFirst("/$", "").replaceFirst("\\.git$", "");
    }
}
