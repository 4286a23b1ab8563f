package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDisplayTest {

    private static final Duration LIMIT = Duration.ofMillis(300);

    @TempDir
    Path sockets;

    /// As mutter does where Xwayland is not installed.
    @Test
    void aSocketOnWhichNothingAnswersIsSilent() throws IOException {
        try (ServerSocketChannel server = listen("X0")) {
            assertThat(LocalDisplay.isNotResponding(":0", sockets, LIMIT)).isTrue();
            assertThat(LocalDisplay.isNotResponding(":0.0", sockets, LIMIT)).isTrue();
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void aServerThatRefusesIsThere() throws IOException {
        try (ServerSocketChannel server = listen("X0")) {
            Thread.ofVirtual().start(() -> {
                try (SocketChannel client = server.accept()) {
                    client.read(ByteBuffer.allocate(12));
                    client.write(ByteBuffer.allocate(8));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(LocalDisplay.isNotResponding(":0", sockets, Duration.ofSeconds(20)))
                    .isFalse();
        }
    }

    @Test
    void otherDisplaysAreLeftToTheToolkit() throws IOException {
        try (ServerSocketChannel server = listen("X10")) {
            assertThat(LocalDisplay.isNotResponding("localhost:10.0", sockets, LIMIT))
                    .isFalse();
            assertThat(LocalDisplay.isNotResponding(":7", sockets, LIMIT)).isFalse();
            assertThat(LocalDisplay.isNotResponding("wayland-0", sockets, LIMIT))
                    .isFalse();
            assertThat(server.isOpen()).isTrue();
        }
        assertThat(LocalDisplay.isNotResponding(":10", sockets, LIMIT))
                .as("what is left of an ended server refuses")
                .isFalse();
    }

    private ServerSocketChannel listen(String name) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(sockets.resolve(name)));
        return server;
    }
}
