package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Whether the folders of stages and snapshots are this user's alone. Whoever can write there decides which
/// program runs next, and somebody else may have made them before.
final class FolderTrust {

    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private FolderTrust() {}

    /// Why `ROOT/.lamplighter/NAME` can't be trusted, as a sentence.
    static Optional<String> problem(Path root, String user, AppDirectories directories) throws IOException {
        for (Path folder : Stream.of(AtomicFile.folderOf(root), root, root.resolve("stages"), root.resolve("snapshots"))
                .toList()) {
            Optional<String> why = why(folder, user);
            if (why.isPresent()) {
                return Optional.of("%s %s, so its content can't be trusted. Delete it, then try again."
                        .formatted(directories.display(folder), why.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> why(Path folder, String user) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of("is not a folder");
        }
        String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(user)) {
            return Optional.of("belongs to user " + owner);
        }
        return Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
                        .anyMatch(OF_OTHERS::contains)
                ? Optional.of("can be changed by other users")
                : Optional.empty();
    }
}
