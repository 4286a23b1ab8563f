package io.github.lamplighter.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.TlsServer;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.platform.proc.ProcListeners;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who may stand behind an address: real servers, processes of other users, real units.
@Tag("slow")
class ListeningSocketsTest {

    private static final Probe PROBE = new Probe(Duration.ofSeconds(5));
    private static final AppDirectories PLACES = AppDirectories.linux(Map.of(), Path.of("/home/ada"));
    private static final int SOMEBODY = 64_123;
    private static final int SOMEBODY_ELSE = 64_124;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void aCertificateThatAServerSignedItselfIsNoReasonNotToAnswer() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make();
                TlsServer server = TlsServer.start(home, 30, "lit")) {
            assertThat(PROBE.ask(endpoint(server.url().toString(), false)))
                    .isInstanceOfSatisfying(
                            ProbeResult.Yes.class,
                            yes -> assertThat(yes.ready()).isTrue());
        }
    }

    @Test
    void localhostMayBeTheNewAddressOnly() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("::1"))) {
            Thread.ofVirtual().start(() -> answer(socket));
            String url = "http://localhost:" + socket.getLocalPort() + "/";
            assertThat(PROBE.ask(endpoint(url, false))).isInstanceOf(ProbeResult.Yes.class);
            assertThat(identify(
                            new ProcListeners(),
                            url,
                            unit(ProcessHandle.current().pid(), false)))
                    .isInstanceOf(IdentityResult.Yes.class);
        }
    }

    @Test
    void aProxyForTheNetworkIsNotAskedForThisMachine() throws Exception {
        String host = System.setProperty("http.proxyHost", "127.0.0.1");
        String port = System.setProperty("http.proxyPort", "9");
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            System.setProperty("http.nonProxyHosts", "");
            Thread.ofVirtual().start(() -> answer(socket));
            assertThat(PROBE.ask(endpoint("http://127.0.0.1:" + socket.getLocalPort() + "/", false)))
                    .isInstanceOf(ProbeResult.Yes.class);
        } finally {
            System.clearProperty("http.nonProxyHosts");
            restore("http.proxyHost", host);
            restore("http.proxyPort", port);
        }
    }

    /// What a user without rights sees of somebody else's server: that there is one and whose, and no more.
    @Test
    void anotherUsersServerIsNotKnownAndItsUserIsNamed() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/run")), "needs root to become somebody else");
        int port = Ports.free();
        Path folder = Files.createTempDirectory("classes");
        try (Child server = as(SOMEBODY, List.of("python3", "-m", "http.server", "--bind", "127.0.0.1", "" + port))) {
            Await.until(LIMIT, () -> Ports.listens(port));
            copy(ProcListeners.class, folder);
            copy(ListeningSocketsTest.class, folder);
            Child eye = as(
                    SOMEBODY_ELSE,
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-cp",
                            folder.toString(),
                            Eye.class.getName(),
                            "" + port));
            try (eye) {
                assertThat(eye.end(LIMIT).well().out().strip()).isEqualTo(SOMEBODY + " Optional.empty");
            }
            Listener seen =
                    new Listener("127.0.0.1", port, Optional.empty(), SOMEBODY, Optional.empty(), Optional.empty());
            assertThat(identify(_ -> List.of(seen), "http://127.0.0.1:" + port + "/", unit(1, false)))
                    .isInstanceOfSatisfying(
                            IdentityResult.Unknown.class,
                            unknown -> assertThat(unknown.detail()).contains("user ID " + SOMEBODY));
            assertThat(server.process().isAlive()).isTrue();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /// An SSH tunnel is such a program: it listens where the tool would, and has nothing to do with its service.
    @Test
    void aProgramFromElsewhereOnThePortOfARunningServiceIsNotIt() throws Exception {
        assumeTrue(UserManager.isPossible(), "needs root and systemd");
        int port = Ports.free();
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager systemd = UserManager.start(home)) {
            SystemdServiceManager services = services(systemd);
            services.restore("lamp.service", Optional.of("[Service]\nExecStart=/usr/bin/sleep 1000\n"));
            services.start("lamp.service");
            ServiceState state = services.state("lamp.service");
            String url = "http://127.0.0.1:" + port + "/";
            try (Child tunnel = Child.start(
                    systemd.environment(),
                    Path.of("/"),
                    List.of("python3", "-m", "http.server", "--bind", "127.0.0.1", "" + port))) {
                Await.until(LIMIT, () -> Ports.listens(port));
                EndpointIdentityCheck.Service service =
                        new EndpointIdentityCheck.Service("lamp.service", state.controlGroup(), state.pid(), false);
                assertThat(new EndpointIdentityCheck(new ProcListeners(), PROBE, PLACES)
                                .identify(endpoint(url, false), service))
                        .isInstanceOfSatisfying(
                                IdentityResult.No.class,
                                no -> assertThat(no.detail())
                                        .contains("pid " + tunnel.process().pid(), "http.server"));
                assertThat(new EndpointIdentityCheck(new ProcListeners(), PROBE, PLACES)
                                .identify(endpoint(url, true), service))
                        .as("a reverse proxy may stand in front of it")
                        .isInstanceOf(IdentityResult.Unknown.class);
            }
        }
    }

    /// `localhost` is two addresses: an editor's forwarding on 127.0.0.1 and a server on ::1 do not get into each
    /// other's way, and which of them a program reaches depends on the program.
    @Test
    void whereLocalhostIsTwoProgramsBothAreNamed() throws Exception {
        int port = Ports.free();
        try (Child four = server("127.0.0.1", port);
                Child six = server("::1", port)) {
            Await.until(LIMIT, () -> new ProcListeners().on(port).size() == 2);
            long on4 = four.process().pid();
            long on6 = six.process().pid();
            EndpointIdentityCheck.Service isFour = unit(on4, false);
            EndpointIdentityCheck.Service isSix = unit(on6, false);
            String localhost = "http://localhost:" + port + "/";

            assertThat(identify(new ProcListeners(), localhost, isFour))
                    .isInstanceOfSatisfying(IdentityResult.Yes.class, yes -> {
                        assertThat(yes.detail()).contains("pid " + on4, "127.0.0.1:" + port);
                        assertThat(yes.besides().orElse("")).contains("pid " + on6, "[::1]:" + port, "http.server");
                    });
            assertThat(identify(new ProcListeners(), localhost, isSix))
                    .isInstanceOfSatisfying(
                            IdentityResult.No.class,
                            no -> assertThat(no.detail())
                                    .contains("pid " + on4, "127.0.0.1:" + port, "pid " + on6, "[::1]:" + port));

            assertThat(identify(new ProcListeners(), "http://127.0.0.1:%d/".formatted(port), isFour))
                    .as("the address that was asked")
                    .isEqualTo(new IdentityResult.Yes("pid %d listens on %d, in lamp.service".formatted(on4, port)));
            assertThat(identify(new ProcListeners(), "http://127.0.0.1:%d/".formatted(port), isSix))
                    .isInstanceOf(IdentityResult.No.class);
            assertThat(identify(new ProcListeners(), "http://[::1]:%d/".formatted(port), isSix))
                    .isEqualTo(new IdentityResult.Yes("pid %d listens on %d, in lamp.service".formatted(on6, port)));
            assertThat(identify(new ProcListeners(), "http://[::1]:%d/".formatted(port), isFour))
                    .isInstanceOf(IdentityResult.No.class);
        }
    }

    private static Child server(String address, int port) {
        return Child.start(
                Map.of("PATH", System.getenv("PATH")),
                Path.of("/"),
                List.of("python3", "-m", "http.server", "--bind", address, "" + port));
    }

    @Test
    void whatTheManagerListensForIsTheServiceThatItStarts() throws Exception {
        assumeTrue(UserManager.isPossible(), "needs root and systemd");
        int port = Ports.free();
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager systemd = UserManager.start(home)) {
            SystemdServiceManager services = services(systemd);
            services.restore("lamp.service", Optional.of("[Service]\nExecStart=/usr/bin/sleep 1000\n"));
            services.restore("lamp.socket", Optional.of("[Socket]\nListenStream=127.0.0.1:%d\n".formatted(port)));
            services.start("lamp.socket");
            assertThat(new ProcListeners().on(port))
                    .map(Listener::pid)
                    .as("the manager itself listens")
                    .contains(Optional.of(systemd.pid()));
            boolean triggered = !services.triggers("lamp.service").isEmpty();
            ServiceState state = services.state("lamp.service");
            assertThat(new EndpointIdentityCheck(new ProcListeners(), PROBE, PLACES)
                            .identify(
                                    endpoint("tcp:127.0.0.1:" + port, false),
                                    new EndpointIdentityCheck.Service(
                                            "lamp.service", state.controlGroup(), state.pid(), triggered)))
                    .isInstanceOf(IdentityResult.Yes.class);
        }
    }

    /// Runs as another user, in a process of its own.
    static final class Eye {
        private Eye() {}

        public static void main(String[] arguments) {
            new ProcListeners()
                    .on(Integer.parseInt(arguments[0]))
                    .forEach(listener -> System.out.println(listener.userId() + " " + listener.pid()));
        }
    }

    private static Child as(int user, List<String> argv) {
        List<String> whole = Stream.concat(
                        Stream.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"), argv.stream())
                .toList();
        return Child.start(Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), whole);
    }

    /// The checkout may lie where nobody else can read.
    private static void copy(Class<?> of, Path to) throws Exception {
        Path from =
                Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        for (String part : List.of("readiness", "platform/proc")) {
            Path folder = from.resolve("io/github/lamplighter").resolve(part);
            if (Files.isDirectory(folder)) {
                Path target = to.resolve("io/github/lamplighter").resolve(part);
                Files.createDirectories(target);
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Files.copy(file, target.resolve(file.getFileName().toString()));
                    }
                }
            }
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static IdentityResult identify(
            ListeningSockets listeningSockets, String url, EndpointIdentityCheck.Service service) {
        return new EndpointIdentityCheck(listeningSockets, PROBE, PLACES).identify(endpoint(url, false), service);
    }

    private static EndpointIdentityCheck.Service unit(long pid, boolean triggered) {
        return new EndpointIdentityCheck.Service("lamp.service", Optional.empty(), Optional.of(pid), triggered);
    }

    private static Endpoint endpoint(String url, boolean proxied) {
        return new Endpoint(url, List.of(), Optional.empty(), Optional.empty(), proxied, 5);
    }

    private static SystemdServiceManager services(UserManager systemd) {
        return new SystemdServiceManager(
                new LocalProcessRunner(systemd.environment()),
                systemd.environment(),
                AppDirectories.linux(systemd.environment(), systemd.home().path()),
                new ProcProcesses());
    }

    private static void answer(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (var client = socket.accept()) {
                client.getInputStream().read(new byte[4096]);
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void restore(String name, String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }
}
