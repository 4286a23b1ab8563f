package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The folders with previous versions and stages of all tools, `ROOT/.lamplighter/NAME`. Tools that are no longer
/// managed are in the journals; the installers know those whose journals are gone.
public final class KeptFolders {

    private static final String NAME = ".lamplighter";

    private final Journals journals;
    private final List<Installer> installers;

    public KeptFolders(Journals journals, List<Installer> installers) {
        this.journals = journals;
        this.installers = List.copyOf(installers);
    }

    /// The existing folders, in order.
    public List<Path> all() {
        Set<Path> folders = new TreeSet<>();
        for (Journals.Transaction transaction : journals.all(Optional.empty())) {
            CommitAndRollback.rollbackPoint(journals.entries(transaction.journal()))
                    .map(RollbackPoint::snapshot)
                    .map(Path::getParent)
                    .map(Path::getParent)
                    .ifPresent(folders::add);
        }
        for (Installer installer : installers) {
            installer.installed().stream().map(installer::stageRoot).forEach(folders::add);
        }
        return folders.stream().filter(KeptFolders::isOne).toList();
    }

    /// The folder of one tool, if there is one.
    public Optional<Path> of(Manifest manifest) {
        Manifest.Install install = manifest.install();
        return installers.stream()
                .filter(installer -> installer.kind() == install.installer())
                .flatMap(installer -> installer.installed().stream()
                        .filter(found -> found.environment().equals(install.environment()))
                        .map(installer::stageRoot))
                .filter(KeptFolders::isOne)
                .findFirst();
    }

    /// The command that deletes a folder.
    public static String deletion(Path folder) {
        return Command.of(Duration.ZERO, "rm", "-r", folder.toString()).line();
    }

    /// The size of a folder, rounded up.
    public static long megabytes(Path folder) {
        try {
            return Math.ceilDiv(DirectoryTrees.size(folder), 1_000_000L);
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isOne(Path folder) {
        Path parent = folder.getParent();
        return parent != null
                && parent.endsWith(NAME)
                && Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /// Deletes one of the folders, and the one around it when it is the last.
    public static void delete(Path folder) throws IOException {
        DirectoryTrees.delete(folder);
        Path parent = folder.getParent();
        try (Stream<Path> others = Files.list(parent)) {
            if (others.findAny().isPresent()) {
                return;
            }
        } catch (NotDirectoryException | java.nio.file.NoSuchFileException _) {
            return;
        }
        Files.deleteIfExists(parent);
    }
}
