package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.upgrade.JournalEntry.LinkSwitch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Commits or rolls back a change of Lamplighter's own version, from the journal and the disk alone. Both may
/// be repeated after a crash, so the worker and the recovery share them.
final class VersionSwitch {

    private final UpgradeContext context;
    private final VersionFolders folders;

    VersionSwitch(UpgradeContext context) {
        this.context = context;
        this.folders = new VersionFolders(context.directories());
    }

    static Optional<LinkSwitch> recorded(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry instanceof JournalEntry.LinkSwitchRecorded(var _, LinkSwitch change)
                        ? Stream.of(change)
                        : Stream.empty())
                .findFirst();
    }

    /// The versions that are installed and not in use, the one that was replaced last first.
    List<Snapshot> kept() {
        Optional<Path> inUse = folders.inUse();
        return folders.installed().stream()
                .filter(folder -> inUse.filter(folder::equals).isEmpty())
                .map(folder -> new Snapshot(
                        String.valueOf(folder.getFileName()),
                        folder,
                        "lamplighter",
                        String.valueOf(folder.getFileName()),
                        0,
                        replacedAt(folder).toInstant(),
                        Map.of(),
                        Optional.empty(),
                        List.of()))
                .sorted(Comparator.comparing(Snapshot::takenAt).reversed())
                .toList();
    }

    /// Goes back to the previous version.
    ///
    /// @param done the journal so far
    /// @param atLogin whether the desktop is about to start the tray icon
    RollbackResult rollBack(Journal journal, List<JournalEntry> done, LinkSwitch change, boolean atLogin) {
        List<String> unrestored = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        boolean switched = CommitAndRollback.began(done, Step.SWITCH);
        if (switched) {
            CommitAndRollback.part(
                    unrestored, "restore the link to the previous version", () -> folders.use(change.from()));
        }
        if (!unrestored.isEmpty()) {
            return new RollbackResult(unrestored, notes);
        }
        if (CommitAndRollback.began(done, Step.HAND_OVER) && change.trayRan() && !atLogin) {
            context.residentTray()
                    .restart(folders.launcher(), change.fromFolder())
                    .ifPresent(notes::add);
        }
        if (notes.isEmpty()) {
            // What cannot be deleted now, the next upgrade deletes.
            CommitAndRollback.part(new ArrayList<>(), "remove the new version", () -> {
                if (switched && change.stage().isPresent() && !isInUse(change.toFolder())) {
                    DirectoryTrees.delete(change.toFolder());
                }
                dropPartials();
            });
        }
        CommitAndRollback.part(
                new ArrayList<>(), "turn off recovery at login", () -> new CommitAndRollback(context).disarm(journal));
        return new RollbackResult(unrestored, notes);
    }

    /// Keeps the replaced version for a rollback, and deletes what is no longer needed. Nothing that fails
    /// here undoes the new version.
    ///
    /// @return a sentence for each part that failed
    List<String> commit(Journal journal, LinkSwitch change) {
        List<String> problems = new ArrayList<>();
        CommitAndRollback.part(
                problems,
                "keep %s for rollback".formatted(change.fromFolder().getFileName()),
                () -> Files.setLastModifiedTime(
                        change.fromFolder(), FileTime.from(context.clock().instant())));
        CommitAndRollback.part(problems, "remove the download", this::dropPartials);
        CommitAndRollback.part(problems, "remove older versions", () -> {
            for (Snapshot old : kept().stream().skip(context.snapshots()).toList()) {
                // A window may still be open; the next upgrade deletes its version.
                if (!isInUse(old.folder())) {
                    DirectoryTrees.delete(old.folder());
                }
            }
        });
        CommitAndRollback.part(
                problems, "turn off recovery at login", () -> new CommitAndRollback(context).disarm(journal));
        return problems;
    }

    /// Deletes everything that was downloaded and not installed.
    void dropPartials() throws IOException {
        for (Path partial : folders.partials()) {
            DirectoryTrees.delete(partial);
        }
    }

    /// Whether a process runs with the Java of this version: it would miss what it has not loaded yet.
    static boolean isInUse(Path image) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().command().stream())
                .anyMatch(command -> Path.of(command).startsWith(image));
    }

    private static FileTime replacedAt(Path folder) {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
