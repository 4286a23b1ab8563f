package io.github.lamplighter.installer.self;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.self.BuildRecord.Reading;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Lamplighter's own installation: a checkout that builds itself, or a package, as its build recorded it.
public final class SelfInstaller implements Installer {

    private static final String NAME = "lamplighter";

    /// The Java that this program needs; a package contains it.
    private static final String JAVA = ">=25";

    private final AppDirectories directories;
    private final ThisProgram self;
    private final VersionFolders folders;

    /// The running program.
    ///
    /// @param launcher that starts it, absolute
    /// @param build the record of its build; empty for a checkout
    /// @param java the Java that runs it
    public record ThisProgram(Path launcher, Optional<Path> build, String version, Path java, String javaVersion) {

        /// The checkout, or the folder of the package.
        Path root() {
            return build.map(file -> parent(parent(file))).orElseGet(() -> parent(launcher));
        }
    }

    public SelfInstaller(AppDirectories directories, ThisProgram self) {
        this.directories = directories;
        this.self = self;
        this.folders = new VersionFolders(directories);
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.SELF;
    }

    @Override
    public List<Provenance> installed() {
        return List.of(self.build().isEmpty() ? checkout() : packaged());
    }

    private Provenance checkout() {
        Path root = self.root();
        boolean git = Files.exists(root.resolve(".git"));
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence(directories.display(self.launcher()), "this program, version " + self.version()));
        evidence.add(new Evidence(
                directories.display(root),
                git
                        ? "a git checkout"
                                + GitHead.commit(root)
                                        .map(commit -> ", commit " + commit.substring(0, 7))
                                        .orElse("")
                        : "a source folder"));
        return new Provenance(
                InstallerKind.SELF,
                NAME,
                root,
                self.launcher(),
                self.version(),
                git ? new Origin.Editable(root) : new Origin.LocalDirectory(root),
                new Provenance.Runtime("java", self.java(), self.javaVersion(), JAVA),
                evidence);
    }

    /// With versions side by side, the one in use is what is installed: a process of another version may ask.
    private Provenance packaged() {
        Path image = Optional.of(self.root())
                .filter(folders::contains)
                .flatMap(_ -> folders.inUse())
                .orElseGet(self::root);
        Path record = BuildRecord.in(image);
        String shown = directories.display(record);
        return switch (BuildRecord.read(record)) {
            case Reading.Damaged(String why) ->
                provenance(
                        image,
                        image.equals(self.root()) ? self.version() : "",
                        new Origin.Unknown(
                                "Could not read %s: %s.".formatted(shown, why), Origin.Unknown.Cause.NOT_READ),
                        List.of(new Evidence(shown, why)));
            case Reading.Found(BuildRecord build) ->
                provenance(
                        image,
                        build.version(),
                        origin(build, image),
                        List.of(
                                new Evidence(
                                        shown,
                                        "%s package, version %s, commit %.7s"
                                                .formatted(build.kind().word(), build.version(), build.commit())),
                                new Evidence(directories.display(self.launcher()), "this program")));
        };
    }

    private Provenance provenance(Path image, String version, Origin origin, List<Evidence> evidence) {
        boolean itself = image.equals(self.root());
        Path java = itself ? self.java() : image.resolve("lib/runtime/bin/java");
        return new Provenance(
                InstallerKind.SELF,
                NAME,
                image,
                self.launcher(),
                version,
                origin,
                new Provenance.Runtime("java", java, itself ? self.javaVersion() : javaVersion(image), ""),
                evidence);
    }

    private Origin origin(BuildRecord build, Path image) {
        return switch (build.kind()) {
            case DEB -> new Origin.SystemPackage("apt", "sudo apt install --only-upgrade lamplighter");
            case RPM -> rpm();
            case TAR, APP ->
                build.feed()
                        .<Origin>map(feed -> new Origin.ReleaseFeed(
                                feed.url(), feed.key(), build.kind().word(), build.platform()))
                        .orElseGet(() ->
                                new Origin.Archive("lamplighter-%s-%s".formatted(build.version(), build.platform())));
        };
    }

    private static Origin.SystemPackage rpm() {
        return Files.exists(Path.of("/usr/bin/zypper")) && !Files.exists(Path.of("/usr/bin/dnf"))
                ? new Origin.SystemPackage("zypper", "sudo zypper update lamplighter")
                : new Origin.SystemPackage("dnf", "sudo dnf upgrade lamplighter");
    }

    /// As the JDK records it in its file `release`.
    private static String javaVersion(Path image) {
        try (Stream<String> lines = Files.lines(image.resolve("lib/runtime/release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
                    .findFirst()
                    .orElse("");
        } catch (IOException | java.io.UncheckedIOException _) {
            return "";
        }
    }

    @Override
    public Optional<Provenance> owner(Path asked) {
        return asked.equals(self.launcher()) ? Optional.of(installed().getFirst()) : Optional.empty();
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        throw new IllegalArgumentException("no package manager installs Lamplighter's own versions");
    }

    @Override
    public RepairCommands repairCommands(Provenance install, RepairCommands.Need need) {
        return switch (install.origin()) {
            case Origin.SystemPackage(String manager, var _) ->
                new RepairCommands.Commands(new RepairCommands.Line(
                        Map.of(),
                        manager.equals("apt")
                                ? List.of("sudo", "apt", "install", "--reinstall", NAME)
                                : List.of("sudo", manager, manager.equals("zypper") ? "install" : "reinstall", NAME)));
            case Origin.Editable _, Origin.LocalDirectory _ ->
                new RepairCommands.NoCommand("Reinstall Lamplighter from its original source");
            default -> new RepairCommands.NoCommand("Download the package again, and run its `self install`");
        };
    }

    @Override
    public Path stageRoot(Provenance provenance) {
        return folders.versions();
    }

    /// Versions side by side are one environment: an upgrade changes which of them is used.
    @Override
    public Path lockFolder(Provenance provenance) {
        return self.build().isPresent() && folders.contains(provenance.environment())
                ? folders.versions()
                : provenance.environment();
    }

    private static Path parent(Path path) {
        return Optional.ofNullable(path.getParent()).orElse(path);
    }
}
