package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The writing end of one transaction's journal: each entry is on the disk before what it announces is done.
/// Lines of
/// output are the exception; the next entry carries them along.
final class Journal implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens a journal to write on; what a killed worker left of its last line is ended first.
    static Journal open(Path file) throws IOException {
        AtomicFile.makeFolder(AtomicFile.folderOf(file));
        boolean fresh = !Files.exists(file);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)));
        Journal journal = new Journal(file, channel);
        if (fresh) {
            AtomicFile.sync(AtomicFile.folderOf(file));
        }
        long end = channel.size();
        channel.position(end);
        if (end > 0) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, end - 1);
            if (last.get(0) != '\n') {
                journal.bytes("\n");
            }
        }
        return journal;
    }

    Path file() {
        return file;
    }

    synchronized void write(JournalEntry entry) {
        try {
            bytes(JournalCodec.write(entry) + "\n");
            if (!(entry instanceof JournalEntry.Output)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written", e);
        }
    }

    private void bytes(String text) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
