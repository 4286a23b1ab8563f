package io.github.lamplighter.installer.self;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.self.BuildRecord.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The installed versions of Lamplighter, side by side, each in a folder of its own. The link `current` says which of
/// them is used, and is what launchers and service files point to:
///
/// ```
/// ~/.local/share/lamplighter/versions/0.1.0/
/// ~/.local/share/lamplighter/current -> versions/0.1.0
/// ```
public final class VersionFolders {

    private static final String PARTIAL = ".partial";

    private final Path root;

    public VersionFolders(AppDirectories directories) {
        this.root = directories.data();
    }

    /// The folder of all versions.
    public Path versions() {
        return root.resolve("versions");
    }

    /// The link to the version in use.
    public Path current() {
        return root.resolve("current");
    }

    /// The launcher that stays the same over upgrades.
    public Path launcher() {
        return launcher(current());
    }

    /// The launcher in the folder of a package.
    public static Path launcher(Path image) {
        return image.resolve("bin/lamplighter");
    }

    /// The folder of a version, whether it exists or not.
    public Path folder(String version) {
        return versions().resolve(version);
    }

    /// The folder in which a version is downloaded and unpacked.
    public Path partial(String version) {
        return versions().resolve("." + version + PARTIAL);
    }

    /// The folders of interrupted downloads.
    public List<Path> partials() {
        return children(name -> name.startsWith(".") && name.endsWith(PARTIAL));
    }

    /// Whether a package is one of the installed versions, and not unpacked somewhere else.
    public boolean contains(Path image) {
        return real(image).startsWith(real(versions()));
    }

    /// The folder of the version in use, without links; empty if there is none.
    public Optional<Path> inUse() {
        return Optional.of(current()).filter(Files::isDirectory).map(VersionFolders::real);
    }

    /// What the link says; empty if it is missing.
    public Optional<String> target() {
        try {
            return Optional.of(Files.readSymbolicLink(current()).toString());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The target of the link for a version.
    public static String target(String version) {
        return "versions/" + version;
    }

    /// Replaces the link in one step.
    public void use(String target) throws IOException {
        if (Files.exists(current(), LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(current())) {
            throw new IOException(current() + " is not a link, so it was not changed");
        }
        Path fresh =
                root.resolve(".current.%d-%x".formatted(ProcessHandle.current().pid(), System.nanoTime()));
        Files.createSymbolicLink(fresh, Path.of(target));
        try {
            Files.move(fresh, current(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        AtomicFile.sync(root);
    }

    /// The complete versions, in no order. A folder whose record does not name its version is none of ours.
    public List<Path> installed() {
        return children(name -> !name.startsWith(".")).stream()
                .filter(folder -> BuildRecord.read(BuildRecord.in(folder)) instanceof Reading.Found(BuildRecord build)
                        && build.version().equals(String.valueOf(folder.getFileName())))
                .toList();
    }

    private List<Path> children(java.util.function.Predicate<String> named) {
        try (Stream<Path> children = Files.list(versions())) {
            return children.filter(child -> named.test(String.valueOf(child.getFileName())))
                    .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath();
        }
    }
}
