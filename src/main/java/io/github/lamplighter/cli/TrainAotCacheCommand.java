package io.github.lamplighter.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rehearse`: runs the verbs that people wait for, one after the other in this process. The launcher trains the
/// ahead-of-time cache with it, in a home that is thrown away.
@Command(name = "rehearse", hidden = true, header = "Train the AOT cache (used by the launcher)")
public final class TrainAotCacheCommand implements Callable<Integer> {

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

    /// Over the network too.
    private static final List<List<String>> ONLINE =
            List.of(List.of("doctor"), List.of("doctor", "candle"), List.of("outdated"), List.of("outdated", "--json"));

    /// What the registry says of every package.
    private static final String PACKAGE =
            "{\"name\":\"candle\",\"dist-tags\":{\"latest\":\"1.0.1\"},\"versions\":{\"1.0.0\":{\"version\":\"1.0.0\",\"bin\":\"candle.js\"},"
                + "\"1.0.1\":{\"version\":\"1.0.1\",\"bin\":\"candle.js\",\"engines\":{\"node\":\">=12\"}}}}";

    private static final char[] PASSWORD = "rehearsal".toCharArray();

    private final Consumer<List<String>> line;

    @Option(names = "--port", description = "Where a service answers meanwhile.")
    private int port;

    @Option(names = "--registry", description = "The keys of a registry that answers at the next port.")
    private Optional<Path> registry = Optional.empty();

    /// @param line carries out one command line; how it ended does not matter here
    public TrainAotCacheCommand(Consumer<List<String>> line) {
        this.line = line;
    }

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        // The stand-in for the service manager has no socket: what asks a real one whether it listens.
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
        ServerSocketFactory plain = ServerSocketFactory.getDefault();
        try (ServerSocket service = listening(plain, port);
                ServerSocket index = listening(registry.isPresent() ? secured(registry.get()) : plain, port + 1)) {
            begin("rehearsed-service", service, "{}");
            begin("rehearsed-registry", index, PACKAGE);
            LINES.forEach(line);
            if (registry.isPresent()) {
                ONLINE.forEach(line);
            }
        }
        return ExitCode.OK;
    }

    private static ServerSocket listening(ServerSocketFactory factory, int port) throws IOException {
        return factory.createServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    private static ServerSocketFactory secured(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    private static void begin(String name, ServerSocket server, String body) {
        Thread.ofPlatform().daemon().name(name).start(() -> answer(server, body));
    }

    /// Until it is closed.
    private static void answer(ServerSocket server, String body) {
        while (!server.isClosed()) {
            try (Socket caller = server.accept()) {
                var unused = caller.getInputStream().read(new byte[4096]);
                caller.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\n"
                                        + "Connection: close\r\n"
                                        + "Content-Type: application/json\r\n"
                                        + "Content-Length: "
                                        + body.length()
                                        + "\r\n\r\n"
                                        + body)
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // A caller who went away, or the end of the rehearsal.
            }
        }
    }
}
