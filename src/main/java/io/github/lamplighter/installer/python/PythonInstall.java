package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Requested;
import io.github.lamplighter.installer.Target;
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
public record PythonInstall(
        InstallerKind installer,
        VirtualEnvironment environment,
        String name,
        Path program,
        Requested requested,
        List<Evidence> evidence,
        Optional<String> damage) {

    public PythonInstall {
        evidence = List.copyOf(evidence);
    }

    public Provenance provenance(Places places) {
        return provenance(environment.named(name), places);
    }

    /// @param distributions those that could be meant; one, unless the environment is damaged
    public Provenance provenance(List<Distribution> distributions, Places places) {
        List<Evidence> proof = new ArrayList<>(evidence);
        Optional<Distribution> found = distributions.stream().findFirst();
        String version = "";
        Origin origin = new Origin.Unknown("There is no %s in %s.".formatted(name, places.display(environment.root())));
        if (found.isPresent()) {
            Distribution distribution = found.get();
            version = distribution.version();
            String metadata = places.display(distribution.folder().resolve("METADATA"));
            proof.add(new Evidence(metadata, version.isEmpty() ? "names no version" : "Version " + version));
            distribution
                    .installer()
                    .ifPresent(text -> proof.add(
                            new Evidence(places.display(distribution.folder().resolve("INSTALLER")), text)));
            String directUrl = places.display(distribution.directUrlFile());
            DirectUrl recorded = DirectUrl.read(distribution.directUrlFile(), directUrl);
            proof.add(new Evidence(directUrl, recorded.detail()));
            origin = version.isEmpty()
                    ? new Origin.Unknown("%s names no version.".formatted(metadata))
                    : recorded.origin();
        }
        if (distributions.size() > 1) {
            origin = new Origin.Unknown("%s is there twice in %s: %s and %s."
                    .formatted(
                            name,
                            places.display(environment.root()),
                            distributions.get(0).folder().getFileName(),
                            distributions.get(1).folder().getFileName()));
        }
        if (damage.isPresent()) {
            origin = new Origin.Unknown(damage.get());
        }
        String requires = found.map(Distribution::requiresPython).orElse("");
        Provenance.Runtime runtime = environment.runtime(requires, places, proof);
        return new Provenance(installer, name, environment.root(), program, version, origin, runtime, requested, proof);
    }

    /// `name[extras] @ git+URL@REVISION#subdirectory=…`: the address, and the form of the revision, as they were
    /// recorded.
    ///
    /// @throws IllegalArgumentException when the target is not of the recorded repository
    public static String requirement(Provenance from, Target.GitCommit target, Optional<String> subdirectory) {
        if (!(from.origin() instanceof Origin.Git git) || !git.url().equals(target.url())) {
            throw new IllegalArgumentException(from.packageName() + " did not come from " + target.url());
        }
        boolean follows = git.requestedRevision().isEmpty() && target.revision().equals("HEAD");
        String revision = follows || target.revision().isEmpty() ? "" : "@" + target.revision();
        return "%s%s @ git+%s%s%s"
                .formatted(
                        from.packageName(),
                        Requirement.bracketed(from.requested().extras()),
                        git.url(),
                        revision,
                        subdirectory.map(folder -> "#subdirectory=" + folder).orElse(""));
    }
}
