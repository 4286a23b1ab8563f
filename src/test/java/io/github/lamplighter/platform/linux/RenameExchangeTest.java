package io.github.lamplighter.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.lamplighter.file.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenameExchangeTest {

    @TempDir
    private Path folder;

    @Test
    void thePathIsNeverWithoutAWholeFolder() throws Exception {
        Path one = made("one");
        Path other = made("deeper/other");
        Exchange exchange = new RenameExchange();
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
            exchange.exchange(one, other);
        }
        exchange.exchange(one, other);
        stop.set(true);
        looker.join();

        assertThat(one.resolve("who")).hasContent("other");
        assertThat(other.resolve("who")).hasContent("one");
        assertThat(missing).hasValue(0);
    }

    @Test
    void whatIsNotThereIsSaidAndNothingMoves() throws IOException {
        Path one = made("one");
        assertThatIOException().isThrownBy(() -> new RenameExchange().exchange(one, folder.resolve("none")));
        assertThat(one.resolve("who")).hasContent("one");
    }

    @Test
    void renamesDoTheSameWhereTheSystemCannot() throws IOException {
        Path one = made("one");
        Path other = made("other");
        new Exchange.Renames().exchange(one, other);
        assertThat(one.resolve("who")).hasContent("other");
        assertThat(other.resolve("who")).hasContent("one");
        assertThat(Exchange.Renames.aside(other)).doesNotExist();
    }

    private Path made(String name) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        Files.writeString(made.resolve("who"), made.getFileName().toString());
        return made;
    }
}
