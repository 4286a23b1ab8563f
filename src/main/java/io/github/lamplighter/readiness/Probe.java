package io.github.lamplighter.readiness;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Sends requests to an endpoint. It uses plain sockets instead of an HTTP client: only the status line
/// matters, and a broken server that sends single bytes must not block beyond the limit. It uses no proxy and
/// follows no redirect.
public final class Probe {

    /// How long one response may take.
    public static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int BODY_LIMIT = 1024 * 1024;
    private static final int LINE_LIMIT = 4096;
    private static final Pattern STATUS = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3})(?: .*)?");

    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Duration limit;

    public Probe() {
        this(LIMIT);
    }

    public Probe(Duration limit) {
        this.limit = limit;
    }

    /// Whether the endpoint responds now, and is ready.
    public ProbeResult ask(Endpoint endpoint) {
        return onSystemThread(() -> probe(endpoint));
    }

    /// The same with up to three parallel attempts, half a second apart: one worker that hangs, or a restart,
    /// does not count as not responding.
    ///
    /// @param isToAnswer whether a service that should respond is running; if not, one attempt is enough
    public ProbeResult probeWithRetry(Endpoint endpoint, BooleanSupplier isToAnswer) {
        BlockingQueue<ProbeResult> answers = new LinkedBlockingQueue<>();
        ProbeResult.No last = new ProbeResult.No("no response within %d s".formatted(limit.toSeconds()));
        int given = 0;
        for (int asked = 1; asked <= TRIES; asked++) {
            Thread.ofPlatform().daemon().name("probe").start(() -> answers.add(probe(endpoint)));
            long end = System.nanoTime() + (asked < TRIES ? PAUSE : limit.plus(PAUSE)).toNanos();
            boolean waits = true;
            while (waits && given < TRIES) {
                Optional<ProbeResult> answer = next(answers, end);
                if (answer.isPresent() && answer.get() instanceof ProbeResult.No no) {
                    last = no;
                    given++;
                    if (asked == 1 && !isToAnswer.getAsBoolean()) {
                        return no;
                    }
                } else if (answer.isPresent()) {
                    return answer.get();
                } else {
                    waits = false;
                }
            }
        }
        return new ProbeResult.No("%s (%d tries)".formatted(last.detail(), TRIES));
    }

    private static Optional<ProbeResult> next(BlockingQueue<ProbeResult> answers, long end) {
        try {
            return Optional.ofNullable(answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private ProbeResult probe(Endpoint endpoint) {
        long started = System.nanoTime();
        Deadline deadline = new Deadline(limit);
        return switch (EndpointAddress.of(endpoint.url())) {
            case EndpointAddress.Http http -> status(http, endpoint, http.path(), deadline, started);
            case EndpointAddress.Tcp tcp -> connection(tcp, deadline, started);
            case EndpointAddress.Unix unix -> unix(unix.path(), started);
            case EndpointAddress.Unclear unclear -> new ProbeResult.No(unclear.why());
        };
    }

    /// The JSON response of `path`; empty without a 2xx status and JSON within the limit.
    public Optional<JsonNode> json(Endpoint endpoint, String path) {
        return onSystemThread(() -> requestJson(endpoint, path));
    }

    private Optional<JsonNode> requestJson(Endpoint endpoint, String path) {
        if (!(EndpointAddress.of(endpoint.url()) instanceof EndpointAddress.Http http)) {
            return Optional.empty();
        }
        Deadline deadline = new Deadline(limit);
        for (InetAddress address : EndpointAddress.resolve(http.host())) {
            try (Socket socket = open(http, address, deadline)) {
                request(socket, http, joined(http.path(), path));
                return answer(socket, deadline);
            } catch (IOException | GeneralSecurityException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /// The certificate of an `https:` endpoint, trusted or not; empty if there is none in time.
    public Optional<X509Certificate> certificate(Endpoint endpoint) {
        return onSystemThread(() -> handshake(endpoint));
    }

    private Optional<X509Certificate> handshake(Endpoint endpoint) {
        if (!(EndpointAddress.of(endpoint.url()) instanceof EndpointAddress.Http http) || !http.secure()) {
            return Optional.empty();
        }
        Deadline deadline = new Deadline(limit);
        for (InetAddress address : EndpointAddress.resolve(http.host())) {
            try (Socket plain = connect(address, http.port(), deadline);
                    SSLSocket socket = (SSLSocket)
                            trusting().getSocketFactory().createSocket(plain, http.host(), http.port(), true)) {
                socket.setSoTimeout(deadline.millis());
                socket.startHandshake();
                if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate shown) {
                    return Optional.of(shown);
                }
            } catch (IOException | GeneralSecurityException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    private ProbeResult status(
            EndpointAddress.Http http, Endpoint endpoint, String path, Deadline deadline, long started) {
        List<InetAddress> addresses = EndpointAddress.resolve(http.host());
        String last = notListeningText(addresses, http.port());
        for (InetAddress address : addresses) {
            try (Socket socket = open(http, address, deadline)) {
                request(socket, http, path);
                String line = line(socket, deadline);
                Matcher matcher = STATUS.matcher(line);
                if (!matcher.matches()) {
                    last = line.isEmpty() ? "the connection was closed without a response" : "the response is not HTTP";
                    continue;
                }
                int code = Integer.parseInt(matcher.group(1));
                boolean ready = endpoint.expect().isEmpty()
                        ? code < 500
                        : endpoint.expect().contains(code);
                return new ProbeResult.Yes(ready, "HTTP " + code, took(started));
            } catch (IOException | GeneralSecurityException e) {
                last = isRefused(e) ? last : describe(e);
            }
        }
        return new ProbeResult.No(last);
    }

    private ProbeResult connection(EndpointAddress.Tcp tcp, Deadline deadline, long started) {
        List<InetAddress> addresses = EndpointAddress.resolve(tcp.host());
        String last = notListeningText(addresses, tcp.port());
        for (InetAddress address : addresses) {
            try (Socket _ = connect(address, tcp.port(), deadline)) {
                return new ProbeResult.Yes(true, "connected", took(started));
            } catch (IOException e) {
                last = isRefused(e) ? last : describe(e);
            }
        }
        return new ProbeResult.No(last);
    }

    /// A non-blocking connection to a local socket succeeds or fails immediately, for example if its backlog
    /// is full.
    private static ProbeResult unix(Path path, long started) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            boolean connected = channel.connect(UnixDomainSocketAddress.of(path));
            return connected
                    ? new ProbeResult.Yes(true, "connected", took(started))
                    : new ProbeResult.No("the socket accepts no more connections");
        } catch (IOException | IllegalArgumentException e) {
            // sun_path of unix(7) has 108 bytes, on macOS 104.
            return new ProbeResult.No(
                    String.valueOf(e.getMessage()).contains("too long")
                            ? "its path is too long for a socket"
                            : "nothing listens on that socket");
        }
    }

    private static String notListeningText(List<InetAddress> addresses, int port) {
        return switch (addresses.size()) {
            case 0 -> "its host name is unknown";
            case 1 ->
                "nothing listens on port %d of %s"
                        .formatted(
                                port,
                                EndpointAddress.shortened(addresses.getFirst().getHostAddress()));
            default -> "nothing listens on port " + port;
        };
    }

    /// A refused connection is the least specific error, so an error of another address is preferred.
    private static boolean isRefused(Exception e) {
        return e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused");
    }

    /// A phrase for an exception, because Java's own messages differ between releases.
    private String describe(Exception e) {
        String said = String.valueOf(e.getMessage());
        return switch (e) {
            case SocketTimeoutException _ -> "no response within %d s".formatted(limit.toSeconds());
            case SSLException _ when said.contains("SSL message") -> "the server does not use TLS";
            case SSLException _
            when said.contains("PKIX") || said.contains("No subject alternative") -> "its certificate is not trusted";
            case SSLException _ -> "the TLS connection failed";
            case SocketException _
            when said.contains("unreachable") || said.contains("No route") -> "there is no route to the host";
            case SocketException _ when said.contains("reset") -> "the connection was closed without a response";
            default -> "the connection was interrupted";
        };
    }

    private static Socket open(EndpointAddress.Http http, InetAddress address, Deadline deadline)
            throws IOException, GeneralSecurityException {
        Socket plain = connect(address, http.port(), deadline);
        if (!http.secure()) {
            return plain;
        }
        try {
            SSLSocketFactory factory = address.isLoopbackAddress()
                    ? trusting().getSocketFactory()
                    : SSLContext.getDefault().getSocketFactory();
            SSLSocket secure = (SSLSocket) factory.createSocket(plain, http.host(), http.port(), true);
            secure.setSoTimeout(deadline.millis());
            secure.startHandshake();
            return secure;
        } catch (IOException | GeneralSecurityException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket connect(InetAddress address, int port, Deadline deadline) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.connect(new InetSocketAddress(address, port), deadline.millis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// HTTP/1.0, so that the response ends with the connection and is not chunked.
    private static void request(Socket socket, EndpointAddress.Http http, String path) throws IOException {
        String text =
                "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: lamplighter\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                        .formatted(path, http.authority());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /// The first line; empty if the connection ends before its end.
    private static String line(Socket socket, Deadline deadline) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (line.length() < LINE_LIMIT) {
            socket.setSoTimeout(deadline.millis());
            int value = in.read();
            if (value < 0) {
                return "";
            }
            if (value == '\n') {
                return line.toString().strip();
            }
            line.append((char) value);
        }
        return "(endless)";
    }

    private static Optional<JsonNode> answer(Socket socket, Deadline deadline) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        InputStream in = socket.getInputStream();
        while (kept.size() < BODY_LIMIT) {
            socket.setSoTimeout(deadline.millis());
            int read = in.read(buffer);
            if (read < 0) {
                break;
            }
            kept.write(buffer, 0, read);
            if (isWhole(kept)) {
                break;
            }
        }
        String text = kept.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.matches("(?s)HTTP/\\d(?:\\.\\d)? 2\\d\\d[ \\r].*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonFile.MAPPER.readTree(text.substring(end + 4)));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /// Whether the body is as long as `Content-Length`: some servers keep the connection open.
    private static boolean isWhole(ByteArrayOutputStream kept) {
        String text = kept.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        Matcher length =
                Pattern.compile("(?im)^content-length:\\s*(\\d{1,9})\\s*$").matcher(text.substring(0, end));
        return length.find() && text.length() - end - 4 >= Integer.parseInt(length.group(1));
    }

    private static String joined(String base, String path) {
        String prefix = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return prefix + (path.startsWith("/") ? path : "/" + path);
    }

    /// Runs `work` on a platform thread. The first socket of a virtual thread starts the JDK's poller, a
    /// thread in native code, and at exit the JVM waits up to 0.3 s for such threads (HotSpot,
    /// `wait_for_threads_in_native_to_block`).
    private static <T> T onSystemThread(Supplier<T> work) {
        return Thread.currentThread().isVirtual()
                ? CompletableFuture.supplyAsync(
                                work, Thread.ofPlatform().daemon().name("probe")::start)
                        .join()
                : work.get();
    }

    private static Duration took(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /// Accepts every certificate: another check verifies it.
    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, new SecureRandom());
        return context;
    }

    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// The remaining time for one response, over all its steps.
    private static final class Deadline {
        private final long end;

        Deadline(Duration limit) {
            this.end = System.nanoTime() + limit.toNanos();
        }

        int millis() throws SocketTimeoutException {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("time limit reached");
            }
            return (int) left;
        }
    }
}
