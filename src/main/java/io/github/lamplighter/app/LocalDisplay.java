package io.github.lamplighter.app;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An X server of this computer. A Wayland compositor listens on its socket even where Xwayland is not installed: who
/// connects then waits forever, as the toolkit of the window would.
final class LocalDisplay {

    /// `:0`, `:1.0`; a display with a host is another computer's, or reached through SSH.
    private static final Pattern LOCAL = Pattern.compile("(?:unix)?:(\\d{1,5})(?:\\.\\d+)?");

    /// The start of the X protocol (X11, section 8): byte order, version 11.0, and no authorization. A server
    /// responds even if it refuses that.
    private static final byte[] HELLO = {'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private LocalDisplay() {}

    /// Whether a display has a socket on which no server responds within the limit. A display without one is for the
    /// toolkit to open or to refuse.
    ///
    /// @param sockets the folder of the sockets
    static boolean isNotResponding(String display, Path sockets, Duration limit) {
        return socket(display, sockets)
                .filter(socket -> !responds(socket, limit))
                .isPresent();
    }

    private static Optional<Path> socket(String display, Path sockets) {
        Matcher local = LOCAL.matcher(display);
        return local.matches()
                ? Optional.of(sockets.resolve("X" + local.group(1))).filter(Files::exists)
                : Optional.empty();
    }

    private static boolean responds(Path socket, Duration limit) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                Selector selector = Selector.open()) {
            channel.write(ByteBuffer.wrap(HELLO));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return selector.select(limit.toMillis()) > 0 && channel.read(ByteBuffer.allocate(1)) > 0;
        } catch (IOException e) {
            // Refused at once: the toolkit says why.
            return true;
        }
    }
}
