package io.github.lamplighter.installer;

import io.github.lamplighter.text.Evidence;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How a tool was installed: package manager, origin and version on disk, with evidence.
///
/// @param installer the package manager of the environment
/// @param packageName as the package manager knows it (`@scope/x`, or PEP 503 normalised)
/// @param environment its folder, as a real path: a virtual environment, or `node_modules/NAME`
/// @param program the launcher that the user's shell would run, absolute, links not followed
/// @param version on disk, as written there
/// @param origin its source
/// @param runtime its interpreter
/// @param installRequest the options of the install command
/// @param evidence the sources of this data
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

    /// An installation without recorded options.
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

    /// The same installation in another folder.
    public Provenance in(Path folder) {
        return new Provenance(
                installer, packageName, folder, program, version, origin, runtime, installRequest, evidence);
    }

    /// A copy with a more precise origin.
    public Provenance withOrigin(Origin better) {
        return new Provenance(
                installer, packageName, environment, program, version, better, runtime, installRequest, evidence);
    }

    /// A copy with the revision kind of an earlier answer for the same revision at the same commit.
    ///
    /// @param before the last known provenance; only called if it can help
    public Provenance withKnownRevision(Supplier<Optional<Provenance>> before) {
        if (!(origin instanceof Origin.Git git) || git.kind() != Origin.RevisionKind.UNRESOLVED) {
            return this;
        }
        return before.get()
                .filter(last -> last.origin() instanceof Origin.Git told && told.equals(git.withKind(told.kind())))
                .map(last -> withOrigin(last.origin()))
                .orElse(this);
    }

    /// The Node, Python or Java of a tool.
    ///
    /// @param name `node`, `python` or `java`
    /// @param program the interpreter, absolute; it may be missing
    /// @param version empty if unknown
    /// @param requires the version range of the package (`engines.node`, `Requires-Python`), or empty
    public record Runtime(String name, Path program, String version, String requires) {}
}
