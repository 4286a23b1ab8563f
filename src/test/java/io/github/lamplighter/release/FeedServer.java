package io.github.lamplighter.release;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A release feed with its packages on a free port of 127.0.0.1, which can break in the ways of a network.
public final class FeedServer implements AutoCloseable {

    private final HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    private final SigningKey key = new SigningKey();
    private final List<String> releases = new ArrayList<>();

    /// The `Range` header of each request for a package, or empty.
    public final List<Optional<String>> ranges = new CopyOnWriteArrayList<>();

    /// After so many bytes the connection of a download breaks.
    public volatile long breaksAfter = Long.MAX_VALUE;

    /// How many downloads break.
    public volatile int breaks;

    /// The kind of the packages that are published next.
    public String kind = "tar";

    /// Sent after the package.
    public volatile byte[] more = {};

    public FeedServer() throws IOException, GeneralSecurityException {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:%d/feed/releases.json"
                .formatted(server.getAddress().getPort());
    }

    public String publicKey() {
        return key.publicKey();
    }

    /// Adds a release whose package is served.
    public void publish(String version, Path archive) throws IOException, GeneralSecurityException {
        publish(version, archive, Files.size(archive), sum(archive));
    }

    /// @param size as the feed says
    /// @param sum as the feed says
    public void publish(String version, Path archive, long size, String sum) throws GeneralSecurityException {
        String name = "lamplighter-%s-linux-x86_64.tar.gz".formatted(version);
        server.createContext("/feed/" + name, exchange -> {
            try (exchange) {
                send(exchange, archive);
            }
        });
        releases.add("""
            { "version": "%s", "published": "2026-11-20T10:00:00Z",
              "files": [ { "kind": "%s", "platform": "linux-x86_64", "url": "%s", "size": %d, "sha256": "%s" } ] }\
            """.formatted(version, kind, name, size, sum));
        String feed = "{ \"schema\": \"lamplighter.releases/1\", \"releases\": [ %s ] }"
                .formatted(String.join(",", releases));
        serve("/feed/releases.json.sig", key.sign(feed));
        serve("/feed/releases.json", feed);
    }

    private void serve(String path, String text) {
        try {
            server.removeContext(path);
        } catch (IllegalArgumentException _) {
            // The first release.
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    private void send(HttpExchange exchange, Path archive) throws IOException {
        Optional<String> range =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
        ranges.add(range);
        byte[] all = Files.readAllBytes(archive);
        int from =
                range.map(text -> Integer.parseInt(text.replaceAll("\\D", ""))).orElse(0);
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, all.length - 1, all.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from + more.length);
        OutputStream out = exchange.getResponseBody();
        if (breaks > 0) {
            breaks--;
            out.write(all, from, (int) Math.min(all.length - from, breaksAfter));
            out.flush();
            // Without the announced rest: the connection is closed.
            return;
        }
        out.write(all, from, all.length - from);
        out.write(more);
    }

    public static String sum(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
