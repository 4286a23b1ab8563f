package io.github.lamplighter.readiness;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks an endpoint once. Plain sockets rather than an HTTP client: only the status line matters, and a
/// half-dead server that drips bytes must not hold anybody up beyond the limit. No proxy is used and no
/// redirect followed.
public final class Probe {

    /// How long one answer may take.
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

    /// Whether the endpoint answers now, and is ready.
    public ProbeResult ask(Endpoint endpoint) {
        return onSystemThread(() -> asked(endpoint));
    }

    /// The same, asked up to three times while there is no answer, each time half a second after the last, and
    /// without giving the earlier ones up: one worker that hangs, or the moment between two starts, is no
    /// silence.
    ///
    /// @param isToAnswer whether it is worth asking more than once: nobody waits for what does not run
    public ProbeResult probeWithRetry(Endpoint endpoint, BooleanSupplier isToAnswer) {
        BlockingQueue<ProbeResult> answers = new LinkedBlockingQueue<>();
        ProbeResult.No last = new ProbeResult.No("no answer in %d s".formatted(limit.toSeconds()));
        int given = 0;
        for (int asked = 1; asked <= TRIES; asked++) {
            Thread.ofPlatform().daemon().name("probe").start(() -> answers.add(asked(endpoint)));
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

    private ProbeResult asked(Endpoint endpoint) {
        long started = System.nanoTime();
        Deadline deadline = new Deadline(limit);
        return switch (Address.of(endpoint.url())) {
            case Address.Http http -> status(http, endpoint, http.path(), deadline, started);
            case Address.Tcp tcp -> connection(tcp, deadline, started);
            case Address.Unix unix -> unix(unix.path(), started);
            case Address.Unclear unclear -> new ProbeResult.No(unclear.why());
        };
    }

    /// The JSON that the endpoint answers at `path`, if it answers 2xx and JSON within the limit.
    public Optional<JsonNode> json(Endpoint endpoint, String path) {
        return onSystemThread(() -> answered(endpoint, path));
    }

    private Optional<JsonNode> answered(Endpoint endpoint, String path) {
        if (!(Address.of(endpoint.url()) instanceof Address.Http http)) {
            return Optional.empty();
        }
        Deadline deadline = new Deadline(limit);
        for (InetAddress address : addresses(http.host())) {
            try (Socket socket = open(http, address, deadline)) {
                request(socket, http, joined(http.path(), path));
                return answer(socket, deadline);
            } catch (IOException | GeneralSecurityException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /// The certificate that an `https:` endpoint shows, whatever it is worth; empty when none is shown in time.
    public Optional<X509Certificate> certificate(Endpoint endpoint) {
        return onSystemThread(() -> shown(endpoint));
    }

    private Optional<X509Certificate> shown(Endpoint endpoint) {
        if (!(Address.of(endpoint.url()) instanceof Address.Http http) || !http.secure()) {
            return Optional.empty();
        }
        Deadline deadline = new Deadline(limit);
        for (InetAddress address : addresses(http.host())) {
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

    private ProbeResult status(Address.Http http, Endpoint endpoint, String path, Deadline deadline, long started) {
        List<InetAddress> addresses = addresses(http.host());
        String last = notListeningText(addresses, http.port());
        for (InetAddress address : addresses) {
            try (Socket socket = open(http, address, deadline)) {
                request(socket, http, path);
                String line = line(socket, deadline);
                Matcher matcher = STATUS.matcher(line);
                if (!matcher.matches()) {
                    last = line.isEmpty() ? "the connection was closed without an answer" : "the answer is not HTTP";
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

    private ProbeResult connection(Address.Tcp tcp, Deadline deadline, long started) {
        List<InetAddress> addresses = addresses(tcp.host());
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

    /// A connection to a local socket happens at once or not at all: a full backlog refuses, non-blocking.
    private static ProbeResult unix(Path path, long started) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            boolean connected = channel.connect(UnixDomainSocketAddress.of(path));
            return connected
                    ? new ProbeResult.Yes(true, "connected", took(started))
                    : new ProbeResult.No("the socket takes no more connections");
        } catch (IOException | IllegalArgumentException e) {
            return new ProbeResult.No("nothing listens on that socket");
        }
    }

    private static String notListeningText(List<InetAddress> addresses, int port) {
        return switch (addresses.size()) {
            case 0 -> "its host name is not known here";
            case 1 ->
                "nothing listens on port %d of %s"
                        .formatted(port, shortened(addresses.getFirst().getHostAddress()));
            default -> "nothing listens on port " + port;
        };
    }

    /// `::1` for `0:0:0:0:0:0:0:1`.
    static String shortened(String address) {
        return address.replaceFirst("^(?:0:){7}(?=[01]$)", "::").replaceFirst("^::0$", "::");
    }

    /// A refused connection says least: another address may have said more.
    private static boolean isRefused(Exception e) {
        return e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused");
    }

    /// Java's own words are no sentences, and differ from release to release.
    private String describe(Exception e) {
        String said = String.valueOf(e.getMessage());
        return switch (e) {
            case SocketTimeoutException _ -> "no answer in %d s".formatted(limit.toSeconds());
            case SSLException _ when said.contains("SSL message") -> "what answers there does not speak TLS";
            case SSLException _
            when said.contains("PKIX") || said.contains("No subject alternative") ->
                "its certificate is not trusted here";
            case SSLException _ -> "no TLS connection came about";
            case SocketException _
            when said.contains("unreachable") || said.contains("No route") -> "there is no way to it from here";
            case SocketException _ when said.contains("reset") -> "the connection was closed without an answer";
            default -> "the connection broke";
        };
    }

    private static Socket open(Address.Http http, InetAddress address, Deadline deadline)
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

    /// HTTP/1.0, so that the answer ends with the connection and comes in one piece.
    private static void request(Socket socket, Address.Http http, String path) throws IOException {
        String text =
                "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: lamplighter\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                        .formatted(path, http.authority());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /// A whole line, or what there is of it when the connection ends: then no number stands in the right place.
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

    /// Servers that keep the connection open all the same say how long the answer is.
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

    /// `localhost` is both loopback addresses, in the order in which they are tried; a literal address is that
    /// one alone, since a server on the other is not reached by it. A wildcard is what a server listens on:
    /// asked is the loopback address of its family.
    static List<InetAddress> addresses(String host) {
        String bare = host.replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
        return switch (bare) {
            case "localhost", "" ->
                Stream.of("127.0.0.1", "::1").flatMap(Probe::resolve).toList();
            case "0.0.0.0" -> resolve("127.0.0.1").toList();
            case "::" -> resolve("::1").toList();
            default ->
                resolve(bare)
                        .sorted(Comparator.comparing(Inet6Address.class::isInstance))
                        .toList();
        };
    }

    /// A name server that is silent may keep a question for half a minute.
    private static Stream<InetAddress> resolve(String host) {
        try {
            return Arrays.stream(CompletableFuture.supplyAsync(
                            () -> allOf(host), Thread.ofPlatform().daemon().name("host name")::start)
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Stream.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Stream.empty();
        }
    }

    private static InetAddress[] allOf(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException _) {
            return new InetAddress[0];
        }
    }

    /// The first socket that a virtual thread waits for starts the JDK's poller, a thread that stays in native code,
    /// and at its end the JVM waits up to 0.3 s for such threads (HotSpot, `wait_for_threads_in_native_to_block`):
    /// as long as all the rest of a run.
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

    /// Whose certificate a service on this machine shows is another check's question.
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

    /// What is left of the time for one answer, over all its steps.
    private static final class Deadline {
        private final long end;

        Deadline(Duration limit) {
            this.end = System.nanoTime() + limit.toNanos();
        }

        int millis() throws SocketTimeoutException {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("the time is over");
            }
            return (int) left;
        }
    }

    /// An endpoint's address, taken apart.
    sealed interface Address {
        record Http(boolean secure, String host, int port, String path, String authority) implements Address {}

        record Tcp(String host, int port) implements Address {}

        record Unix(Path path) implements Address {}

        record Unclear(String why) implements Address {}

        static Address of(String url) {
            String scheme =
                    url.contains(":") ? url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT) : "";
            try {
                return switch (scheme) {
                    case "http", "https" -> http(URI.create(url), scheme.equals("https"));
                    case "tcp" -> tcp(URI.create(url.startsWith("tcp://") ? url : "tcp://" + url.substring(4)));
                    case "unix" -> new Unix(Path.of(url.substring(5).replaceFirst("^//", "")));
                    default -> new Unclear("its address is neither http, https, tcp nor unix: " + url);
                };
            } catch (IllegalArgumentException e) {
                return new Unclear("its address cannot be read: " + url);
            }
        }

        private static Address http(URI uri, boolean secure) {
            String host = Optional.ofNullable(uri.getHost()).orElse("");
            if (host.isEmpty()) {
                return new Unclear("its address names no host: " + uri);
            }
            int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
            String path = Optional.ofNullable(uri.getRawPath())
                    .filter(raw -> !raw.isEmpty())
                    .orElse("/");
            String query =
                    Optional.ofNullable(uri.getRawQuery()).map(raw -> "?" + raw).orElse("");
            String authority = uri.getPort() > 0 ? host + ":" + port : host;
            return new Http(secure, host, port, path + query, authority);
        }

        private static Address tcp(URI uri) {
            return uri.getPort() <= 0
                    ? new Unclear("its address names no port: " + uri)
                    : new Tcp(Optional.ofNullable(uri.getHost()).orElse("localhost"), uri.getPort());
        }
    }
}
