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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Copies a tool's data and restores them from the copies.
final class DataBackup {

    private static final int ATTEMPTS = 3;
    private static final long BLOCK = 4096;

    /// Whether a copy is needed again after its data were restored.
    enum Use {
        /// The copy may become the data: that needs no space.
        LAST,
        AGAIN
    }

    private final UpgradeContext context;
    private final Map<String, String> mark;

    /// @param id the transaction's; by it, recovery finds a `cp` that outlived its worker and would go on writing
    DataBackup(UpgradeContext context, String id) {
        this.context = context;
        this.mark = Map.of(StageSteps.MARK, id);
    }

    /// Copies every path into the snapshot. Repeats the copy if something changed meanwhile.
    ///
    /// @throws IOException also if another process keeps changing a database: its copy could be torn
    List<DataCopy> copy(List<Path> paths, Path snapshot) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Map<Path, String> before = state(paths);
            List<DataCopy> copies = copyOnce(paths, snapshot);
            Set<Path> changed = changed(before, state(paths));
            for (DataCopy copy : copies) {
                verify(copy, before.keySet(), changed);
            }
            if (changed.isEmpty()) {
                return copies;
            }
            if (attempt == ATTEMPTS) {
                Optional<Path> torn =
                        changed.stream().filter(SqliteDatabase::isPart).findFirst();
                if (torn.isPresent()) {
                    throw new IOException("%s changed while it was copied. Another process uses it."
                            .formatted(context.directories().display(torn.get())));
                }
                return copies;
            }
        }
    }

    /// Compares the copies of the files that did not change: `cp` may say nothing of what it left out.
    private void verify(DataCopy data, Set<Path> files, Set<Path> changed) throws IOException {
        for (Path file : files) {
            if (data.copy().isPresent()
                    && file.startsWith(data.path())
                    && !changed.contains(file)
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Path copy = data.copy().get().resolve(data.path().relativize(file));
                if (!Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS) || Files.size(copy) != Files.size(file)) {
                    throw new IOException("The backup of %s is incomplete: %s was not copied."
                            .formatted(
                                    context.directories().display(data.path()),
                                    context.directories().display(file)));
                }
            }
        }
    }

    private List<DataCopy> copyOnce(List<Path> paths, Path snapshot) throws IOException {
        List<DataCopy> copies = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                copies.add(new DataCopy(path, Optional.empty(), 0, 0, 0));
                continue;
            }
            Path copy = Snapshot.data(snapshot, copies.size());
            DirectoryTrees.delete(copy);
            DirectoryTrees.copy(context.runner(), mark, path, copy);
            Size size = Size.of(copy);
            copies.add(
                    new DataCopy(path, Optional.of(copy), size.files(), size.bytes(), DirectoryTrees.identity(copy)));
        }
        return List.copyOf(copies);
    }

    /// Size, time and inode of every file.
    private static Map<Path, String> state(List<Path> paths) throws IOException {
        Map<Path, String> state = new HashMap<>();
        for (Path path : paths) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(path, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        state.put(
                                file,
                                "%d %s %s"
                                        .formatted(
                                                attributes.size(),
                                                attributes.lastModifiedTime(),
                                                attributes.fileKey()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        }
        return state;
    }

    private static Set<Path> changed(Map<Path, String> before, Map<Path, String> after) {
        Set<Path> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(path -> Objects.equals(before.get(path), after.get(path)));
        return changed;
    }

    /// Why the data cannot be restored, as a sentence: a copy is gone, or a part of it.
    Optional<String> lost(List<DataCopy> copies) throws IOException {
        for (DataCopy one : copies) {
            if (one.copy().isPresent()
                    && !isMoved(one)
                    && !Size.of(one.copy().get()).equals(new Size(one.files(), one.bytes()))) {
                return Optional.of("The backup of %s is missing or incomplete: %s."
                        .formatted(
                                context.directories().display(one.path()),
                                context.directories().display(one.copy().get())));
            }
        }
        return Optional.empty();
    }

    /// Restores one path from its copy. What did not change stays as it is. Otherwise, the first of these
    /// ways that is possible: the copy itself takes the place of the data, or a copy of it does, each in one
    /// step; or the content is replaced in place, which needs no space besides the copy. Can be repeated
    /// after an interruption.
    ///
    /// @throws IOException also if the copy is gone; the data are unchanged then
    void restore(DataCopy data, Use use) throws IOException {
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
        if (isMoved(data) || isUnchanged(copy, target)) {
            return;
        }
        AtomicFile.makeFolder(AtomicFile.folderOf(target));
        boolean isReplaced = Files.isWritable(AtomicFile.folderOf(target))
                && (use == Use.LAST && isSameDevice(copy, AtomicFile.folderOf(target)) && tryReplace(target, copy)
                        || hasSpace(data) && replaceByCopy(data, copy));
        if (!isReplaced) {
            DirectoryTrees.refill(context.runner(), mark, copy, target);
            verify(data, target);
        }
    }

    private boolean replaceByCopy(DataCopy data, Path copy) throws IOException {
        Path target = data.path();
        Path fresh = fresh(target);
        try {
            DirectoryTrees.copy(context.runner(), mark, copy, fresh);
            verify(data, fresh);
            return tryReplace(target, fresh);
        } finally {
            discard(fresh);
        }
    }

    /// @throws IOException if what was restored is not all that was backed up
    private void verify(DataCopy data, Path restored) throws IOException {
        if (!Size.of(restored).equals(new Size(data.files(), data.bytes()))) {
            throw new IOException("%s was not restored completely."
                    .formatted(context.directories().display(data.path())));
        }
    }

    /// Puts `fresh` in the place of the data, and the data in its place.
    ///
    /// @return false if the data can't be renamed, as a mount point can't
    private boolean tryReplace(Path target, Path fresh) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
        try {
            context.directorySwap().exchange(target, fresh);
            return true;
        } catch (IOException e) {
            if (!isSameKind(fresh, target)) {
                throw e;
            }
            return false;
        }
    }

    /// Whether the copy has become the data.
    private static boolean isMoved(DataCopy data) throws IOException {
        Path copy = data.copy().orElseThrow();
        return data.identity() != 0
                && DirectoryTrees.identity(data.path()) == data.identity()
                && DirectoryTrees.identity(copy) != data.identity()
                && Files.exists(AtomicFile.folderOf(copy))
                && isSameDevice(data.path(), AtomicFile.folderOf(copy));
    }

    private static boolean isSameDevice(Path one, Path other) throws IOException {
        return device(one).equals(device(other));
    }

    private static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean hasSpace(DataCopy data) {
        return AtomicFile.folderOf(data.path()).toFile().getUsableSpace() > data.bytes() + data.files() * BLOCK;
    }

    /// A path next to the data where nothing is.
    private static Path fresh(Path target) {
        for (int number = 0; ; number++) {
            Path fresh = target.resolveSibling(
                    ".%s.lamplighter%s".formatted(target.getFileName(), number == 0 ? "" : "-" + number));
            discard(fresh);
            if (!Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
                return fresh;
            }
        }
    }

    /// The data are restored already: what the new version left without rights is no reason to fail.
    private static void discard(Path changed) {
        CommitAndRollback.part(new ArrayList<>(), "remove changed data", () -> DirectoryTrees.delete(changed));
    }

    /// Whether content can be replaced without replacing what holds it. A link holds none.
    private static boolean isSameKind(Path copy, Path live) {
        return Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS) && Files.isDirectory(live, LinkOption.NOFOLLOW_LINKS)
                || Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)
                        && Files.isRegularFile(live, LinkOption.NOFOLLOW_LINKS);
    }

    /// Whether the data are what the copy was made of. The time of a file's last change in any way (ctime),
    /// which no program can set, is later than its copy if it changed since.
    private static boolean isUnchanged(Path copy, Path live) throws IOException {
        if (!Files.exists(live, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Map<String, Object> was = attributes(copy);
        Map<String, Object> is = attributes(live);
        if (!Objects.equals(was.get("mode"), is.get("mode"))) {
            return false;
        }
        if (Files.isSymbolicLink(copy)) {
            return Files.readSymbolicLink(copy).equals(Files.readSymbolicLink(live));
        }
        if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
            return Objects.equals(was.get("size"), is.get("size"))
                    && Objects.equals(was.get("lastModifiedTime"), is.get("lastModifiedTime"))
                    && is.get("ctime") instanceof FileTime changed
                    && was.get("ctime") instanceof FileTime copied
                    && changed.compareTo(copied) < 0;
        }
        Set<String> names = names(copy);
        if (!names.equals(names(live))) {
            return false;
        }
        for (String name : names) {
            if (!isUnchanged(copy.resolve(name), live.resolve(name))) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        return Files.readAttributes(path, "unix:mode,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> String.valueOf(child.getFileName())).collect(Collectors.toSet());
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
