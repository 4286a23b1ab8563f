package io.github.lamplighter.setup;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.self.AppBundle;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.setup.HomeFile.Content;
import io.github.lamplighter.setup.HomeFile.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files that make an installed package part of the user's desktop and shells: the command, the entry of the
/// application menu, icons, the manual page and completions. Most are links into the version in use.
public final class HomeFiles {

    /// The folders of a package's `share` that have a counterpart in `$XDG_DATA_HOME`, and what their files are for.
    private static final Map<String, String> SHARED = Map.of(
            "applications", "application menu",
            "icons", "icons",
            "metainfo", "software center",
            "man", "man page",
            "bash-completion", "completion (bash)",
            "zsh", "completion (zsh)",
            "fish", "completion (fish)");

    /// Where distributions put completions for zsh; there is no such folder in a home.
    private static final String ZSH_VENDOR = "vendor-completions";

    private static final String ZSH_SITE = "site-functions";

    private final AppDirectories directories;
    private final VersionFolders folders;
    private final InstantSource clock;

    public HomeFiles(AppDirectories directories, VersionFolders folders, InstantSource clock) {
        this.directories = directories;
        this.folders = folders;
        this.clock = clock;
    }

    /// A file, and how it is on disk.
    public record Compared(HomeFile file, State state) {}

    /// The link in the folder of the user's programs.
    public Path command() {
        return directories.home().resolve(".local/bin/lamplighter");
    }

    Path record() {
        return directories.data().resolve("installed.json");
    }

    /// The files of a package.
    ///
    /// @param image its folder, in any place
    public List<Compared> of(Path image) throws IOException {
        InstallRecord record = InstallRecord.read(record());
        List<HomeFile> files = new ArrayList<>();
        files.add(new HomeFile(command(), "command", new Content.Link(folders.launcher())));
        if (AppBundle.around(image).isPresent() || AppBundle.isAppBundle(AppBundle.in(image))) {
            Path link = AppBundle.in(directories.home().resolve("Applications"));
            files.add(new HomeFile(link, "application", new Content.Link(AppBundle.in(folders.current()))));
        }
        if (Files.isDirectory(image.resolve("share"))) {
            Path share = image.resolve("share").toRealPath();
            try (Stream<Path> found = Files.walk(share)) {
                for (Path file :
                        found.filter(path -> !Files.isDirectory(path)).sorted().toList()) {
                    shared(share.relativize(file), file).ifPresent(files::add);
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return files.stream()
                .map(file -> new Compared(file, state(file, record)))
                .toList();
    }

    private Optional<HomeFile> shared(Path relative, Path file) throws IOException {
        Optional<String> what =
                Optional.ofNullable(SHARED.get(relative.getName(0).toString()));
        if (what.isEmpty()) {
            return Optional.empty();
        }
        Path target = directories.dataHome().resolve(relative.toString().replace(ZSH_VENDOR, ZSH_SITE));
        Content content = relative.toString().endsWith(".desktop")
                ? new Content.Text(DesktopEntry.withProgram(
                        Files.readString(file), folders.launcher().toString()))
                : new Content.Link(folders.current().resolve("share").resolve(relative));
        return Optional.of(new HomeFile(target, what.get(), content));
    }

    private State state(HomeFile file, InstallRecord record) {
        if (!Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            return State.MISSING;
        }
        Optional<String> mark = HomeFile.markOf(file.path());
        if (mark.filter(file.mark()::equals).isPresent()) {
            return State.SAME;
        }
        return isOurs(file.path(), record) ? State.OURS : State.FOREIGN;
    }

    /// Whether a file is as an installation wrote it: it is in the record, or a link into Lamplighter's own folder.
    boolean isOurs(Path path) {
        return isOurs(path, InstallRecord.read(record()));
    }

    private boolean isOurs(Path path, InstallRecord record) {
        return HomeFile.markOf(path).filter(mark -> record.knows(path, mark)).isPresent() || leadsToUs(path);
    }

    private boolean leadsToUs(Path path) {
        try {
            return Files.isSymbolicLink(path)
                    && path.resolveSibling(Files.readSymbolicLink(path))
                            .normalize()
                            .startsWith(directories.data());
        } catch (IOException _) {
            return false;
        }
    }

    /// Creates and replaces files, and removes those of an earlier version that this one doesn't have.
    ///
    /// @return what was created or replaced
    List<HomeFile> write(List<Compared> files) throws IOException {
        InstallRecord record = InstallRecord.read(record());
        List<HomeFile> wanted = files.stream()
                .filter(compared -> compared.state() != State.FOREIGN)
                .map(Compared::file)
                .toList();
        wanted.forEach(record::add);
        wanted.forEach(file -> record.folders().addAll(missingFolders(file.path())));
        record.write(record());
        List<HomeFile> changed = new ArrayList<>();
        for (Compared compared : files) {
            if (compared.state() == State.MISSING || compared.state() == State.OURS) {
                write(compared.file());
                changed.add(compared.file());
            }
        }
        Set<Path> paths = wanted.stream().map(HomeFile::path).collect(Collectors.toSet());
        for (Path obsolete : List.copyOf(record.files().keySet())) {
            if (!paths.contains(obsolete)) {
                if (isOurs(obsolete, record)) {
                    Files.deleteIfExists(obsolete);
                }
                record.files().remove(obsolete);
            }
        }
        record.files()
                .replaceAll((path, marks) -> HomeFile.markOf(path)
                        .filter(marks::contains)
                        .map(Set::of)
                        .orElse(marks));
        record.write(record());
        refreshIcons();
        return changed;
    }

    /// Adapts the files to the version in use, after it was changed. Does nothing for a package that was not installed
    /// by
    /// [InstallPackage].
    public void refresh() throws IOException {
        Optional<Path> image = folders.inUse();
        if (image.isPresent() && Files.exists(record())) {
            write(of(image.get()));
        }
    }

    private static List<Path> missingFolders(Path file) {
        List<Path> missing = new ArrayList<>();
        for (Path folder = AtomicFile.folderOf(file); !Files.exists(folder); folder = AtomicFile.folderOf(folder)) {
            missing.add(folder);
        }
        return missing;
    }

    private static void write(HomeFile file) throws IOException {
        AtomicFile.makeFolder(AtomicFile.folderOf(file.path()));
        switch (file.content()) {
            case Content.Link(Path target) -> {
                Path fresh = fresh(file.path());
                Files.deleteIfExists(fresh);
                Files.createSymbolicLink(fresh, target);
                Files.move(fresh, file.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            case Content.Text _ -> {
                if (Files.isSymbolicLink(file.path())) {
                    Files.delete(file.path());
                }
                AtomicFile.write(file.path(), file.bytes(), AtomicFile.PUBLIC);
            }
        }
    }

    /// The temporary name of a link.
    private static Path fresh(Path link) {
        return link.resolveSibling(".%s.lamplighter".formatted(link.getFileName()));
    }

    /// A file of an installation.
    ///
    /// @param ours whether it is as the installation wrote it; otherwise it stays
    public record Recorded(Path path, boolean ours) {}

    /// The files of earlier installations that exist.
    public List<Recorded> recorded() {
        InstallRecord record = InstallRecord.read(record());
        Set<Path> paths = new TreeSet<>(record.files().keySet());
        if (leadsToUs(command())) {
            paths.add(command());
        }
        return paths.stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .map(path -> new Recorded(path, isOurs(path, record)))
                .toList();
    }

    /// Removes the files of earlier installations, except the command, and the folders that were created for them. The
    /// record stays, for the case that this is interrupted.
    void remove() throws IOException {
        InstallRecord record = InstallRecord.read(record());
        for (Recorded file : recorded()) {
            if (file.ours() && !file.path().equals(command())) {
                Files.deleteIfExists(file.path());
            }
        }
        for (Path path : record.files().keySet()) {
            Files.deleteIfExists(fresh(path));
        }
        removeFolders(record);
        refreshIcons();
    }

    /// Removes folders that the installation created, if they are empty.
    private static void removeFolders(InstallRecord record) throws IOException {
        for (Path folder : innermostFirst(record)) {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isEmpty(folder)) {
                Files.deleteIfExists(folder);
            }
        }
    }

    private static List<Path> innermostFirst(InstallRecord record) {
        return record.folders().stream()
                .sorted(Comparator.comparing(Path::getNameCount).reversed())
                .toList();
    }

    /// The folders that were created for the files, innermost first.
    List<Path> createdFolders() {
        return innermostFirst(InstallRecord.read(record()));
    }

    /// Begins a record, before Lamplighter's own folder is created.
    void begin() throws IOException {
        InstallRecord record = InstallRecord.read(record());
        List<Path> missing = missingFolders(record());
        if (!missing.isEmpty()) {
            missing.stream()
                    .filter(folder -> !folder.equals(directories.data()))
                    .forEach(record.folders()::add);
            record.write(record());
        }
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isEmpty();
        }
    }

    /// Desktops read the icons again if the time of the theme's folder changed (Icon Theme Specification,
    /// "Implementation Notes").
    private void refreshIcons() {
        try {
            Path theme = directories.dataHome().resolve("icons/hicolor");
            if (Files.isDirectory(theme)) {
                Files.setLastModifiedTime(theme, FileTime.from(clock.instant()));
            }
        } catch (IOException _) {
            // They show the icons after the next login.
        }
    }
}
