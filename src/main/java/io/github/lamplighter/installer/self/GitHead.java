package io.github.lamplighter.installer.self;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The commit of a checkout, read from the files of git: the doctor of every run asks for it, and git itself takes
/// longer.
final class GitHead {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String REFERENCE = "ref: ";

    private GitHead() {}

    /// Empty if it is not in these files, for example in a worktree.
    static Optional<String> commit(Path checkout) {
        Path git = checkout.resolve(".git");
        Optional<String> head = text(git.resolve("HEAD"));
        return head.filter(text -> text.startsWith(REFERENCE))
                .map(text -> text.substring(REFERENCE.length()))
                .filter(name -> name.matches("refs/[\\w./-]+") && !name.contains(".."))
                .map(name -> text(git.resolve(name)).or(() -> packed(git, name)))
                .orElse(head)
                .filter(text -> COMMIT.matcher(text).matches());
    }

    private static Optional<String> packed(Path git, String name) {
        try (Stream<String> lines = Files.lines(git.resolve("packed-refs"))) {
            return lines.filter(line -> line.endsWith(" " + name))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
