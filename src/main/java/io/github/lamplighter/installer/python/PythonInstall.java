package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A Python installation, combined from the package manager's record and the distribution on disk.
///
/// @param installer the package manager of the environment
/// @param environment a real path
/// @param name normalised
/// @param program the stable launcher
/// @param installRequest the recorded options of the install command
/// @param evidence from the package manager's record
/// @param damage why that record cannot be read, as a sentence; then the source is unknown
/// @param requirementSource the source according to that record
public record PythonInstall(
        InstallerKind installer,
        VirtualEnvironment environment,
        String name,
        Path program,
        InstallRequest installRequest,
        List<Evidence> evidence,
        Optional<String> damage,
        RequirementSource requirementSource) {

    public PythonInstall {
        evidence = List.copyOf(evidence);
    }

    /// The source according to the package manager's record. A missing `direct_url.json` proves little, because
    /// not every install writes one.
    public sealed interface RequirementSource {
        /// A name, resolved by an index.
        record ByName() implements RequirementSource {}

        /// Not from an index; `how` begins a sentence, without credentials.
        record FromElsewhere(String how) implements RequirementSource {}

        /// No record.
        record Unrecorded() implements RequirementSource {}
    }

    public Provenance provenance(AppDirectories directories) {
        return provenance(environment.named(name), directories);
    }

    /// @param distributions with its name; one, unless the environment is damaged
    public Provenance provenance(List<Distribution> distributions, AppDirectories directories) {
        List<Evidence> proof = new ArrayList<>(evidence);
        Optional<Distribution> found = distributions.stream().findFirst();
        String version = "";
        Origin origin = new Origin.Unknown(
                "%s is not installed in %s.".formatted(name, directories.display(environment.root())));
        if (found.isPresent()) {
            Distribution distribution = found.get();
            version = distribution.version();
            String metadata = directories.display(distribution.folder().resolve("METADATA"));
            proof.add(new Evidence(metadata, version.isEmpty() ? "contains no version" : "Version " + version));
            distribution
                    .installer()
                    .ifPresent(text -> proof.add(new Evidence(
                            directories.display(distribution.folder().resolve("INSTALLER")), text)));
            String directUrl = directories.display(distribution.directUrlFile());
            DirectUrl recorded = DirectUrl.read(distribution.directUrlFile(), directUrl);
            proof.add(new Evidence(directUrl, recorded.detail()));
            origin = version.isEmpty()
                    ? new Origin.Unknown("%s contains no version.".formatted(metadata), Cause.NOT_READ)
                    : recorded.origin() instanceof Origin.Index
                            ? ofAnIndex(distribution, directUrl)
                            : recorded.origin();
        }
        if (distributions.size() > 1) {
            // It is unknown which of the two is in use.
            version = "";
            origin = new Origin.Unknown(
                    "%s is installed twice in %s: %s and %s."
                            .formatted(
                                    name,
                                    directories.display(environment.root()),
                                    distributions.get(0).folder().getFileName(),
                                    distributions.get(1).folder().getFileName()),
                    Cause.NOT_AGREED);
        }
        if (damage.isPresent()) {
            origin = new Origin.Unknown(damage.get(), Cause.NOT_READ);
        }
        String requires = found.map(Distribution::requiresPython).orElse("");
        Provenance.Runtime runtime = environment.runtime(requires, directories, proof);
        return new Provenance(
                installer, name, environment.root(), program, version, origin, runtime, installRequest, proof);
    }

    /// An installation without `direct_url.json`: from an index, if another record confirms it.
    private Origin ofAnIndex(Distribution distribution, String directUrl) {
        return switch (requirementSource) {
            case RequirementSource.ByName() -> new Origin.Index();
            case RequirementSource.FromElsewhere(String how) ->
                new Origin.Unknown(
                        "%s, but %s is missing, so the installed source is not recorded.".formatted(how, directUrl));
            case RequirementSource.Unrecorded() ->
                distribution.installer().isPresent()
                        ? new Origin.Index()
                        : new Origin.Unknown(
                                "%s and INSTALLER are missing, so its source is not recorded.".formatted(directUrl));
        };
    }

    /// The subdirectory of the repository that was built, from disk or from earlier evidence.
    public static Optional<String> subdirectory(Provenance install) {
        return new VirtualEnvironment(install.environment())
                .named(install.packageName()).stream()
                        .findFirst()
                        .flatMap(distribution ->
                                DirectUrl.read(distribution.directUrlFile(), "").subdirectory())
                        .or(() -> install.evidence().stream()
                                .map(Evidence::detail)
                                .filter(detail -> detail.startsWith("url ") && detail.contains(DirectUrl.PART))
                                .map(detail ->
                                        detail.substring(detail.indexOf(DirectUrl.PART) + DirectUrl.PART.length()))
                                .findFirst());
    }

    /// The default branch of the recorded repository.
    public static String defaultBranch(Provenance from, Origin.Git origin) {
        return requirement(
                from,
                new UpgradeTarget.GitCommit(origin.url(), "", origin.commit(), from.version()),
                subdirectory(from));
    }

    /// The installed version as a target: a version of the index, or the recorded repository at the recorded
    /// revision. Empty for other sources.
    public static Optional<UpgradeTarget> same(Provenance install) {
        return switch (install.origin()) {
            case Origin.Index _ -> Optional.of(new UpgradeTarget.IndexVersion(install.version()));
            case Origin.Git git ->
                Optional.of(new UpgradeTarget.GitCommit(
                        git.url(), git.requestedRevision().orElse("HEAD"), git.commit(), install.version()));
            case Origin.Editable _,
                    Origin.LocalDirectory _,
                    Origin.Archive _,
                    Origin.Linked _,
                    Origin.SystemPackage _,
                    Origin.ReleaseFeed _,
                    Origin.Unknown _ -> Optional.empty();
        };
    }

    /// The requirement to install the same again, with the recorded specifier and extras. Empty for sources other than
    /// an index or a git repository.
    public static Optional<String> sameRequirement(Provenance install) {
        return same(install).map(target -> switch (target) {
            case UpgradeTarget.IndexVersion _ ->
                install.packageName()
                        + Requirement.bracketed(install.installRequest().extras())
                        + install.installRequest().specifier();
            case UpgradeTarget.GitCommit commit -> requirement(install, commit, subdirectory(install));
            case UpgradeTarget.ReleaseArchive _ -> install.packageName();
        });
    }

    /// Whether the specifier of the install command allows a version.
    public static boolean allows(Provenance install, String version) {
        String specifier = install.installRequest().specifier();
        return specifier.isEmpty()
                || VersionRange.pep440(specifier)
                        .filter(range -> range.accepts(Version.parse(Version.Scheme.PEP440, version)))
                        .isPresent();
    }

    /// `name[extras] @ git+URL@REVISION#subdirectory=…`, with the URL and the form of the revision as recorded.
    ///
    /// @throws IllegalArgumentException if the target is in another repository
    public static String requirement(Provenance from, UpgradeTarget.GitCommit target, Optional<String> subdirectory) {
        if (!(from.origin() instanceof Origin.Git git) || !git.url().equals(target.url())) {
            throw new IllegalArgumentException(from.packageName() + " was not installed from " + target.url());
        }
        boolean follows = git.requestedRevision().isEmpty() && target.revision().equals("HEAD");
        String revision = follows || target.revision().isEmpty() ? "" : "@" + target.revision();
        return "%s%s @ git+%s%s%s"
                .formatted(
                        from.packageName(),
                        Requirement.bracketed(from.installRequest().extras()),
                        git.url(),
                        revision,
                        subdirectory.map(folder -> "#subdirectory=" + folder).orElse(""));
    }
}
