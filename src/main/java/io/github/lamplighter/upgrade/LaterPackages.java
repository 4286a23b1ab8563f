package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.Requirement;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was installed into an environment besides the tool since a previous version was replaced. A rollback
/// undoes that, too.
final class LaterPackages {

    private LaterPackages() {}

    /// A sentence for each package.
    ///
    /// @param now the installed version
    static List<String> of(Installer installer, Provenance now, Snapshot kept) {
        return now.installer() == InstallerKind.NPM
                ? ofNpm(installer, now, kept)
                : ofPython(
                        now.packageName(),
                        new VirtualEnvironment(now.environment()),
                        new VirtualEnvironment(kept.environment()),
                        kept.version());
    }

    private static List<String> ofNpm(Installer installer, Provenance now, Snapshot kept) {
        List<String> before = installer.unrecorded(now.in(kept.environment()));
        return installer.unrecorded(now).stream()
                .filter(added -> !before.contains(added))
                .map(added -> removed(added, kept.version()))
                .toList();
    }

    static List<String> ofPython(
            String packageName, VirtualEnvironment now, VirtualEnvironment kept, String keptVersion) {
        Map<String, String> before = kept.distributions().stream()
                .collect(Collectors.toMap(Distribution::name, Distribution::version, (one, _) -> one));
        return now.addedTo(List.of(Requirement.parse(packageName))).stream()
                .flatMap(added -> {
                    String version = before.getOrDefault(added.name(), "");
                    return version.equals(added.version())
                            ? Stream.empty()
                            : Stream.of(
                                    version.isEmpty()
                                            ? removed(added.name() + " " + added.version(), keptVersion)
                                            : "Will be changed: %s %s → %s."
                                                    .formatted(added.name(), added.version(), version));
                })
                .toList();
    }

    private static String removed(String added, String keptVersion) {
        return "Will be removed: %s. It was installed after %s was replaced.".formatted(added, keptVersion);
    }
}
