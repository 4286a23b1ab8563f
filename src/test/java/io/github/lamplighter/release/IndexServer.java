package io.github.lamplighter.release;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A package index on a free port of 127.0.0.1: what it answers is said by each test, and what it was asked
/// is kept.
final class IndexServer implements AutoCloseable {

    static final String PYTHON_JSON = "application/vnd.pypi.simple.v1+json";

    private final HttpServer server;
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    record Asked(URI address, Optional<String> accept, Optional<String> authorization, Optional<String> ifNoneMatch) {}

    IndexServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    IndexServer on(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            asked.add(new Asked(
                    exchange.getRequestURI(),
                    header(exchange, "Accept"),
                    header(exchange, "Authorization"),
                    header(exchange, "If-None-Match")));
            try (exchange) {
                handler.handle(exchange);
            }
        });
        return this;
    }

    IndexServer on(String path, String type, String body) {
        return on(path, exchange -> answer(exchange, 200, type, body));
    }

    IndexServer on(String path, int status) {
        return on(path, exchange -> answer(exchange, status, "text/plain", "no"));
    }

    /// Those who ask for it wait until they are let go.
    Held hold(String path, int status) {
        Held held = new Held();
        on(path, exchange -> {
            held.await();
            answer(exchange, status, "text/plain", "ok");
        });
        return held;
    }

    static final class Held {
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final CountDownLatch free = new CountDownLatch(1);

        int waiting() {
            return waiting.get();
        }

        /// How many waited at the same time.
        int most() {
            return most.get();
        }

        void letGo() {
            free.countDown();
        }

        private void await() {
            most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            waiting.decrementAndGet();
        }
    }

    static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
