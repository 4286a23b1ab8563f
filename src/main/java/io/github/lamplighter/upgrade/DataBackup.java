package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Copies a tool's data and restores them from the copies.
final class DataBackup {

    private final UpgradeContext context;

    DataBackup(UpgradeContext context) {
        this.context = context;
    }

    /// Copies every path into the snapshot.
    ///
    /// @param mark environment variables by which recovery finds a `cp` that outlived its worker
    List<DataCopy> copy(List<Path> paths, Path snapshot, Map<String, String> mark) throws IOException {
        List<DataCopy> copies = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                copies.add(new DataCopy(path, Optional.empty(), 0, 0));
                continue;
            }
            Path copy = Snapshot.data(snapshot, copies.size());
            DirectoryTrees.copy(context.runner(), mark, path, copy);
            Size size = Size.of(copy);
            copies.add(new DataCopy(path, Optional.of(copy), size.files(), size.bytes()));
        }
        return List.copyOf(copies);
    }

    /// Why the data cannot be restored, as a sentence: a copy is gone, or a part of it.
    Optional<String> lost(List<DataCopy> copies) throws IOException {
        for (DataCopy one : copies) {
            if (one.copy().isPresent() && !Size.of(one.copy().get()).equals(new Size(one.files(), one.bytes()))) {
                return Optional.of("The backup of %s is missing or incomplete: %s."
                        .formatted(
                                context.directories().display(one.path()),
                                context.directories().display(one.copy().get())));
            }
        }
        return Optional.empty();
    }

    /// Restores one path from its copy: copies it next to the changed data, swaps both in one step, deletes the changed
    /// data. What did not change stays as it is.
    ///
    /// @throws IOException also if the copy is gone; the data are unchanged then
    void restore(DataCopy data) throws IOException {
        Path target = data.path();
        if (data.copy().isEmpty()) {
            // What is there now was made by the new version.
            DirectoryTrees.delete(target);
            return;
        }
        Path copy = data.copy().get();
        Optional<String> lost = lost(List.of(data));
        if (lost.isPresent()) {
            throw new IOException(lost.get());
        }
        AtomicFile.makeFolder(AtomicFile.folderOf(target));
        Path fresh = target.resolveSibling("." + target.getFileName() + ".lamplighter");
        DirectoryTrees.delete(fresh);
        DirectoryTrees.copy(context.runner(), Map.of(), copy, fresh);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            context.directorySwap().exchange(target, fresh);
            DirectoryTrees.delete(fresh);
        } else {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// @param files also counts folders and links
    private record Size(long files, long bytes) {

        static Size of(Path tree) throws IOException {
            if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
                return new Size(0, 0);
            }
            long[] sum = {0, 0};
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    sum[0]++;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0]++;
                    sum[1] += attributes.isRegularFile() ? attributes.size() : 0;
                    return FileVisitResult.CONTINUE;
                }
            });
            return new Size(sum[0], sum[1]);
        }
    }
}
