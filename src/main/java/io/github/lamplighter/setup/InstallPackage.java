package io.github.lamplighter.setup;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.self.AppBundle;
import io.github.lamplighter.installer.self.BuildRecord;
import io.github.lamplighter.installer.self.BuildRecord.Reading;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.setup.HomeFile.State;
import io.github.lamplighter.upgrade.DirectoryTrees;
import io.github.lamplighter.version.SemVer;
import io.github.lamplighter.version.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Installs the unpacked package that this program runs from in the user's home. May be interrupted and repeated: a
/// version is copied next to the others, and only counts under its final name.
public final class InstallPackage {

    private final AppDirectories directories;
    private final VersionFolders folders;
    private final HomeFiles files;
    private final EnvironmentLock locks;
    private final DirectorySwap swap;
    private final Optional<Path> build;

    /// @param build the record of the running program's build; empty for a checkout
    public InstallPackage(
            AppDirectories directories,
            VersionFolders folders,
            HomeFiles files,
            EnvironmentLock locks,
            DirectorySwap swap,
            Optional<Path> build) {
        this.directories = directories;
        this.folders = folders;
        this.files = files;
        this.locks = locks;
        this.swap = swap;
        this.build = build;
    }

    /// What an installation would do.
    public sealed interface Plan {

        /// @param image the folder of the package, or the application that contains it, without links
        /// @param copies whether the version has to be copied
        /// @param replaces whether a folder of this version exists that differs
        /// @param before the version in use; empty if there is none
        record Ready(
                String version,
                Path image,
                boolean copies,
                boolean replaces,
                long bytes,
                Optional<String> before,
                List<HomeFiles.Compared> files)
                implements Plan {
            public Ready {
                files = List.copyOf(files);
            }

            public boolean isDone() {
                return !copies
                        && before.equals(Optional.of(version))
                        && files.stream().allMatch(file -> file.state() == State.SAME || file.state() == State.FOREIGN);
            }
        }

        /// @param code kebab-case, stable
        /// @param why a sentence
        record Refused(String code, String why) implements Plan {}
    }

    /// The result of an installation.
    public sealed interface Outcome {

        /// @param written the files outside of Lamplighter's folder that were created or replaced
        record Done(List<HomeFile> written) implements Outcome {
            public Done {
                written = List.copyOf(written);
            }
        }

        record Busy(String why) implements Outcome {}

        record Failed(String why) implements Outcome {}
    }

    /// @param downgrade whether an older version may replace a newer one
    public Plan plan(boolean downgrade) {
        if (build.isEmpty()) {
            return new Plan.Refused(
                    "checkout",
                    "This is a checkout, which runs from its own folder. Only an unpacked package (`.tar.gz`) or a"
                            + " macOS app can be installed.");
        }
        return switch (BuildRecord.read(build.get())) {
            case Reading.Damaged(String why) ->
                new Plan.Refused(
                        "damaged-package",
                        "The package is damaged: %s (%s). Unpack it again."
                                .formatted(directories.display(build.get()), why));
            case Reading.Found(BuildRecord record) ->
                switch (record.kind()) {
                    case TAR, APP -> plan(record, downgrade);
                    case DEB, RPM ->
                        new Plan.Refused(
                                "installed-package",
                                "Lamplighter is already installed for all users, from a %s package."
                                        .formatted(record.kind().word()));
                };
        };
    }

    private Plan plan(BuildRecord record, boolean downgrade) {
        Path root = AtomicFile.folderOf(AtomicFile.folderOf(build.orElseThrow()));
        Optional<String> before = folders.inUse().map(Path::getFileName).map(Path::toString);
        String version = record.version();
        if (!downgrade && before.filter(current -> isOlder(version, current)).isPresent()) {
            return new Plan.Refused(
                    "older-version",
                    "Lamplighter %s is installed, which is newer than %s. To install the older version, use `--allow-downgrade`."
                            .formatted(before.get(), version));
        }
        try {
            Path image = root.toRealPath();
            Path source = AppBundle.around(image).orElse(image);
            Path folder = folders.folder(version);
            boolean exists = Files.isDirectory(folder);
            boolean same = folders.contains(image) || (exists && FolderCopy.isSame(source, copyOf(source, folder)));
            return new Plan.Ready(
                    version, source, !same, exists && !same, DirectoryTrees.size(source), before, files.of(image));
        } catch (IOException e) {
            return new Plan.Refused("unreadable", "Could not read the package: %s.".formatted(FileProblem.why(e)));
        }
    }

    private static boolean isOlder(String version, String than) {
        return Version.parse(Version.Scheme.SEMVER, version) instanceof SemVer one
                && Version.parse(Version.Scheme.SEMVER, than) instanceof SemVer other
                && one.compareTo(other) < 0;
    }

    public Outcome install(Plan.Ready plan) {
        try {
            long free = free();
            if (plan.copies() && free < plan.bytes()) {
                return new Outcome.Failed("Lamplighter %s was not installed: it needs %d MB in %s, and %d MB are free."
                        .formatted(
                                plan.version(),
                                megabytes(plan.bytes()),
                                directories.display(folders.versions()),
                                free / 1_000_000));
            }
            files.begin();
            AtomicFile.makeFolder(folders.versions());
            return switch (locks.take(folders.versions(), "Installing Lamplighter %s.".formatted(plan.version()))) {
                case EnvironmentLock.Busy(String holder) ->
                    new Outcome.Busy(
                            "Another operation is in progress: %s Try again when it has finished.".formatted(holder));
                case EnvironmentLock.Held held -> {
                    try (held) {
                        yield locked(plan);
                    }
                }
            };
        } catch (IOException e) {
            return new Outcome.Failed("Lamplighter %s was not installed: %s."
                    .formatted(plan.version(), AtomicFile.why(folders.current(), e)));
        }
    }

    private Outcome locked(Plan.Ready plan) throws IOException {
        for (Path left : folders.partials()) {
            DirectoryTrees.delete(left);
        }
        if (plan.copies()) {
            copy(plan);
        }
        folders.use(VersionFolders.target(plan.version()));
        return new Outcome.Done(files.write(plan.files()));
    }

    /// The free space where versions are installed, in bytes. A `FileStore` needs a mount point, which a chroot has
    /// not.
    private long free() {
        Path folder = folders.versions();
        while (!Files.exists(folder)) {
            folder = AtomicFile.folderOf(folder);
        }
        return folder.toFile().getUsableSpace();
    }

    private void copy(Plan.Ready plan) throws IOException {
        Path partial = folders.partial(plan.version());
        Path folder = folders.folder(plan.version());
        try {
            AtomicFile.makeFolder(partial);
            FolderCopy.copy(plan.image(), copyOf(plan.image(), partial));
            if (AppBundle.isAppBundle(plan.image())) {
                AppBundle.link(partial);
            }
            if (plan.replaces()) {
                swap.exchange(folder, partial);
            } else {
                Files.move(partial, folder);
            }
            AtomicFile.sync(folders.versions());
        } finally {
            DirectoryTrees.delete(partial);
        }
    }

    /// Where the copy of a package or an application is in the folder of its version.
    private static Path copyOf(Path source, Path folder) {
        return AppBundle.isAppBundle(source) ? AppBundle.in(folder) : folder;
    }

    /// In whole megabytes, as disks are sold.
    public static long megabytes(long bytes) {
        return Math.max(1, (bytes + 999_999) / 1_000_000);
    }
}
