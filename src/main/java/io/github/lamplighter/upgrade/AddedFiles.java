package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What an environment contains besides what its package manager put there, such as logs and data of the
/// tool. The switch carries it over. Reads the records when it is made, so that the switch itself is fast.
final class AddedFiles {

    /// An npm package is unpacked in less; npm records no files.
    private static final Duration UNPACKING = Duration.ofMinutes(1);

    /// What makes a virtual environment one, and the records of uv and pipx. No `RECORD` lists it.
    private static final Pattern SCAFFOLD = Pattern.compile(
            "pyvenv\\.cfg|uv-receipt\\.toml|pipx_metadata\\.json|\\.gitignore|CACHEDIR\\.TAG|\\.lock|lib64"
                    + "|bin/(?:[Aa]ctivate|deactivate|python|pydoc|pip).*"
                    + "|(?:.*/)?(?:__pycache__|[^/]*\\.dist-info|[^/]*\\.egg-info)/.*"
                    + "|(?:.*/)?[^/]*\\.(?:pyc|egg-link)|.*/pipx_shared\\.pth|.*/_virtualenv\\.(?:py|pth)");

    private final Path environment;
    private final Path prepared;
    private final boolean isNpm;
    private final List<Path> data;
    private final Set<Path> recorded = new HashSet<>();
    private final Instant installed;

    /// @param prepared the folder that takes the environment's place
    /// @param data of the tool, wherever they are
    AddedFiles(Provenance before, Path prepared, List<Path> data) throws IOException {
        this.environment = before.environment();
        this.prepared = prepared;
        this.data = data.stream()
                .map(AddedFiles::real)
                .filter(path -> path.startsWith(environment))
                .map(environment::relativize)
                .toList();
        this.isNpm = before.installer() == InstallerKind.NPM;
        if (isNpm) {
            Path record = environment.resolve("package.json");
            installed = Files.exists(record)
                    ? Files.getLastModifiedTime(record).toInstant().plus(UNPACKING)
                    : Instant.MAX;
        } else {
            installed = Instant.MIN;
            record(environment);
            record(prepared);
        }
    }

    /// The packages of a virtual environment, with their versions.
    static Set<String> packages(Provenance of) {
        return new VirtualEnvironment(of.environment())
                .distributions().stream()
                        .map(distribution -> distribution.name() + " " + distribution.version())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private void record(Path tree) {
        for (Distribution distribution : new VirtualEnvironment(tree).distributions()) {
            Path base = AtomicFile.folderOf(distribution.folder());
            for (String file : distribution.recorded()) {
                Path path = base.resolve(file).normalize();
                if (path.startsWith(tree)) {
                    recorded.add(tree.relativize(path));
                }
            }
        }
    }

    /// Copies to the prepared folder what is not there, or has changed since it was copied.
    ///
    /// @return how many files
    int carryOver() throws IOException {
        List<Path> files = files();
        for (Path file : files) {
            Path target = prepared.resolve(file);
            Files.createDirectories(AtomicFile.folderOf(target));
            Files.copy(
                    environment.resolve(file),
                    target,
                    LinkOption.NOFOLLOW_LINKS,
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return files.size();
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(environment, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                // Plugins there are named in the plan.
                return isNpm && folder.equals(environment.resolve("node_modules"))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path name = environment.relativize(file);
                boolean isPlain = attributes.isRegularFile() || attributes.isSymbolicLink();
                if (isPlain && isAdded(name, attributes) && isNewer(name, attributes)) {
                    files.add(name);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private boolean isData(Path name) {
        return data.stream().anyMatch(name::startsWith);
    }

    private boolean isAdded(Path name, BasicFileAttributes attributes) {
        if (isData(name)) {
            return true;
        }
        return isNpm
                ? attributes.lastModifiedTime().toInstant().isAfter(installed)
                : !recorded.contains(name) && !SCAFFOLD.matcher(name.toString()).matches();
    }

    private boolean isNewer(Path name, BasicFileAttributes attributes) throws IOException {
        Path target = prepared.resolve(name);
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        BasicFileAttributes there = Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return (!isNpm || isData(name))
                && there.isRegularFile()
                && attributes.isRegularFile()
                && (there.size() != attributes.size()
                        || !there.lastModifiedTime().equals(attributes.lastModifiedTime()));
    }
}
