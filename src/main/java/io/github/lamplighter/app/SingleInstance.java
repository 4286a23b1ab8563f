package io.github.lamplighter.app;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Allows one window per user: a second instance asks the first to show a page, and exits. It is the front
/// ends' only connection besides files, and carries one line of at most 512 bytes: `show PAGE TOKEN DISPLAY`, or
/// `visible`. A line feed is the answer *yes*.
final class SingleInstance implements AutoCloseable {

    private static final int LONGEST_LINE = 512;

    /// For an instance that hangs. One that is still starting responds late.
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String VISIBLE = "visible\n";
    private static final String NOTHING = "-";
    private static final Pattern PAGE = Pattern.compile("([a-z0-9._-]{1,64})(?:/([a-z-]{1,16}))?");

    private final ServerSocketChannel server;
    private final Path socket;

    private SingleInstance(ServerSocketChannel server, Path socket) {
        this.server = server;
        this.socket = socket;
    }

    /// A request to the first instance.
    ///
    /// @param page a tool's name, `overview` or `settings`
    /// @param ask what to open there; the line then has `NAME/restart`
    /// @param token the desktop's activation token; empty if there is none
    /// @param display the display of the second instance
    record Show(String page, Optional<String> ask, String token, String display) {

        String line() {
            return "show %s%s %s %s\n".formatted(page, ask.map("/"::concat).orElse(""), word(token), word(display));
        }

        /// Empty unless the text is one valid line.
        static Optional<Show> of(String line) {
            String[] words = line.strip().split(" ", -1);
            if (words.length != 4 || !words[0].equals("show")) {
                return Optional.empty();
            }
            Matcher page = PAGE.matcher(words[1]);
            return page.matches()
                    ? Optional.of(new Show(
                            page.group(1), Optional.ofNullable(page.group(2)), given(words[2]), given(words[3])))
                    : Optional.empty();
        }

        private static String word(String value) {
            return value.isBlank() ? NOTHING : value.replaceAll("\\s", "_");
        }

        private static String given(String word) {
            return word.equals(NOTHING) ? "" : word;
        }
    }

    /// Sends a request to the instance that listens at `socket`.
    ///
    /// @return whether an instance accepted it
    static boolean ask(Path socket, Show show) {
        return send(socket, show.line());
    }

    /// Whether the window of the instance that listens at `socket` is open.
    static boolean isVisible(Path socket) {
        return send(socket, VISIBLE);
    }

    private static boolean send(Path socket, String text) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        if (line.length > LONGEST_LINE || !isOurs(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            // A channel has no limit of its own; to close it ends the read.
            CompletableFuture.delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> close(channel));
            channel.write(ByteBuffer.wrap(line));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(1);
            return channel.read(answer) == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Its read ended all the same.
        }
    }

    /// Becomes the first instance; an abandoned socket is replaced.
    ///
    /// @param visible whether its window is open: its process stays for a while after it was closed
    /// @return empty if another instance listens, or the directory cannot hold a socket
    static Optional<SingleInstance> listen(Path socket, Consumer<Show> shown, BooleanSupplier visible) {
        try {
            Files.createDirectories(socket.resolveSibling("."));
            if (Files.exists(socket) && answers(socket)) {
                return Optional.empty();
            }
            Files.deleteIfExists(socket);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            SingleInstance instance = new SingleInstance(server, socket);
            Thread.ofVirtual().name("single instance").start(() -> instance.serve(shown, visible));
            return Optional.of(instance);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            // The next instance replaces an abandoned socket.
        }
    }

    private void serve(Consumer<Show> shown, BooleanSupplier visible) {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                Optional<String> line = read(channel);
                if (line.filter(VISIBLE::equals).isPresent()) {
                    if (visible.getAsBoolean()) {
                        thank(channel);
                    }
                } else {
                    line.flatMap(Show::of).ifPresent(show -> {
                        shown.accept(show);
                        thank(channel);
                    });
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // That caller is gone; wait for the next one.
            }
        }
    }

    private static void thank(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        } catch (IOException e) {
            // The caller did not wait for the answer.
        }
    }

    /// One line of the allowed length; a longer text is not from Lamplighter.
    private static Optional<String> read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_LINE + 1);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until the other end stops writing
        }
        String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        return buffer.position() <= LONGEST_LINE && text.indexOf('\n') == text.length() - 1
                ? Optional.of(text)
                : Optional.empty();
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether the socket belongs to the owner of its directory, which only this user can enter.
    private static boolean isOurs(Path socket) {
        try {
            return Files.getOwner(socket).equals(Files.getOwner(socket.resolveSibling(".")))
                    && Files.isWritable(socket);
        } catch (IOException e) {
            return false;
        }
    }
}
