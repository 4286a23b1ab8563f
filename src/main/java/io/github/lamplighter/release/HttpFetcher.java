package io.github.lamplighter.release;

import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.UntrustedText;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Fetches documents of package indexes, with a time limit and a size limit for the whole response, at most
/// four requests per host at a time, and conditional requests for cached documents.
final class HttpFetcher {

    /// Bytes on the line, and bytes when unpacked: the largest npm package descriptions have some 40 MB.
    private static final int MOST_BYTES = 24 * 1024 * 1024;

    private static final long MOST_UNPACKED = 128L * 1024 * 1024;
    static final int MOST_REDIRECTS = 5;

    /// Debian, Arch and Alpine; Fedora; openSUSE.
    private static final List<Path> SYSTEM_BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"));

    private static final String ANYTHING = "*/*";

    private final HttpCache cache;
    private final HostConcurrencyLimit hostConcurrencyLimit;
    private final Map<NetworkSettings, HttpClient> clients = new ConcurrentHashMap<>();

    HttpFetcher(HttpCache cache, HostConcurrencyLimit hostConcurrencyLimit) {
        this.cache = cache;
        this.hostConcurrencyLimit = hostConcurrencyLimit;
    }

    sealed interface Fetched permits Document, NotThere, NoAnswer {}

    /// @param address the final URL after redirects, without credentials: the base of relative links
    /// @param type the media type in lower case, without parameters
    /// @param encoding `gzip` or empty
    /// @param body as it came
    record Document(URI address, String type, String encoding, byte[] body) implements Fetched {

        /// The unpacked content; reading fails with an [IOException] if it becomes too large.
        InputStream open() throws IOException {
            InputStream raw = new ByteArrayInputStream(body);
            return encoding.equals("gzip") ? new Capped(new GZIPInputStream(raw)) : raw;
        }

        String text() throws IOException {
            try (InputStream in = open()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    /// The server has no such document (404 or 410).
    record NotThere() implements Fetched {}

    /// The sentence contains no credentials.
    record NoAnswer(NotCheckable gap) implements Fetched {
        NoAnswer(UncheckableReason uncheckableReason, String why) {
            this(new NotCheckable(uncheckableReason, why));
        }
    }

    /// @param address `http` or `https`; credentials in it are sent as Basic authorization to that host only
    /// @param accept the media types that are understood, as in RFC 9110
    /// @param authorization the whole header value, if the configuration has one for this host
    Fetched get(
            URI address,
            String accept,
            Optional<String> authorization,
            NetworkSettings networkSettings,
            Deadline deadline) {
        URI plain = withoutCredentials(address);
        Optional<String> credentials = authorization.or(() -> basic(address));
        String key = plain + "\n" + accept + "\n" + credentials.orElse("");
        Optional<HttpCache.Entry> before = cache.read(key);
        if (before.filter(cache::isFresh).isPresent()) {
            return before.get().document();
        }
        URI at = plain;
        String types = accept;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            // Credentials are not sent to another server after a redirect.
            Optional<String> sent = sameServer(plain, at) ? credentials : Optional.empty();
            Exchange exchange = ask(at, types, sent, before, networkSettings, deadline);
            if (exchange instanceof Exchange.Broken(NotCheckable gap)) {
                return new NoAnswer(gap);
            }
            HttpResponse<byte[]> response = ((Exchange.Answered) exchange).response();
            int status = response.statusCode();
            if (status == 304 && before.isPresent()) {
                cache.touch(key);
                return before.get().document();
            }
            if (status == 200) {
                Document document = new Document(at, type(response), encoding(response), response.body());
                if (!document.encoding().isEmpty() && !document.encoding().equals("gzip")) {
                    return new NoAnswer(
                            UncheckableReason.NO_SENSE,
                            "%s sent an unsupported encoding (%s)."
                                    .formatted(host(at), UntrustedText.quotation(document.encoding())));
                }
                cache.write(
                        key,
                        document,
                        response.headers().firstValue("etag"),
                        response.headers().firstValue("last-modified"));
                return document;
            }
            if (status == 406 && !types.equals(ANYTHING)) {
                // Some servers reject exact types, but send one of them if none is requested.
                types = ANYTHING;
                continue;
            }
            if (!isRedirect(status)) {
                return refused(at, status);
            }
            Optional<URI> next = redirected(at, response);
            if (next.isEmpty()) {
                return new NoAnswer(
                        UncheckableReason.NO_SENSE,
                        "%s redirects to a URL that is invalid or not https.".formatted(host(at)));
            }
            at = next.get();
        }
        return new NoAnswer(UncheckableReason.NO_SENSE, "%s redirects too many times.".formatted(host(plain)));
    }

    private sealed interface Exchange {
        record Answered(HttpResponse<byte[]> response) implements Exchange {}

        record Broken(NotCheckable gap) implements Exchange {
            Broken(UncheckableReason uncheckableReason, String why) {
                this(new NotCheckable(uncheckableReason, why));
            }
        }
    }

    private Exchange ask(
            URI at,
            String accept,
            Optional<String> authorization,
            Optional<HttpCache.Entry> before,
            NetworkSettings networkSettings,
            Deadline deadline) {
        Optional<URI> proxy = networkSettings.proxy(at);
        if (proxy.isPresent() && !"http".equalsIgnoreCase(proxy.get().getScheme())) {
            return new Exchange.Broken(
                    UncheckableReason.SETTINGS,
                    "The type of the proxy %s is not supported (%s)."
                            .formatted(host(proxy.get()), proxy.get().getScheme()));
        }
        // HTTP/2 pays off for many requests to one server. A run makes a few, and would first load its classes.
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .version(HttpClient.Version.HTTP_1_1)
                .header("Accept", accept)
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "lamplighter")
                .GET();
        authorization.ifPresent(value -> request.header("Authorization", value));
        proxy.flatMap(HttpFetcher::basic).ifPresent(value -> request.header("Proxy-Authorization", value));
        before.flatMap(HttpCache.Entry::tag).ifPresent(tag -> request.header("If-None-Match", tag));
        before.flatMap(HttpCache.Entry::changed).ifPresent(time -> request.header("If-Modified-Since", time));
        try (HostConcurrencyLimit.Permit _ = hostConcurrencyLimit.acquire(at, deadline)) {
            if (deadline.isOver()) {
                return new Exchange.Broken(deadline.late(host(at)));
            }
            // The limit applies to the whole body, so a slow server is stopped.
            CompletableFuture<HttpResponse<byte[]>> answer = client(networkSettings)
                    .sendAsync(
                            request.build(),
                            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
            try {
                return new Exchange.Answered(answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS));
            } finally {
                answer.cancel(true);
            }
        } catch (TimeoutException e) {
            return new Exchange.Broken(deadline.late(host(at)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Exchange.Broken(
                    UncheckableReason.INTERRUPTED, "The request to %s was interrupted.".formatted(host(at)));
        } catch (ExecutionException e) {
            return new Exchange.Broken(
                    gap(at, proxy, Optional.ofNullable(e.getCause()).orElse(e)));
        } catch (IOException | GeneralSecurityException e) {
            return new Exchange.Broken(
                    UncheckableReason.SETTINGS,
                    "Could not read the CA certificates: %s."
                            .formatted(UntrustedText.quotation(String.valueOf(e.getMessage()))));
        }
    }

    private static Fetched refused(URI at, int status) {
        return switch (status) {
            case 404, 410 -> new NotThere();
            case 401, 403 ->
                new NoAnswer(UncheckableReason.SIGN_IN, "%s requires sign-in (%d).".formatted(host(at), status));
            case 407 -> new NoAnswer(proxyWantsCredentials(at));
            case 429 ->
                new NoAnswer(UncheckableReason.IN_TROUBLE, "%s received too many requests (429).".formatted(host(at)));
            case 511 ->
                new NoAnswer(
                        UncheckableReason.NO_SENSE,
                        "The network requires sign-in before %s can be reached (511).".formatted(host(at)));
            default ->
                new NoAnswer(
                        status >= 500 ? UncheckableReason.IN_TROUBLE : UncheckableReason.NO_SENSE,
                        "%s responded with %d.".formatted(host(at), status));
        };
    }

    private static NotCheckable proxyWantsCredentials(URI at) {
        return new NotCheckable(
                UncheckableReason.SETTINGS, "The proxy for %s requires sign-in (407).".formatted(host(at)));
    }

    private static NotCheckable gap(URI at, Optional<URI> proxy, Throwable cause) {
        String who = host(at);
        String through =
                proxy.map(address -> " through the proxy " + host(address)).orElse("");
        for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
            String message = String.valueOf(reason.getMessage());
            if (reason instanceof UnknownHostException || reason instanceof UnresolvedAddressException) {
                return new NotCheckable(
                        UncheckableReason.NOT_REACHED,
                        "Could not reach %s%s: host not found, or no network.".formatted(who, through));
            }
            if (message.contains("407")) {
                return proxyWantsCredentials(at);
            }
            if (message.contains("capacity")) {
                return new NotCheckable(
                        UncheckableReason.NO_SENSE,
                        "%s sent more than %d MB.".formatted(who, MOST_BYTES / 1024 / 1024));
            }
            if (reason instanceof CertificateException || message.contains("PKIX")) {
                return new NotCheckable(
                        UncheckableReason.NOT_TRUSTED, "The certificate of %s is not trusted.".formatted(who));
            }
        }
        if (cause instanceof SSLHandshakeException || cause instanceof SSLException) {
            return new NotCheckable(
                    UncheckableReason.NOT_TRUSTED,
                    "No secure connection to %s: %s."
                            .formatted(who, UntrustedText.quotation(String.valueOf(cause.getMessage()))));
        }
        return new NotCheckable(
                UncheckableReason.NOT_REACHED,
                cause instanceof ConnectException
                        ? "Could not reach %s%s: connection refused.".formatted(who, through)
                        : "Could not reach %s%s: %s."
                                .formatted(who, through, UntrustedText.quotation(String.valueOf(cause.getMessage()))));
    }

    static boolean isRedirect(int status) {
        return List.of(301, 302, 303, 307, 308).contains(status);
    }

    /// https redirects only to https; http may redirect anywhere.
    static Optional<URI> redirected(URI from, HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("location")
                    .map(from::resolve)
                    .map(HttpFetcher::withoutCredentials)
                    .filter(to -> to.getHost() != null)
                    .filter(to -> "https".equalsIgnoreCase(to.getScheme())
                            || ("http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Closes all connections; the next request opens new ones.
    void disconnect() {
        clients.values().removeIf(client -> {
            client.shutdownNow();
            return true;
        });
    }

    HttpClient client(NetworkSettings networkSettings) throws IOException, GeneralSecurityException {
        HttpClient known = clients.get(networkSettings);
        if (known != null) {
            return known;
        }
        HttpClient made = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(new Proxies(networkSettings))
                .sslContext(context(networkSettings))
                .build();
        HttpClient raced = clients.putIfAbsent(networkSettings, made);
        return raced == null ? made : raced;
    }

    /// The proxies of the package manager, not those of this JVM.
    private static final class Proxies extends ProxySelector {
        private final NetworkSettings networkSettings;

        Proxies(NetworkSettings networkSettings) {
            this.networkSettings = networkSettings;
        }

        @Override
        public List<java.net.Proxy> select(URI address) {
            return List.of(networkSettings
                    .proxy(address)
                    .map(proxy -> new java.net.Proxy(
                            java.net.Proxy.Type.HTTP,
                            InetSocketAddress.createUnresolved(
                                    proxy.getHost(), proxy.getPort() > 0 ? proxy.getPort() : 80)))
                    .orElse(java.net.Proxy.NO_PROXY));
        }

        @Override
        public void connectFailed(URI address, java.net.SocketAddress proxy, IOException reason) {
            // The request contains it.
        }
    }

    private static SSLContext context(NetworkSettings networkSettings) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        Optional<Path> bundle = networkSettings.authorities().or(HttpFetcher::systemBundle);
        if (bundle.isPresent()) {
            add(trusted, "only", read(bundle.get()));
        } else {
            for (TrustManager manager : managers(Optional.empty())) {
                if (manager instanceof X509TrustManager standard) {
                    add(trusted, "system", List.of(standard.getAcceptedIssuers()));
                }
            }
        }
        if (networkSettings.moreAuthorities().isPresent()) {
            add(trusted, "more", read(networkSettings.moreAuthorities().get()));
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers(Optional.of(trusted)), null);
        return context;
    }

    /// The CA certificates that the system's own programs trust, including those that an administrator added.
    /// Java's own store is another list, and a package of Lamplighter has none.
    private static Optional<Path> systemBundle() {
        return SYSTEM_BUNDLES.stream().filter(Files::isReadable).findFirst();
    }

    private static TrustManager[] managers(Optional<KeyStore> trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted.orElse(null));
        return factory.getTrustManagers();
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException, GeneralSecurityException {
        // The factory reads byte by byte, and such a file has 200 kB: from a file it takes a third of a second.
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static void add(KeyStore trusted, String prefix, Collection<? extends Certificate> certificates)
            throws GeneralSecurityException {
        int number = 0;
        for (Certificate certificate : certificates) {
            if (certificate instanceof X509Certificate) {
                trusted.setCertificateEntry(prefix + number++, certificate);
            }
        }
    }

    private static String type(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("content-type")
                .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    private static String encoding(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("content-encoding")
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .filter(value -> !value.equals("identity"))
                .orElse("");
    }

    private static boolean sameServer(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && host(one).equalsIgnoreCase(host(other))
                && one.getPort() == other.getPort();
    }

    /// `Basic …` from `user:password@`, which may be percent-encoded.
    private static Optional<String> basic(URI address) {
        return Optional.ofNullable(address.getUserInfo())
                .filter(user -> !user.isEmpty())
                .map(user -> user.contains(":") ? user : user + ":")
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    /// The URL without credentials.
    static URI withoutCredentials(URI address) {
        if (address.getRawUserInfo() == null) {
            return address;
        }
        String text = address.toString();
        return URI.create(text.replaceFirst("//[^/@]*@", "//"));
    }

    static String host(URI address) {
        return Optional.ofNullable(address.getHost()).orElse("the index");
    }

    /// Fails after more bytes than any real document has.
    private static final class Capped extends FilterInputStream {
        private long seen;

        Capped(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int some = super.read(into, from, length);
            count(Math.max(0, some));
            return some;
        }

        private void count(int more) throws IOException {
            seen += more;
            if (seen > MOST_UNPACKED) {
                throw new IOException("it unpacks to more than %d MB".formatted(MOST_UNPACKED / 1024 / 1024));
            }
        }
    }
}
