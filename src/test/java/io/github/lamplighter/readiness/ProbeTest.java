package io.github.lamplighter.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.proc.ProcListeners;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.JsonAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {

    private static final Probe PROBE = new Probe(Duration.ofSeconds(1));

    /// For servers that answer: a busy machine may take its time.
    private static final Probe PATIENT = new Probe(Duration.ofSeconds(30));

    private static final AppDirectories PLACES = AppDirectories.linux(Map.of(), Path.of("/home/ada"));

    @TempDir
    private Path folder;

    @Test
    void aCompleteStatusLineIsAnAnswerAndBelow500IsReady() throws Exception {
        assertThat(said("HTTP/1.1 204 No Content\r\n\r\n")).isEqualTo("true HTTP 204");
        assertThat(said("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"))
                .isEqualTo("true HTTP 302");
        assertThat(said("HTTP/1.1 401 \r\n\r\n")).isEqualTo("true HTTP 401");
        assertThat(said("HTTP/1.1 503 Busy\r\n\r\n")).isEqualTo("false HTTP 503");
    }

    @Test
    void whatIsNotOneIsNoAnswer() throws Exception {
        assertThat(said("HTTP/1.1 200")).contains("without a response");
        assertThat(said("SSH-2.0-OpenSSH_9.2\r\n")).contains("not HTTP");
        assertThat(said("")).contains("without a response");
    }

    @Test
    void aServerThatSaysNothingIsLeftWhenTheTimeIsOver() throws Exception {
        try (Server server = new Server("(nothing)")) {
            long began = System.nanoTime();
            assertThat(PROBE.ask(endpoint(server.url()))).isEqualTo(new ProbeResult.No("no response within 1 s"));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(PROBE.ask(endpoint("http://localhost:" + port)))
                .isEqualTo(new ProbeResult.No("nothing listens on port " + port));
        assertThat(PROBE.ask(endpoint("ftp://x/"))).isInstanceOf(ProbeResult.No.class);
        assertThat(PROBE.ask(endpoint("http://:bad"))).isInstanceOf(ProbeResult.No.class);
    }

    /// A server of several workers, of which one hangs; one that is between two starts.
    @Test
    void silenceIsThreeTimesNoAnswer() throws Exception {
        try (Server server = new Server("(nothing)")) {
            assertThat(PROBE.probeWithRetry(endpoint(server.url()), () -> true))
                    .isEqualTo(new ProbeResult.No("no response within 1 s (3 tries)"));
        }
        int port;
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:%d/".formatted(port);
        assertThat(PROBE.probeWithRetry(endpoint(url), () -> true))
                .isEqualTo(new ProbeResult.No("nothing listens on port %d of 127.0.0.1 (3 tries)".formatted(port)));
        assertThat(PROBE.probeWithRetry(endpoint(url), () -> false))
                .as("of what does not run it is asked once")
                .isEqualTo(new ProbeResult.No("nothing listens on port %d of 127.0.0.1".formatted(port)));

        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            List<Socket> hanging = new java.util.concurrent.CopyOnWriteArrayList<>();
            Thread.ofVirtual().start(() -> {
                try {
                    hanging.add(socket.accept());
                    try (Socket second = socket.accept()) {
                        second.getInputStream().read(new byte[4096]);
                        second.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(new Probe(Duration.ofSeconds(5))
                            .probeWithRetry(
                                    endpoint("http://127.0.0.1:%d/".formatted(socket.getLocalPort())), () -> true))
                    .isInstanceOfSatisfying(
                            ProbeResult.Yes.class,
                            yes -> assertThat(yes.detail()).isEqualTo("HTTP 200"));
            assertThat(hanging).hasSize(1);
            hanging.getFirst().close();
        }
    }

    /// Whoever asks one loopback address does not reach a server on the other, so neither do its users.
    @Test
    void aLiteralAddressIsThatOneAlone() throws Exception {
        for (String[] pair : new String[][] {{"127.0.0.1", "[::1]"}, {"[::1]", "127.0.0.1"}}) {
            String here = pair[0];
            String there = pair[1];
            try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName(here))) {
                int port = socket.getLocalPort();
                for (String scheme : List.of("http://%s:%d/", "tcp://%s:%d")) {
                    assertThat(PROBE.ask(endpoint(scheme.formatted(there, port))))
                            .as("%s asked, %s listens", there, here)
                            .isEqualTo(new ProbeResult.No("nothing listens on port %d of %s"
                                    .formatted(port, there.replace("[", "").replace("]", ""))));
                }
                assertThat(PROBE.ask(endpoint("tcp://%s:%d".formatted(here, port))))
                        .isInstanceOf(ProbeResult.Yes.class);
                assertThat(PROBE.ask(endpoint("tcp://localhost:" + port))).isInstanceOf(ProbeResult.Yes.class);
                String wildcard = here.equals("127.0.0.1") ? "0.0.0.0" : "[::]";
                assertThat(PROBE.ask(endpoint("tcp://%s:%d".formatted(wildcard, port))))
                        .isInstanceOf(ProbeResult.Yes.class);
                assertThat(new EndpointIdentityCheck(new ProcListeners(), PROBE, PLACES)
                                .identify(
                                        endpoint("http://%s:%d/".formatted(there, port)),
                                        service(
                                                Optional.empty(),
                                                ProcessHandle.current().pid())))
                        .isInstanceOf(IdentityResult.Unknown.class);
            }
        }
    }

    @Test
    void whyNothingCameBackIsSaidInWordsOfOurs() throws Exception {
        assertThat(PROBE.ask(endpoint("http://no-such-host.invalid:18090/")))
                .isEqualTo(new ProbeResult.No("its host name is unknown"));
        try (Server server = new Server("HTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(PROBE.ask(endpoint("https://127.0.0.1:" + server.port() + "/")))
                    .isEqualTo(new ProbeResult.No("the server does not use TLS"));
        }
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = socket.accept()) {
                    client.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(PROBE.ask(endpoint("http://127.0.0.1:%d/".formatted(socket.getLocalPort()))))
                    .isEqualTo(new ProbeResult.No("the connection was closed without a response"));
        }
    }

    @Test
    void tcpAndUnixNeedAConnectionOnly() throws Exception {
        try (Server server = new Server("(nothing)")) {
            assertThat(PROBE.ask(endpoint("tcp:127.0.0.1:" + server.port()))).isInstanceOf(ProbeResult.Yes.class);
        }
        Path path = folder.resolve("s");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
            assertThat(PROBE.ask(endpoint("unix:" + path))).isInstanceOf(ProbeResult.Yes.class);
            assertThat(new ProcListeners().at(path))
                    .singleElement()
                    .satisfies(listener -> assertThat(listener.pid())
                            .contains(ProcessHandle.current().pid()));
        }
        assertThat(PROBE.ask(endpoint("unix:" + path))).isInstanceOf(ProbeResult.No.class);
    }

    @Test
    void theListenerIsThisProcessAndIsJudgedByIt() throws Exception {
        try (Server server = new Server("HTTP/1.0 200 OK\r\n\r\n{\"a\": {\"version\": \"1.2\\u0007.3\"}}")) {
            long own = ProcessHandle.current().pid();
            assertThat(new ProcListeners().on(server.port()))
                    .anySatisfy(listener -> assertThat(listener.pid()).contains(own));
            EndpointIdentityCheck endpointIdentityCheck = new EndpointIdentityCheck(new ProcListeners(), PROBE, PLACES);
            Endpoint endpoint = new Endpoint(
                    server.url(),
                    List.of(),
                    Optional.of(new JsonAnswer("/v", "/a/version")),
                    Optional.empty(),
                    false,
                    5);
            assertThat(endpointIdentityCheck.identify(endpoint, service(Optional.empty(), own)))
                    .isInstanceOf(IdentityResult.Yes.class);
            assertThat(endpointIdentityCheck.identify(endpoint, service(Optional.of("/app.slice/x.service"), 1)))
                    .isInstanceOf(IdentityResult.No.class);
            assertThat(endpointIdentityCheck.identify(
                            proxied(server.url()), service(Optional.of("/app.slice/x.service"), 1)))
                    .isInstanceOf(IdentityResult.Unknown.class);
            assertThat(endpointIdentityCheck.version(endpoint))
                    .isEqualTo(new EndpointIdentityCheck.RunningVersion.Known("1.2.3", "/v"));
            assertThat(endpointIdentityCheck.version(endpoint(server.url())))
                    .isInstanceOf(EndpointIdentityCheck.RunningVersion.Unknown.class);
        }
    }

    @Test
    void aListenerThatCannotBeSeenIsUnknownAndNamesItsOwner() {
        ListeningSockets hidden = port -> List.of(new ListeningSockets.Listener(
                "127.0.0.1", port, Optional.empty(), 1234, Optional.empty(), Optional.empty()));
        assertThat(new EndpointIdentityCheck(hidden, PROBE, PLACES)
                        .identify(endpoint("http://localhost:80/"), service(Optional.of("/app.slice/x.service"), 1)))
                .isInstanceOfSatisfying(
                        IdentityResult.Unknown.class,
                        unknown -> assertThat(unknown.detail()).contains("1234"));
    }

    @Test
    void aProcessThatDescendsFromTheServicesIsTheServicesWhereThereAreNoControlGroups() throws Exception {
        Process child = new ProcessBuilder("sleep", "30").start();
        try {
            ListeningSockets one = port -> List.of(new ListeningSockets.Listener(
                    "127.0.0.1", port, Optional.of(child.pid()), 0, Optional.empty(), Optional.of("sleep")));
            Endpoint asked = endpoint("http://127.0.0.1:80/");
            assertThat(new EndpointIdentityCheck(one, PROBE, PLACES)
                            .identify(
                                    asked,
                                    service(
                                            Optional.empty(),
                                            ProcessHandle.current().pid())))
                    .isInstanceOf(IdentityResult.Yes.class);
        } finally {
            child.destroy();
        }
    }

    @Test
    void aSocketOfTheManagersIsTheServicesAndNobodyElsesIs() {
        assertThat(triggered("/usr/lib/systemd/systemd --user")).isInstanceOf(IdentityResult.Yes.class);
        assertThat(triggered("ssh -L 80:elsewhere:80")).isInstanceOf(IdentityResult.Unknown.class);
    }

    @Test
    void aProxyOnTheOtherAddressOfLocalhostIsNoStranger() {
        ListeningSockets two = port -> List.of(
                new ListeningSockets.Listener(
                        "127.0.0.1", port, Optional.of(7L), 0, Optional.of("/app.slice/x.service"), Optional.of("x")),
                new ListeningSockets.Listener(
                        "0:0:0:0:0:0:0:1", port, Optional.of(8L), 0, Optional.of("/caddy"), Optional.of("caddy")));
        EndpointIdentityCheck endpointIdentityCheck = new EndpointIdentityCheck(two, PROBE, PLACES);
        EndpointIdentityCheck.Service service = service(Optional.of("/app.slice/x.service"), 7);
        assertThat(endpointIdentityCheck.identify(endpoint("http://localhost:80/"), service))
                .isEqualTo(new IdentityResult.Yes(
                        "pid 7 listens on 127.0.0.1:80, in x.service",
                        Optional.of("pid 8 listens on [::1]:80: caddy; it is not in x.service")));
        assertThat(endpointIdentityCheck.identify(proxied("http://localhost:80/"), service))
                .isEqualTo(new IdentityResult.Yes("pid 7 listens on 127.0.0.1:80, in x.service"));
    }

    private static IdentityResult triggered(String command) {
        ListeningSockets one = port -> List.of(new ListeningSockets.Listener(
                "127.0.0.1", port, Optional.of(1L), 0, Optional.empty(), Optional.of(command)));
        return new EndpointIdentityCheck(one, PROBE, PLACES)
                .identify(
                        endpoint("http://127.0.0.1:80/"),
                        new EndpointIdentityCheck.Service(
                                "x.service", Optional.of("/app.slice/x.service"), Optional.empty(), true));
    }

    @Test
    void aControlGroupCountsUnderAnyRootAndOnlyAsAWhole() {
        assertThat(group("/user.slice/user@0.service/app.slice/x.service")).isInstanceOf(IdentityResult.Yes.class);
        assertThat(group("/app.slice/x.service/worker")).isInstanceOf(IdentityResult.Yes.class);
        assertThat(group("/app.slice/x.service2")).isInstanceOf(IdentityResult.No.class);
        assertThat(group("/app.slice/y.service")).isInstanceOf(IdentityResult.No.class);
    }

    private static IdentityResult group(String path) {
        ListeningSockets one = port -> List.of(new ListeningSockets.Listener(
                "0.0.0.0", port, Optional.of(7L), 0, Optional.of(path), Optional.of("x")));
        return new EndpointIdentityCheck(one, PROBE, PLACES)
                .identify(endpoint("http://127.0.0.1:80/"), service(Optional.of("/app.slice/x.service"), 1));
    }

    private static EndpointIdentityCheck.Service service(Optional<String> group, long pid) {
        return new EndpointIdentityCheck.Service("x.service", group, Optional.of(pid), false);
    }

    private static Endpoint endpoint(String url) {
        return new Endpoint(url, List.of(), Optional.empty(), Optional.empty(), false, 5);
    }

    private static Endpoint proxied(String url) {
        return new Endpoint(url, List.of(), Optional.empty(), Optional.empty(), true, 5);
    }

    private static String said(String answer) throws IOException {
        try (Server server = new Server(answer)) {
            return switch (PATIENT.ask(endpoint(server.url()))) {
                case ProbeResult.Yes yes -> yes.ready() + " " + yes.detail();
                case ProbeResult.No no -> no.detail();
            };
        }
    }

    /// Answers each connection with the same bytes, whatever was asked; `(nothing)` keeps it open in silence.
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

        Server(String answer) throws IOException {
            Thread.ofVirtual().start(() -> serve(answer));
        }

        String url() {
            return "http://127.0.0.1:" + port() + "/";
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve(String answer) {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    if (!answer.equals("(nothing)")) {
                        client.getInputStream().read(new byte[4096]);
                        OutputStream out = client.getOutputStream();
                        out.write(answer.getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        client.close();
                    }
                } catch (IOException e) {
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
