package io.github.lamplighter.file;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Why a file could not be read, written, moved or deleted. The message of a file system exception alone may be only a
/// path, or the words of the C library.
public final class FileProblem {

    /// The C library's words (`strerror`), and the same for a user; the place is a folder that exists.
    private enum Cause {
        FULL("No space left on device", "the disk of %s is full"),
        QUOTA("Disk quota exceeded", "your disk quota for %s is used up"),
        READ_ONLY("Read-only file system", "the disk of %s is read-only"),
        BUSY("Device or resource busy", "%s is in use, for example as a mount point"),
        TEXT_BUSY("Text file busy", "%s is being run"),
        BROKEN("Input/output error", "the disk of %s reports an error"),
        DENIED("Permission denied", "no permission for %s"),
        NOT_PERMITTED("Operation not permitted", "no permission for %s");

        private final String words;
        private final String phrase;

        Cause(String words, String phrase) {
            this.words = words;
            this.phrase = phrase;
        }

        private String phrase(Path path) {
            return phrase.formatted(isOfDisk() ? existing(path) : path);
        }

        private boolean isOfDisk() {
            return switch (this) {
                case FULL, QUOTA, READ_ONLY, BROKEN -> true;
                case BUSY, TEXT_BUSY, DENIED, NOT_PERMITTED -> false;
            };
        }

        private static Optional<Cause> of(String text) {
            return Stream.of(values())
                    .filter(cause -> text.contains(cause.words))
                    .findFirst();
        }
    }

    private FileProblem() {}

    /// The reason as a phrase, to follow a colon.
    public static String why(Exception problem) {
        Throwable cause = problem instanceof UncheckedIOException || problem instanceof DirectoryIteratorException
                ? Objects.requireNonNullElse(problem.getCause(), problem)
                : problem;
        return switch (cause) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case NoSuchFileException missing -> missing.getFile() + " is missing";
            case FileAlreadyExistsException there -> there.getFile() + " already exists";
            case DirectoryNotEmptyException full -> full.getFile() + " is not empty";
            case NotDirectoryException file -> file.getFile() + " is not a folder";
            case FileSystemLoopException loop -> loop.getFile() + " is a link to a folder around it";
            case AtomicMoveNotSupportedException move ->
                "%s and %s are on different file systems".formatted(move.getFile(), move.getOtherFile());
            case FileSystemException refused
            when refused.getReason() != null && refused.getFile() != null ->
                Cause.of(refused.getReason())
                        .map(words -> words.phrase(Path.of(refused.getFile())))
                        .orElseGet(() -> refused.getFile() + ": " + refused.getReason());
            default ->
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        };
    }

    /// The problem of the disk of `path` that a text reports in the C library's words, as a phrase.
    public static Optional<String> ofDisk(String text, Path path) {
        return Cause.of(text).filter(Cause::isOfDisk).map(cause -> cause.phrase(path));
    }

    /// The folder of a file; one that exists.
    private static Path existing(Path path) {
        Path folder = AtomicFile.folderOf(path);
        return folder.equals(path) || Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) ? folder : existing(folder);
    }
}
