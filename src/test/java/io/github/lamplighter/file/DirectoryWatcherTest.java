package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWatcherTest {

    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final List<Set<Path>> told = new CopyOnWriteArrayList<>();

    @Test
    void aBurstOfChangesInTwoFoldersIsReportedOnce() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        try (DirectoryWatcher watch = DirectoryWatcher.start(Duration.ofSeconds(2), told::add)) {
            watch.add(one);
            watch.add(two);
            Files.writeString(one.resolve("a"), "1");
            Files.writeString(two.resolve("b"), "2");
            Files.writeString(one.resolve("c"), "3");
            Await.until("it is told", LIMIT, () -> !told.isEmpty());
            assertThat(told).containsExactly(Set.of(one, two));
        }
    }

    @Test
    void anAtomicWriteIsReportedByItsRenameOnly() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (DirectoryWatcher watch = DirectoryWatcher.start(SETTLE, told::add)) {
            watch.add(temporary);
            watch.add(kept);
            Files.writeString(temporary.resolve(".glance.json.tmp"), "half");
            Files.writeString(kept.resolve(".glance.json.tmp"), "whole");
            Files.move(kept.resolve(".glance.json.tmp"), kept.resolve("glance.json"));
            Await.until("it is told", LIMIT, () -> !told.isEmpty());
            assertThat(told).containsExactly(Set.of(kept));
        }
    }

    @Test
    void constantWritingDoesNotDelayAReportForever() throws IOException {
        AtomicBoolean enough = new AtomicBoolean();
        try (DirectoryWatcher watch = DirectoryWatcher.start(SETTLE, told::add)) {
            watch.add(folder);
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; !enough.get(); i++) {
                    try {
                        Files.writeString(folder.resolve("journal"), "step " + i);
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            try {
                Await.until("it is told while somebody writes", LIMIT, () -> !told.isEmpty());
                assertThat(writer.isAlive()).isTrue();
            } finally {
                enough.set(true);
                join(writer);
            }
        }
    }

    @Test
    void aDeletedFolderIsReportedAndCanBeWatchedAgain() throws IOException {
        Path journal = Files.createDirectory(folder.resolve("tool"));
        try (DirectoryWatcher watch = DirectoryWatcher.start(SETTLE, told::add)) {
            watch.addBelow(folder);
            Files.delete(journal);
            Await.until("its end is told", LIMIT, () -> told.contains(Set.of(journal)));
            told.clear();
            Files.createDirectory(journal);
            watch.addBelow(folder);
            Files.writeString(journal.resolve("1.json"), "{}");
            Await.until("what is new in it is told", LIMIT, () -> told.contains(Set.of(journal)));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
