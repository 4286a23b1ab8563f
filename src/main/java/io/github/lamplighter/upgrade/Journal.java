package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The writer of one transaction's journal. Each entry is synced to the disk before the step that it announces; lines
/// of
/// output are synced with the next entry.
final class Journal implements AutoCloseable {

    private final Path file;
    private final RandomAccessFile out;

    private Journal(Path file, RandomAccessFile out) {
        this.file = file;
        this.out = out;
    }

    /// Opens a journal to append to, after completing a torn last line. Uses no channel: the interrupt of a
    /// cancellation
    /// would close it.
    static Journal open(Path file) throws IOException {
        AtomicFile.makeFolder(AtomicFile.folderOf(file));
        if (!Files.exists(file)) {
            Files.createFile(
                    file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)));
            AtomicFile.sync(AtomicFile.folderOf(file));
        }
        Journal journal = new Journal(file, new RandomAccessFile(file.toFile(), "rw"));
        long end = journal.out.length();
        if (end > 0) {
            journal.out.seek(end - 1);
            if (journal.out.read() != '\n') {
                journal.bytes("\n");
            }
        }
        journal.out.seek(journal.out.length());
        return journal;
    }

    Path file() {
        return file;
    }

    synchronized void write(JournalEntry entry) {
        try {
            bytes(JournalCodec.write(entry) + "\n");
            if (!(entry instanceof JournalEntry.Output)) {
                out.getFD().sync();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the journal", e);
        }
    }

    private void bytes(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
