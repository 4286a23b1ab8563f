package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Follows one transaction through its journal and can cancel it. Front ends and the worker share nothing else.
public final class JournalFollower {

    /// How long an event may be late. Reading the end of the file is cheap.
    private static final long POLL_MILLIS = 50;

    private final Path journal;
    private final Consumer<StepProgress> consumer;
    private final Consumer<String> output;
    private long offset;
    private Optional<JournalEntry.Started> started = Optional.empty();
    private Optional<JournalEntry.Planned> planned = Optional.empty();
    private boolean cancelled;

    /// @param journal need not exist yet
    /// @param consumer receives the steps in order, from the first one on, in the following thread
    public JournalFollower(Path journal, Consumer<StepProgress> consumer) {
        this(journal, consumer, _ -> {});
    }

    /// @param output receives each line that the package manager prints
    public JournalFollower(Path journal, Consumer<StepProgress> consumer, Consumer<String> output) {
        this.journal = journal;
        this.output = output;
        this.consumer = consumer;
    }

    /// Follows until the transaction ends, its worker is gone, or `goOn` returns false.
    ///
    /// @return how the transaction ended; empty when the journal does not say
    public Optional<UpgradeOutcome> follow(BooleanSupplier goOn) throws InterruptedException {
        Path folder = AtomicFile.folderOf(journal);
        try (WatchService watch = journal.getFileSystem().newWatchService()) {
            AtomicFile.makeFolder(folder);
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (true) {
                // Asked before reading: the worker's last lines are read after its end.
                boolean last = !goOn.getAsBoolean() || !isAtWork();
                Optional<UpgradeOutcome> ended = readOn();
                if (ended.isPresent() || last) {
                    return ended;
                }
                Optional.ofNullable(watch.poll(POLL_MILLIS, TimeUnit.MILLISECONDS))
                        .ifPresent(key -> {
                            key.pollEvents();
                            key.reset();
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks the worker to cancel with SIGTERM: now, or when it starts. May be called from any thread.
    public synchronized void cancel() {
        cancelled = true;
        started.flatMap(JournalEntry.Started::process).ifPresent(ProcessHandle::destroy);
    }

    /// Whether the worker has written its first entry.
    public synchronized boolean hasStarted() {
        return started.isPresent();
    }

    private synchronized boolean isAtWork() {
        return started.isEmpty()
                || started.flatMap(JournalEntry.Started::process).isPresent();
    }

    private synchronized void start(JournalEntry.Started first) {
        started = Optional.of(first);
        if (cancelled) {
            cancel();
        }
    }

    private Optional<UpgradeOutcome> readOn() throws IOException {
        byte[] lines = newLines();
        offset += lines.length;
        Optional<UpgradeOutcome> ended = Optional.empty();
        for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
            Optional<JournalEntry> entry = JournalCodec.read(line);
            if (entry.isPresent()) {
                switch (entry.get()) {
                    case JournalEntry.Started first -> start(first);
                    case JournalEntry.Planned plan -> planned = Optional.of(plan);
                    case JournalEntry.Output(var _, String text) -> output.accept(text);
                    case JournalEntry.Ended last -> ended = Optional.of(last.outcome());
                    default ->
                        planned.flatMap(plan -> StepProgress.of(entry.get(), plan))
                                .ifPresent(consumer);
                }
            }
        }
        return ended;
    }

    /// The whole lines since the last time; a line that is still being written stays for the next time.
    private byte[] newLines() throws IOException {
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - offset)));
            channel.position(offset);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // A read may be short.
            }
            int end = buffer.position();
            while (end > 0 && buffer.get(end - 1) != '\n') {
                end--;
            }
            return Arrays.copyOf(buffer.array(), end);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
