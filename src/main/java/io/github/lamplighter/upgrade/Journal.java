package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;

/// The writer of one transaction's journal. Each entry is synced to the disk before the step that it
/// announces; lines of output are synced with the next entry. A reserve next to the journal makes room for
/// the end of a transaction on a disk that is full.
final class Journal implements AutoCloseable {

    private static final int RESERVE = 32 * 1024;

    private final Path file;
    private final RandomAccessFile out;

    private Journal(Path file, RandomAccessFile out) {
        this.file = file;
        this.out = out;
    }

    /// Begins the journal of a new transaction.
    ///
    /// @throws FileAlreadyExistsException if there is one: whoever waited for the transaction gave it up
    static Journal create(Path file) throws IOException {
        AtomicFile.makeFolder(AtomicFile.folderOf(file));
        Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)));
        AtomicFile.sync(AtomicFile.folderOf(file));
        byte[] reserve = new byte[RESERVE];
        // Not zeros, which some file systems do not store.
        new Random().nextBytes(reserve);
        Files.write(reserve(file), reserve);
        return open(file);
    }

    /// Writes all that a new journal needs, and deletes it again.
    static void attempt(Path file) throws IOException {
        try {
            create(file).close();
        } finally {
            for (Path written : List.of(file, reserve(file))) {
                try {
                    Files.deleteIfExists(written);
                } catch (IOException _) {
                    // What could not be written is the reason that counts.
                }
            }
        }
    }

    /// Opens a journal to append to, after completing a torn last line. Uses no channel: the interrupt of a
    /// cancellation would close it.
    static Journal open(Path file) throws IOException {
        Journal journal = new Journal(file, new RandomAccessFile(file.toFile(), "rw"));
        long end = journal.out.length();
        if (end > 0) {
            journal.out.seek(end - 1);
            boolean isTorn = journal.out.read() != '\n';
            journal.out.seek(end);
            if (isTorn) {
                journal.append("\n", true);
            }
        }
        return journal;
    }

    private static Path reserve(Path file) {
        return file.resolveSibling(file.getFileName() + ".reserve");
    }

    Path file() {
        return file;
    }

    /// Writes what must be known before something is changed.
    ///
    /// @throws UncheckedIOException if it can't be written
    synchronized void write(JournalEntry entry) {
        try {
            append(JournalCodec.write(entry) + "\n", true);
            out.getFD().sync();
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(
                    "Could not write the journal: %s."
                            .formatted(FileProblem.ofDisk(String.valueOf(e.getMessage()), file)
                                    .orElseGet(() -> FileProblem.why(e))),
                    e));
        }
    }

    /// Writes an entry for the reader only: the transaction does not depend on it.
    synchronized void note(JournalEntry entry) {
        try {
            boolean isOutput = entry instanceof JournalEntry.Output;
            append(JournalCodec.write(entry) + "\n", !isOutput);
            if (!isOutput) {
                out.getFD().sync();
            }
        } catch (IOException _) {
            // The next entry that must be written will fail, too.
        }
    }

    /// Appends all of the text or nothing.
    private void append(String text, boolean mayUseReserve) throws IOException {
        long end = out.getFilePointer();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
        } catch (IOException e) {
            truncate(end);
            if (!mayUseReserve || !Files.deleteIfExists(reserve(file))) {
                throw e;
            }
            try {
                out.write(bytes);
            } catch (IOException again) {
                truncate(end);
                throw again;
            }
        }
    }

    private void truncate(long end) throws IOException {
        out.setLength(end);
        out.seek(end);
    }

    @Override
    public void close() {
        try {
            out.close();
            Files.deleteIfExists(reserve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
