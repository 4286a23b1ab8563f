package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What finished transactions could not delete. Deleting it is tried again with every transaction and
/// recovery, and is never a condition for anything.
public final class LeftOvers {

    private final Journals journals;
    private final List<Installer> installers;

    public LeftOvers(Journals journals, List<Installer> installers) {
        this.journals = journals;
        this.installers = List.copyOf(installers);
    }

    LeftOvers(UpgradeContext context) {
        this(context.journals(), context.installers());
    }

    /// The folders of a tool that should be gone. Those of an open transaction are not among them.
    public List<Path> of(Manifest manifest) {
        return of(manifest, "");
    }

    /// @param own the id of the transaction that asks
    private List<Path> of(Manifest manifest, String own) {
        List<Journals.Transaction> past =
                journals.all(Optional.of(manifest.name().value()));
        if (past.isEmpty()
                || past.stream().anyMatch(other -> other.isOpen() && !other.id().equals(own))) {
            return List.of();
        }
        return root(manifest).stream()
                .flatMap(root -> Stream.concat(
                        children(root.resolve("stages")).stream(),
                        children(root.resolve("snapshots")).stream()
                                .filter(snapshot -> Snapshots.isDiscarded(snapshot) || !isComplete(snapshot))))
                .filter(left -> Snapshots.isDiscarded(left)
                        || journals.transaction(journal(manifest, left))
                                .map(transaction -> !transaction.isOpen())
                                .orElseGet(() -> isPruned(past, String.valueOf(left.getFileName()))))
                .toList();
    }

    /// Whether a transaction is older than all journals that are kept. Other folders without a journal belong
    /// to another tool in the same environment.
    private boolean isPruned(List<Journals.Transaction> past, String id) {
        return past.size() >= CommitAndRollback.JOURNALS_KEPT
                && past.stream().allMatch(known -> id.compareTo(known.id()) < 0)
                && !journals.isKnown(id);
    }

    private static boolean isComplete(Path snapshot) {
        return Files.exists(snapshot.resolve(Snapshots.FILE)) && Files.isDirectory(Snapshot.environment(snapshot));
    }

    /// Tries again for every tool with a journal, unless it is busy.
    static void retry(UpgradeContext context, Function<String, Optional<Manifest>> manifests) {
        LeftOvers leftOvers = new LeftOvers(context);
        for (String name : context.journals().names()) {
            Optional<Manifest> manifest = manifests.apply(name);
            if (manifest.filter(tool -> !leftOvers.of(tool).isEmpty()).isEmpty()) {
                continue;
            }
            CommitAndRollback.part(new ArrayList<>(), "clean up", () -> {
                if (context.locks().take(context.lockFolder(manifest.get()), "Cleaning up %s.".formatted(name))
                        instanceof EnvironmentLock.Held held) {
                    try (held) {
                        retry(context, manifest.get(), "");
                    }
                }
            });
        }
    }

    /// Tries again for one tool, whose lock is held.
    ///
    /// @param own the id of the transaction that asks
    static void retry(UpgradeContext context, Manifest manifest, String own) {
        LeftOvers leftOvers = new LeftOvers(context);
        for (Path left : leftOvers.of(manifest, own)) {
            CommitAndRollback.part(new ArrayList<>(), "clean up", () -> {
                if (!Snapshots.isDiscarded(left)) {
                    leftOvers.keep(context, manifest, left);
                }
                if (Snapshots.isDiscarded(left) || !isComplete(left)) {
                    DirectoryTrees.delete(left);
                }
            });
        }
    }

    /// Whether one of these folders holds the version that a completed upgrade replaced, or the backup of its data:
    /// it could not be kept for a rollback yet.
    public boolean isNeeded(Manifest manifest, Path left) {
        try {
            return !isComplete(left) && needed(manifest, left).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The version that a completed upgrade replaced may still be in its stage.
    private void keep(UpgradeContext context, Manifest manifest, Path left) throws IOException {
        Optional<RollbackPoint> point = needed(manifest, left);
        if (point.isPresent()) {
            Path journal = journal(manifest, left);
            String from = journals.transaction(journal)
                    .flatMap(Journals.Transaction::planned)
                    .map(JournalEntry.Planned::from)
                    .orElse("");
            new CommitAndRollback(context).keep(journal, from, point.get());
        }
    }

    private Optional<RollbackPoint> needed(Manifest manifest, Path left) throws IOException {
        List<JournalEntry> entries = journals.entries(journal(manifest, left));
        Optional<RollbackPoint> point = CommitAndRollback.rollbackPoint(entries);
        Optional<Journals.Transaction> transaction = journals.transaction(journal(manifest, left));
        if (point.isEmpty() || transaction.isEmpty() || !CommitAndRollback.began(entries, Step.COMMIT)) {
            return Optional.empty();
        }
        boolean isOurs = new RecordedPaths(transaction.get().id(), point.get())
                .stray(List.of(), List.of())
                .isEmpty();
        boolean isThere = DirectoryTrees.find(
                        point.get().oldIdentity(),
                        List.of(
                                point.get().prepared(),
                                Snapshot.environment(point.get().snapshot())))
                .isPresent();
        return isOurs && isThere ? point : Optional.empty();
    }

    private Path journal(Manifest manifest, Path left) {
        return journals.of(manifest.name().value(), String.valueOf(left.getFileName()));
    }

    private Optional<Path> root(Manifest manifest) {
        if (manifest.install().installer() == InstallerKind.SELF) {
            return Optional.empty();
        }
        return installers.stream()
                .filter(installer -> installer.kind() == manifest.install().installer())
                .findFirst()
                .flatMap(installer ->
                        installer.owner(manifest.install().program()).map(installer::stageRoot));
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
