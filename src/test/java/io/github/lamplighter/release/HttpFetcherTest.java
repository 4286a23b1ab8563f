package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.TlsServer;
import io.github.lamplighter.release.HttpFetcher.Document;
import io.github.lamplighter.release.HttpFetcher.Fetched;
import io.github.lamplighter.release.HttpFetcher.NoAnswer;
import io.github.lamplighter.release.HttpFetcher.NotThere;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFetcherTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final IndexServer server;

    @TempDir
    Path cache;

    HttpFetcherTest() throws IOException {
        server = new IndexServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatWasFetchedBeforeIsAskedForByItsTagAndNotSentAgain() throws IOException {
        serveTagged();
        assertThat(text(get("x"))).isEqualTo("hello");
        assertThat(text(get("x"))).isEqualTo("hello");
        assertThat(server.asked)
                .extracting(IndexServer.Asked::ifNoneMatch)
                .containsExactly(Optional.empty(), Optional.of("\"one\""));
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files.toList())
                    .singleElement()
                    .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    /// Some index servers and mirrors refuse exact types, and send what they have to who names none.
    @Test
    void whereTheTypesAreRefusedItIsAskedOnceMoreWithoutThem() throws IOException {
        server.on(
                "/x",
                exchange -> IndexServer.answer(
                        exchange,
                        exchange.getRequestHeaders().getFirst("Accept").equals("*/*") ? 200 : 406,
                        "text/html",
                        "hello"));
        assertThat(text(documents()
                        .get(
                                URI.create(server.url() + "x"),
                                IndexServer.PYTHON_JSON,
                                Optional.empty(),
                                plain(),
                                Deadline.in(AMPLE))))
                .isEqualTo("hello");

        server.on("/never", 406);
        server.asked.clear();
        assertThat(documents()
                        .get(
                                URI.create(server.url() + "never"),
                                IndexServer.PYTHON_JSON,
                                Optional.empty(),
                                plain(),
                                Deadline.in(AMPLE)))
                .isInstanceOf(NoAnswer.class);
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void aDamagedEntryIsFetchedAgain() throws IOException {
        serveTagged();
        get("x");
        Path entry;
        try (Stream<Path> files = Files.list(cache)) {
            entry = files.findFirst().orElseThrow();
        }
        for (String damage :
                List.of("", "{", "{}\nhello", Files.readString(entry).replace("hello", "HELLO"))) {
            Files.writeString(entry, damage);
            server.asked.clear();
            assertThat(text(get("x"))).isEqualTo("hello");
            assertThat(server.asked.getFirst().ifNoneMatch()).as(damage).isEmpty();
        }
    }

    @Test
    void whatOneUserMaySeeIsNotShownToAnother() throws IOException {
        server.on("/x", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            boolean ada = exchange.getRequestHeaders().containsKey("Authorization");
            IndexServer.answer(exchange, ada ? 200 : 401, "text/plain", "secret");
        });
        URI address = URI.create(server.url().replace("//", "//ada:pw@") + "x");
        assertThat(text(documents().get(address, "*/*", Optional.empty(), plain(), Deadline.in(AMPLE))))
                .isEqualTo("secret");
        assertThat(get("x")).isInstanceOf(NoAnswer.class);
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files.toList())
                    .allSatisfy(file -> assertThat(file)
                            .content(java.nio.charset.StandardCharsets.ISO_8859_1)
                            .doesNotContain("pw@")
                            .doesNotContain("YWRhOnB3"));
        }
    }

    @Test
    void aServerThatDribblesIsCutOffAtTheLimitOfTheWholeAnswer() {
        CountDownLatch over = new CountDownLatch(1);
        server.on("/x", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (!over.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    body.write('.');
                    body.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long started = System.nanoTime();
        assertThat(documents()
                        .get(
                                URI.create(server.url() + "x"),
                                "*/*",
                                Optional.empty(),
                                plain(),
                                Deadline.in(Duration.ofSeconds(1))))
                .isEqualTo(new NoAnswer(Releases.late("127.0.0.1", Duration.ofSeconds(1))));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
        over.countDown();
    }

    @Test
    void aServerThatTakesTheConnectionAndSaysNothingIsCutOffToo() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertThat(documents()
                            .get(
                                    URI.create("http://127.0.0.1:%d/".formatted(silent.getLocalPort())),
                                    "*/*",
                                    Optional.empty(),
                                    plain(),
                                    Deadline.in(Duration.ofSeconds(1))))
                    .isEqualTo(new NoAnswer(Releases.late("127.0.0.1", Duration.ofSeconds(1))));
        }
    }

    @Test
    void aHostIsAskedAtMostFourThingsAtATime() throws Exception {
        IndexServer.Held held = server.hold("/", 200);
        HttpFetcher documents = documents();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Fetched>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                URI address = URI.create(server.url() + i);
                all.add(threads.submit(
                        () -> documents.get(address, "*/*", Optional.empty(), plain(), Deadline.in(AMPLE))));
            }
            Await.until("four at once", AMPLE, () -> held.waiting() == 4);
            held.letGo();
            for (Future<Fetched> one : all) {
                assertThat(one.get()).isInstanceOf(Document.class);
            }
        }
        assertThat(held.most()).isEqualTo(4);
    }

    @Test
    void theWaitForOtherQuestionsCostsAQuestionNothing() throws Exception {
        IndexServer.Held held = server.hold("/slow", 200);
        server.on("/quick", "text/plain", "ok");
        HttpFetcher documents = documents();
        Duration limit = Duration.ofSeconds(3);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                threads.submit(() -> documents.get(
                        URI.create(server.url() + "slow"), "*/*", Optional.empty(), plain(), Deadline.in(AMPLE)));
            }
            Await.until("the host is busy", AMPLE, () -> held.waiting() == 4);
            Deadline asked = Deadline.in(limit);
            Future<Fetched> quick = threads.submit(
                    () -> documents.get(URI.create(server.url() + "quick"), "*/*", Optional.empty(), plain(), asked));
            Await.until("its own time is over", AMPLE, asked::isOver);
            held.letGo();
            assertThat(quick.get()).isInstanceOf(Document.class);
        }
    }

    @Test
    void aRedirectIsFollowedButCredentialsStayWithTheirServer() throws IOException {
        try (IndexServer other = new IndexServer()) {
            other.on("/y", "text/plain", "there");
            server.on("/x", exchange -> {
                exchange.getResponseHeaders().set("Location", other.url() + "y");
                IndexServer.answer(exchange, 301, "text/plain", "moved");
            });
            Fetched fetched = documents()
                    .get(
                            URI.create(server.url() + "x"),
                            "*/*",
                            Optional.of("Bearer t0ken"),
                            plain(),
                            Deadline.in(AMPLE));
            assertThat(text(fetched)).isEqualTo("there");
            assertThat(((Document) fetched).address()).isEqualTo(URI.create(other.url() + "y"));
            assertThat(server.asked.getFirst().authorization()).contains("Bearer t0ken");
            assertThat(other.asked.getFirst().authorization()).isEmpty();
        }
    }

    @Test
    void aCircleOfRedirectsAndAFileBehindOneAreNotFollowed() {
        server.on("/x", exchange -> {
            exchange.getResponseHeaders().set("Location", "/x");
            IndexServer.answer(exchange, 302, "text/plain", "");
        });
        server.on("/f", exchange -> {
            exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
            IndexServer.answer(exchange, 302, "text/plain", "");
        });
        assertThat(get("x")).isEqualTo(new NoAnswer(UncheckableReason.NO_SENSE, "127.0.0.1 redirects too many times."));
        assertThat(get("f")).isInstanceOf(NoAnswer.class);
    }

    @Test
    void packedAnswersAreUnpackedAndBombsAreNot() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 130; i++) {
                zip.write(new byte[1024 * 1024]);
            }
        }
        server.on("/bomb", exchange -> gzip(exchange, packed.toByteArray()));
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(small)) {
            zip.write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        server.on("/small", exchange -> gzip(exchange, small.toByteArray()));
        assertThat(text(get("small"))).isEqualTo("hello");
        Fetched bomb = get("bomb");
        assertThat(bomb).isInstanceOf(Document.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> ((Document) bomb).open().transferTo(OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("128 MB");
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        server.on("/x", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                for (int i = 0; i < 40; i++) {
                    body.write(new byte[1024 * 1024]);
                }
            } catch (IOException e) {
                // The other side has had enough.
            }
        });
        assertThat(get("x")).isEqualTo(new NoAnswer(UncheckableReason.NO_SENSE, "127.0.0.1 sent more than 24 MB."));
    }

    @Test
    void everyRefusalIsASentence() {
        server.on("/401", 401).on("/403", 403).on("/404", 404).on("/429", 429).on("/500", 500);
        assertThat(get("401")).isEqualTo(new NoAnswer(UncheckableReason.SIGN_IN, "127.0.0.1 requires sign-in (401)."));
        assertThat(get("403")).isEqualTo(new NoAnswer(UncheckableReason.SIGN_IN, "127.0.0.1 requires sign-in (403)."));
        assertThat(get("404")).isEqualTo(new NotThere());
        assertThat(get("429"))
                .isEqualTo(new NoAnswer(UncheckableReason.IN_TROUBLE, "127.0.0.1 received too many requests (429)."));
        assertThat(get("500")).isEqualTo(new NoAnswer(UncheckableReason.IN_TROUBLE, "127.0.0.1 responded with 500."));
        server.close();
        assertThat(get("gone"))
                .isEqualTo(
                        new NoAnswer(UncheckableReason.NOT_REACHED, "Could not reach 127.0.0.1: connection refused."));
        assertThat(documents()
                        .get(
                                URI.create("https://no-such-host.invalid/"),
                                "*/*",
                                Optional.empty(),
                                plain(),
                                Deadline.in(AMPLE)))
                .isEqualTo(new NoAnswer(
                        UncheckableReason.NOT_REACHED,
                        "Could not reach no-such-host.invalid: host not found, or no network."));
    }

    @Test
    void aCertificateHasToBeTrustedAndTheUsersOwnAuthoritiesCount() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make();
                TlsServer tls = TlsServer.start(home, 10, "hello")) {
            assertThat(documents().get(tls.url(), "*/*", Optional.empty(), plain(), Deadline.in(AMPLE)))
                    .isEqualTo(new NoAnswer(
                            UncheckableReason.NOT_TRUSTED, "The certificate of 127.0.0.1 is not trusted."));
            for (NetworkSettings networkSettings : List.of(
                    plain().withCaBundle(Optional.of(tls.certificate())),
                    plain().withExtraCaBundle(Optional.of(tls.certificate())))) {
                assertThat(text(documents()
                                .get(tls.url(), "*/*", Optional.empty(), networkSettings, Deadline.in(AMPLE))))
                        .isEqualTo("hello");
            }
        }
    }

    @Test
    void theProxyOfTheEnvironmentIsUsedUnlessTheHostIsReachedDirectly() throws IOException {
        try (IndexServer proxy = new IndexServer()) {
            proxy.on("/", "text/plain", "through the proxy");
            server.on("/", "text/plain", "directly");
            Map<String, String> environment = Map.of("http_proxy", "127.0.0.1:" + proxy.port());
            NetworkSettings through = NetworkSettings.of(environment);
            assertThat(text(documents()
                            .get(URI.create(server.url()), "*/*", Optional.empty(), through, Deadline.in(AMPLE))))
                    .isEqualTo("through the proxy");
            NetworkSettings direct = NetworkSettings.of(
                    Map.of("http_proxy", "127.0.0.1:" + proxy.port(), "no_proxy", "example.org, 127.0.0.1"));
            assertThat(text(documents()
                            .get(URI.create(server.url()), "*/*", Optional.empty(), direct, Deadline.in(AMPLE))))
                    .isEqualTo("directly");
            NetworkSettings socks = NetworkSettings.of(Map.of("ALL_PROXY", "socks5://ada:pw@127.0.0.1:9"));
            assertThat(documents().get(URI.create(server.url()), "*/*", Optional.empty(), socks, Deadline.in(AMPLE)))
                    .isEqualTo(new NoAnswer(
                            UncheckableReason.SETTINGS, "The type of the proxy 127.0.0.1 is not supported (socks5)."));
        }
    }

    /// Mirrors and simple index servers send no tag.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRecentResponseIsUsedAgainWithoutAskingTheServer(boolean isTagged) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        server.on("/x", exchange -> {
            if (isTagged) {
                exchange.getResponseHeaders().set("ETag", "\"one\"");
            }
            IndexServer.answer(exchange, 200, "text/plain", "answer " + asked.incrementAndGet());
        });
        Instant now = Instant.now();

        assertThat(text(get(now, Duration.ofMinutes(1)))).isEqualTo("answer 1");
        assertThat(text(get(now.plusSeconds(50), Duration.ofMinutes(1)))).isEqualTo("answer 1");
        assertThat(text(get(now.plusSeconds(50), Duration.ZERO))).isEqualTo("answer 2");
        assertThat(text(get(now.plusSeconds(120), Duration.ofMinutes(1)))).isEqualTo("answer 3");
        // The clock was set back: nobody knows how old the response is.
        assertThat(text(get(now.minusSeconds(3600), Duration.ofMinutes(1)))).isEqualTo("answer 4");
    }

    /// The JVM waits 300 ms at its exit for a thread that waits for a connection.
    @Test
    void noThreadWaitsForAConnectionThatWasClosed() throws Exception {
        serveTagged();
        HttpFetcher documents = documents();
        List<Thread> before = selectors();
        assertThat(text(get(documents))).isEqualTo("hello");
        List<Thread> waiting =
                selectors().stream().filter(thread -> !before.contains(thread)).toList();
        assertThat(waiting).isNotEmpty();

        documents.disconnect();
        for (Thread thread : waiting) {
            assertThat(thread.join(AMPLE)).isTrue();
        }
        assertThat(text(get(documents))).isEqualTo("hello");
    }

    private static List<Thread> selectors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("SelectorManager"))
                .toList();
    }

    private Fetched get(HttpFetcher documents) {
        return documents.get(URI.create(server.url() + "x"), "*/*", Optional.empty(), plain(), Deadline.in(AMPLE));
    }

    private Fetched get(Instant now, Duration maximumAge) {
        return documents(InstantSource.fixed(now), maximumAge)
                .get(URI.create(server.url() + "x"), "*/*", Optional.empty(), plain(), Deadline.in(AMPLE));
    }

    private void serveTagged() {
        server.on("/x", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            boolean known = "\"one\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            IndexServer.answer(exchange, known ? 304 : 200, "text/plain", known ? "" : "hello");
        });
    }

    private static void gzip(com.sun.net.httpserver.HttpExchange exchange, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// The Java runtime of a package has no certificates of its own.
    @Test
    void theCertificatesOfTheSystemAreTrusted() throws Exception {
        assumeThat(Path.of("/etc/ssl/certs/ca-certificates.crt")).isReadable();
        assertThat(documents().client(plain()).sslContext()).isNotSameAs(SSLContext.getDefault());
    }

    private Fetched get(String path) {
        return documents().get(URI.create(server.url() + path), "*/*", Optional.empty(), plain(), Deadline.in(AMPLE));
    }

    /// A new one each time, as each run of the program has.
    private HttpFetcher documents() {
        return documents(InstantSource.system(), Duration.ZERO);
    }

    private HttpFetcher documents(InstantSource clock, Duration maximumAge) {
        return new HttpFetcher(new HttpCache(cache, clock, maximumAge), new HostConcurrencyLimit());
    }

    private static NetworkSettings plain() {
        return NetworkSettings.of(Map.of());
    }

    private static String text(Fetched fetched) throws IOException {
        assertThat(fetched).isInstanceOf(Document.class);
        return ((Document) fetched).text();
    }
}
