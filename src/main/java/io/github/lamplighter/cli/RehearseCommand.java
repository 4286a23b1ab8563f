package io.github.lamplighter.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rehearse`: runs the verbs that people wait for, one after the other in this process. The launcher trains the
/// ahead-of-time cache with it, in a home that is thrown away.
@Command(name = "rehearse", hidden = true, description = "Runs the quick verbs once; the launcher's own.")
public final class RehearseCommand implements Callable<Integer> {

    private static final List<List<String>> LINES = List.of(
            List.of("--help"),
            List.of("list"),
            List.of("service", "install", "candle", "--yes"),
            List.of("doctor", "--offline"),
            List.of("doctor", "--offline", "candle"),
            List.of("doctor", "--offline", "wick"),
            List.of("doctor", "--offline", "--json", "lantern"),
            List.of("status"),
            List.of("status", "--json"),
            List.of("list", "--json"),
            List.of("service", "status", "--json", "candle"),
            List.of("stop", "candle"));

    private final Consumer<List<String>> line;

    @Option(names = "--port", description = "Where a service answers meanwhile.")
    private int port;

    /// @param line carries out one command line; how it ended does not matter here
    public RehearseCommand(Consumer<List<String>> line) {
        this.line = line;
    }

    @Override
    public Integer call() throws IOException {
        // The stand-in for the service manager has no socket: what asks a real one whether it listens.
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
        try (ServerSocket service = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().name("rehearsed-service").start(() -> answer(service));
            LINES.forEach(line);
        }
        return ExitCode.OK;
    }

    /// Until it is closed.
    private static void answer(ServerSocket service) {
        try {
            while (true) {
                try (Socket caller = service.accept()) {
                    var unused = caller.getInputStream().read(new byte[1024]);
                    caller.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The rehearsal is over.
        }
    }
}
