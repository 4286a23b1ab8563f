package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.text.Evidence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known of one Python tool, put together from the package manager's own record and the distribution on disk.
///
/// @param installer who owns the environment
/// @param environment a real path
/// @param name normalised
/// @param program the stable launcher
/// @param requested what the package manager says was asked for
/// @param evidence what the package manager's record says
/// @param damage why that record cannot be read, as a sentence; the source is then not guessed
/// @param asked what that record says of where it came from
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

    /// What the package manager's own record says of the source. Not every install leaves a `direct_url.json`, so its
    /// absence alone says little.
    public sealed interface RequirementSource {
        /// A name, to be looked up in an index.
        record ByName() implements RequirementSource {}

        /// Not from an index; `how` begins a sentence, without credentials.
        record FromElsewhere(String how) implements RequirementSource {}

        /// There is no such record.
        record Unrecorded() implements RequirementSource {}
    }

    public Provenance provenance(AppDirectories directories) {
        return provenance(environment.named(name), directories);
    }

    /// @param distributions those that could be meant; one, unless the environment is damaged
    public Provenance provenance(List<Distribution> distributions, AppDirectories directories) {
        List<Evidence> proof = new ArrayList<>(evidence);
        Optional<Distribution> found = distributions.stream().findFirst();
        String version = "";
        Origin origin =
                new Origin.Unknown("There is no %s in %s.".formatted(name, directories.display(environment.root())));
        if (found.isPresent()) {
            Distribution distribution = found.get();
            version = distribution.version();
            String metadata = directories.display(distribution.folder().resolve("METADATA"));
            proof.add(new Evidence(metadata, version.isEmpty() ? "names no version" : "Version " + version));
            distribution
                    .installer()
                    .ifPresent(text -> proof.add(new Evidence(
                            directories.display(distribution.folder().resolve("INSTALLER")), text)));
            String directUrl = directories.display(distribution.directUrlFile());
            DirectUrl recorded = DirectUrl.read(distribution.directUrlFile(), directUrl);
            proof.add(new Evidence(directUrl, recorded.detail()));
            origin = version.isEmpty()
                    ? new Origin.Unknown("%s names no version.".formatted(metadata), Cause.NOT_READ)
                    : recorded.origin() instanceof Origin.Index
                            ? ofAnIndex(distribution, directUrl)
                            : recorded.origin();
        }
        if (distributions.size() > 1) {
            // Which of the two is in use, nothing says.
            version = "";
            origin = new Origin.Unknown(
                    "%s is there twice in %s: %s and %s."
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

    /// An install without `direct_url.json`: of an index, unless nothing but its absence says so.
    private Origin ofAnIndex(Distribution distribution, String directUrl) {
        return switch (requirementSource) {
            case RequirementSource.ByName() -> new Origin.Index();
            case RequirementSource.FromElsewhere(String how) ->
                new Origin.Unknown(
                        "%s, but %s is not there: nothing records what was installed.".formatted(how, directUrl));
            case RequirementSource.Unrecorded() ->
                distribution.installer().isPresent()
                        ? new Origin.Index()
                        : new Origin.Unknown(
                                "%s is not there, and no INSTALLER either: whoever installed it kept no record."
                                        .formatted(directUrl));
        };
    }

    /// The part of the repository that was built: as it stands on disk, else as it stood there.
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

    /// What is installed, asked for in the way in which it was: a version of the index, or the recorded
    /// repository at the recorded revision. Empty where it came from neither.
    public static Optional<UpgradeTarget> same(Provenance install) {
        return switch (install.origin()) {
            case Origin.Index _ -> Optional.of(new UpgradeTarget.IndexVersion(install.version()));
            case Origin.Git git ->
                Optional.of(new UpgradeTarget.GitCommit(
                        git.url(), git.requestedRevision().orElse("HEAD"), git.commit(), install.version()));
            case Origin.Editable _, Origin.LocalDirectory _, Origin.Archive _, Origin.Linked _, Origin.Unknown _ ->
                Optional.empty();
        };
    }

    /// `name[extras] @ git+URL@REVISION#subdirectory=…`: the address, and the form of the revision, as they were
    /// recorded.
    ///
    /// @throws IllegalArgumentException when the target is not of the recorded repository
    public static String requirement(Provenance from, UpgradeTarget.GitCommit target, Optional<String> subdirectory) {
        if (!(from.origin() instanceof Origin.Git git) || !git.url().equals(target.url())) {
            throw new IllegalArgumentException(from.packageName() + " did not come from " + target.url());
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
