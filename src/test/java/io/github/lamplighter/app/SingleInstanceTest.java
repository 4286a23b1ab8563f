package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SingleInstanceTest {

    private final BlockingQueue<SingleInstance.Show> shown = new LinkedBlockingQueue<>();

    private final AtomicBoolean visible = new AtomicBoolean();

    @TempDir
    Path folder;

    @Test
    void theFirstShowsWhatTheSecondAsksFor() throws Exception {
        Path socket = folder.resolve("s");
        try (SingleInstance first =
                SingleInstance.listen(socket, shown::add, visible::get).orElseThrow()) {
            assertThat(SingleInstance.ask(
                            socket, new SingleInstance.Show("http-server", Optional.of("restart"), "", ":0")))
                    .isTrue();
            assertThat(shown.poll(5, TimeUnit.SECONDS))
                    .isEqualTo(new SingleInstance.Show("http-server", Optional.of("restart"), "", ":0"));
            assertThat(SingleInstance.listen(socket, shown::add, visible::get)).isEmpty();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aWindowThatWasClosedIsNotVisibleThoughItsProcessRuns() {
        Path socket = folder.resolve("s");
        assertThat(SingleInstance.isVisible(socket)).isFalse();
        try (SingleInstance first =
                SingleInstance.listen(socket, shown::add, visible::get).orElseThrow()) {
            assertThat(SingleInstance.isVisible(socket)).isFalse();
            visible.set(true);
            assertThat(SingleInstance.isVisible(socket)).isTrue();
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void nobodyListensAtASocketThatWasLeftBehind() throws Exception {
        Path socket = folder.resolve("s");
        Files.writeString(socket, "");
        assertThat(SingleInstance.ask(socket, new SingleInstance.Show("overview", Optional.empty(), "", "")))
                .isFalse();
        SingleInstance.listen(socket, shown::add, visible::get).orElseThrow().close();
    }

    @Test
    void aLineThatIsTooLongOrOfAnotherFormShowsNothing() throws Exception {
        Path socket = folder.resolve("s");
        try (SingleInstance first =
                SingleInstance.listen(socket, shown::add, visible::get).orElseThrow()) {
            assertThat(SingleInstance.ask(socket, new SingleInstance.Show("x", Optional.empty(), "t".repeat(600), "")))
                    .isFalse();
            try (var channel = java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket))) {
                channel.write(java.nio.ByteBuffer.wrap("run rm - -\n".getBytes(StandardCharsets.UTF_8)));
                channel.shutdownOutput();
                assertThat(channel.read(java.nio.ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            assertThat(SingleInstance.ask(socket, new SingleInstance.Show("greeter", Optional.empty(), "", "")))
                    .isTrue();
            assertThat(shown).hasSize(1);
        }
    }
}
