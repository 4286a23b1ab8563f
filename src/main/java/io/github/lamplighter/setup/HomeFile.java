package io.github.lamplighter.setup;

import io.github.lamplighter.file.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// A file that an installation creates outside of Lamplighter's own folder, where shells and desktops search.
///
/// @param what it is for: `application menu`
public record HomeFile(Path path, String what, Content content) {

    /// What is in the file.
    public sealed interface Content {

        /// A link into the version in use, which an upgrade does not have to change.
        record Link(Path target) implements Content {}

        record Text(String text) implements Content {}
    }

    /// How the file on disk compares.
    public enum State {
        MISSING,
        /// As it would be written now.
        SAME,
        /// Written by an earlier installation.
        OURS,
        /// Not created by Lamplighter, or changed since; never touched.
        FOREIGN
    }

    private static final String LINK = "link ";
    private static final String DIGEST = "sha256 ";

    /// What the record keeps of the content, to recognize the file later.
    String mark() {
        return switch (content) {
            case Content.Link(Path target) -> LINK + target;
            case Content.Text(String text) -> DIGEST + Digest.hex(text);
        };
    }

    /// The mark of a file on disk; empty for a folder, and if it cannot be read.
    static Optional<String> markOf(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return Optional.of(LINK + Files.readSymbolicLink(path));
            }
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(DIGEST + Digest.hex(Files.readAllBytes(path)))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    byte[] bytes() {
        return content instanceof Content.Text(String text) ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
    }
}
