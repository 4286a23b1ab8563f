package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.service.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The log file of an agent. launchd appends both streams to it, and never truncates or renames it.
record LogFile(Path file) {

    /// A start rotates a file of this size.
    static final long LIMIT = 5L * 1024 * 1024;

    private static final int EARLIER = 2;
    private static final int TAIL = 1024 * 1024;
    private static final Duration POLL = Duration.ofMillis(250);

    /// Renames a large file to `NAME.log.1`, and the one before to `.2`. Only while the agent is not running.
    void rotate() throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) < LIMIT) {
            return;
        }
        for (int i = EARLIER - 1; i > 0; i--) {
            if (Files.exists(earlier(i))) {
                Files.move(earlier(i), earlier(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, earlier(1), StandardCopyOption.REPLACE_EXISTING);
    }

    /// The last `lines` lines, oldest first, also from the rotated file if this one is shorter.
    List<LogLine> last(int lines) {
        List<String> found = new ArrayList<>(tail(file, lines));
        if (found.size() < lines) {
            found.addAll(0, tail(earlier(1), lines - found.size()));
        }
        return found.stream().map(LogFile::line).toList();
    }

    /// Passes on the last lines and then each new one, until the thread is interrupted.
    void follow(int lines, Consumer<LogLine> consumer) {
        long at = size();
        last(lines).forEach(consumer);
        Object key = key();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        while (!Thread.currentThread().isInterrupted()) {
            long size = size();
            Object now = key();
            if (size < at || !now.equals(key)) {
                // A new file after a start, or a truncated one.
                at = 0;
                key = now;
                rest.reset();
            }
            if (size > at) {
                at += read(at, size, rest, consumer);
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Passes on complete lines; an incomplete one waits for its end.
    private int read(long from, long to, ByteArrayOutputStream rest, Consumer<LogLine> consumer) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(from);
            byte[] bytes = new byte[(int) Math.min(TAIL, to - from)];
            int read = open.read(bytes);
            for (int i = 0; i < read; i++) {
                if (bytes[i] == '\n') {
                    consumer.accept(line(rest.toString(StandardCharsets.UTF_8)));
                    rest.reset();
                } else {
                    rest.write(bytes[i]);
                }
            }
            return Math.max(0, read);
        } catch (IOException e) {
            return 0;
        }
    }

    private static List<String> tail(Path file, int lines) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, open.length() - TAIL);
            open.seek(from);
            byte[] bytes = new byte[(int) (open.length() - from)];
            open.readFully(bytes);
            List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return List.copyOf(all.subList(Math.max(from > 0 ? 1 : 0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The file has no times and no priorities.
    private static LogLine line(String text) {
        return new LogLine(0, 6, LogLine.plain(text));
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private Object key() {
        try {
            Object key = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey();
            return key == null ? "" : key;
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            return "";
        }
    }

    private Path earlier(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
