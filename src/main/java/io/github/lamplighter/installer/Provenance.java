package io.github.lamplighter.installer;

import io.github.lamplighter.text.Evidence;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How one tool got onto this machine: installer, origin and version on disk, each with its evidence.
///
/// @param installer who owns the environment
/// @param packageName as the package manager knows it (`@scope/x`, or PEP 503 normalised)
/// @param environment the folder that the installer owns for it, as a real path: a virtual environment, or
///     `node_modules/NAME`
/// @param program the stable launcher: what the user's shell would run, absolute, links not followed
/// @param version on disk now, as written there
/// @param origin where it came from
/// @param runtime the interpreter that it is tied to
/// @param requested what the user asked for, beyond the name
/// @param evidence what all of this rests on
public record Provenance(
        InstallerKind installer,
        String packageName,
        Path environment,
        Path program,
        String version,
        Origin origin,
        Runtime runtime,
        InstallRequest installRequest,
        List<Evidence> evidence) {

    public Provenance {
        evidence = List.copyOf(evidence);
    }

    /// An install of which nothing but the name was asked, or recorded.
    public Provenance(
            InstallerKind installer,
            String packageName,
            Path environment,
            Path program,
            String version,
            Origin origin,
            Runtime runtime,
            List<Evidence> evidence) {
        this(installer, packageName, environment, program, version, origin, runtime, InstallRequest.PLAIN, evidence);
    }

    /// The same install, with what is better known of its origin.
    public Provenance withOrigin(Origin better) {
        return new Provenance(
                installer, packageName, environment, program, version, better, runtime, installRequest, evidence);
    }

    /// The same install, with what its source said before of the same revision at the same commit.
    ///
    /// @param before how it was seen last; only asked for where that can tell
    public Provenance withKnownRevision(Supplier<Optional<Provenance>> before) {
        if (!(origin instanceof Origin.Git git) || git.kind() != Origin.RevisionKind.UNRESOLVED) {
            return this;
        }
        return before.get()
                .filter(last -> last.origin() instanceof Origin.Git told && told.equals(git.withKind(told.kind())))
                .map(last -> withOrigin(last.origin()))
                .orElse(this);
    }

    /// The Node, Python or Java that a tool is tied to.
    ///
    /// @param name `node`, `python` or `java`
    /// @param program the interpreter, absolute; it may be gone
    /// @param version empty when it could not be read
    /// @param requires the package's own floor (`engines.node`, `Requires-Python`), empty when it names none
    public record Runtime(String name, Path program, String version, String requires) {}
}
