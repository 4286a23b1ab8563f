package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.upgrade.JournalEntry.LinkSwitch;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Checks the paths in a journal before anything there is moved or deleted: the file may be damaged or not ours. A
/// transaction changes only its environment, its own stage and snapshot next to it, the launchers that lead into the
/// environment, and the tool's data.
final class RecordedPaths {

    /// Between an environment and the folder around its stages: `node_modules/@scope/name`.
    private static final int MOST_FOLDERS = 3;

    private static final String ROOT = ".lamplighter";

    private final String id;
    private final RollbackPoint point;

    /// @param id the transaction's
    RecordedPaths(String id, RollbackPoint point) {
        this.id = id;
        this.point = point;
    }

    /// The first path that a transaction with this id cannot have recorded.
    ///
    /// @param copies what was backed up
    /// @param data which paths are data of the tool
    Optional<Path> stray(List<DataCopy> copies, List<Path> data) {
        Optional<Path> root = root();
        if (root.isEmpty()) {
            return Optional.of(point.snapshot());
        }
        Path stage = root.get().resolve("stages").resolve(id);
        return Stream.of(
                        point.stage().filter(path -> !path.equals(stage)).stream(),
                        Stream.of(point.prepared()).filter(path -> !isPrepared(root.get(), path)),
                        point.links().entrySet().stream()
                                .filter(link -> !isLauncher(link))
                                .map(Map.Entry::getKey),
                        copies.stream().flatMap(copy -> copy.copy().stream()).filter(path -> !isCopy(path)),
                        copies.stream().map(DataCopy::path).filter(path -> !isData(path, data)))
                .flatMap(path -> path)
                .findFirst();
    }

    /// The same for a change of Lamplighter's own version.
    ///
    /// @param versions the folder of all versions
    static Optional<Path> stray(LinkSwitch change, Path versions) {
        return Stream.concat(Stream.of(change.fromFolder(), change.toFolder()), change.stage().stream())
                .filter(path -> !isPlain(path) || !versions.equals(path.getParent()))
                .findFirst();
    }

    /// `ROOT/.lamplighter/NAME`, if the environment and the snapshot agree about it.
    private Optional<Path> root() {
        Path environment = point.environment();
        Path snapshots = point.snapshot().getParent();
        Path root = snapshots == null ? null : snapshots.getParent();
        Path parent = root == null ? null : root.getParent();
        Path home = parent == null ? null : parent.getParent();
        if (root == null || parent == null || home == null || !isPlain(environment) || !isPlain(point.snapshot())) {
            return Optional.empty();
        }
        String name = String.valueOf(root.getFileName());
        String environmentName = String.valueOf(environment.getFileName());
        boolean isOwn = parent.endsWith(ROOT)
                && environment.startsWith(home)
                && !environment.startsWith(parent)
                && home.relativize(environment).getNameCount() <= MOST_FOLDERS
                && (name.equals(environmentName) || name.endsWith("-" + environmentName))
                && point.snapshot().equals(root.resolve("snapshots").resolve(id));
        return isOwn ? Optional.of(root) : Optional.empty();
    }

    /// In the stage, or the environment of another snapshot.
    private boolean isPrepared(Path root, Path prepared) {
        if (!isPlain(prepared)) {
            return false;
        }
        if (point.stage().isPresent()) {
            return prepared.startsWith(point.stage().get())
                    && !prepared.equals(point.stage().get());
        }
        Path kept = prepared.getParent();
        return kept != null && root.resolve("snapshots").equals(kept.getParent());
    }

    private boolean isCopy(Path copy) {
        return isPlain(copy)
                && AtomicFile.folderOf(Snapshot.data(point.snapshot(), 0)).equals(copy.getParent());
    }

    /// A link whose old target is in the environment, or that was not there and is none of the user's files now.
    private boolean isLauncher(Map.Entry<Path, Optional<String>> link) {
        return isPlain(link.getKey())
                && link.getValue()
                        .map(text -> LauncherLinks.leadsInto(link.getKey(), text, point.environment()))
                        .orElseGet(() -> !Files.exists(link.getKey(), LinkOption.NOFOLLOW_LINKS)
                                || LauncherLinks.pointsInto(link.getKey(), point.environment()));
    }

    private static boolean isData(Path path, List<Path> data) {
        return data.stream()
                .anyMatch(known ->
                        path.equals(known) || SqliteDatabase.companions(known).contains(path));
    }

    private static boolean isPlain(Path path) {
        return path.isAbsolute() && path.equals(path.normalize()) && path.getParent() != null;
    }
}
