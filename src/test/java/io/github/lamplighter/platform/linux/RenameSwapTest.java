package io.github.lamplighter.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.lamplighter.file.DirectorySwap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenameSwapTest {

    @TempDir
    private Path folder;

    @Test
    void thePathIsNeverWithoutAWholeFolder() throws Exception {
        Path one = made("one");
        Path other = made("deeper/other");
        DirectorySwap directorySwap = new RenameSwap();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger missing = new AtomicInteger();
        Thread looker = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                if (!Files.exists(one)) {
                    missing.incrementAndGet();
                }
            }
        });
        for (int round = 0; round < 200; round++) {
            directorySwap.exchange(one, other);
        }
        directorySwap.exchange(one, other);
        stop.set(true);
        looker.join();

        assertThat(one.resolve("who")).hasContent("other");
        assertThat(other.resolve("who")).hasContent("one");
        assertThat(missing).hasValue(0);
    }

    @Test
    void whatIsNotThereIsSaidAndNothingMoves() throws IOException {
        Path one = made("one");
        assertThatIOException().isThrownBy(() -> new RenameSwap().exchange(one, folder.resolve("none")));
        assertThat(one.resolve("who")).hasContent("one");
    }

    @Test
    void renamesDoTheSameWhereTheSystemCannot() throws IOException {
        Path one = made("one");
        Path other = made("other");
        new DirectorySwap.Renames().exchange(one, other);
        assertThat(one.resolve("who")).hasContent("other");
        assertThat(other.resolve("who")).hasContent("one");
        assertThat(DirectorySwap.Renames.aside(other)).doesNotExist();
    }

    private Path made(String name) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        Files.writeString(made.resolve("who"), made.getFileName().toString());
        return made;
    }
}
