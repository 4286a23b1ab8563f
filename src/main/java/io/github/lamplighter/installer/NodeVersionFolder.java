package io.github.lamplighter.installer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The folder of one of several Node versions, as nvm, fnm, mise and asdf keep them. npm's global packages are
/// in it, and are removed with it.
///
/// @param folder `~/.nvm/versions/node/v22.11.0`
/// @param version `22.11.0`
public record NodeVersionFolder(Path folder, String version) {

    private static final Pattern VERSIONED = Pattern.compile(
            "(.*/(?:versions/node|node-versions|installs/node|installs/nodejs)/v?(\\d+(?:\\.\\d+)*)(?:/installation)?)/.*");

    /// The folder that contains a program or a package, if any.
    public static Optional<NodeVersionFolder> of(Path inside) {
        Matcher matcher = VERSIONED.matcher(inside.toString());
        return matcher.matches()
                ? Optional.of(new NodeVersionFolder(Path.of(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    public Path node() {
        return folder.resolve("bin/node");
    }

    public boolean isGone() {
        return !Files.isExecutable(node());
    }

    /// The other installed versions, the newest first.
    public List<NodeVersionFolder> others() {
        boolean nested = folder.endsWith("installation");
        Optional<Path> versioned = nested ? Optional.ofNullable(folder.getParent()) : Optional.of(folder);
        Optional<Path> all = versioned.map(Path::getParent).filter(Files::isDirectory);
        if (all.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(all.get())) {
            return folders.map(path -> (nested ? path.resolve("installation") : path).resolve("bin/node"))
                    .flatMap(node -> of(node).stream())
                    .filter(node -> !node.isGone() && !node.folder().equals(folder))
                    .sorted(Comparator.comparing(NodeVersionFolder::numbers, NodeVersionFolder::compare)
                            .reversed())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private List<Integer> numbers() {
        return Stream.of(version.split("\\.")).map(Integer::valueOf).toList();
    }

    private static int compare(List<Integer> one, List<Integer> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int here = Integer.compare(one.get(i), other.get(i));
            if (here != 0) {
                return here;
            }
        }
        return Integer.compare(one.size(), other.size());
    }
}
