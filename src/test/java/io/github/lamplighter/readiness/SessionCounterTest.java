package io.github.lamplighter.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.readiness.SessionCounter.Count;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Sessions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Real commands and a real server.
class SessionCounterTest {

    private final SessionCounter sessions = new SessionCounter(new LocalProcessRunner(System.getenv()), new Probe());
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body =
                    "{\"open\": 3, \"list\": [\"a\", \"b\"], \"text\": \"many\"}".getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void linesOfACommandAreCounted() {
        assertThat(command("printf", "one\\n\\ntwo\\n")).isEqualTo(new Count.Open(2, "printf 'one\\n\\ntwo\\n'"));
        assertThat(command("false")).isEqualTo(new Count.Open(0, "false"));
        assertThat(command("/nowhere/at/all")).isInstanceOf(Count.NotCounted.class);
    }

    @Test
    void aCommandThatEndsWithAStatusCountsAsNoneOnlyWhenItSaysSo() {
        assertThat(shell("echo 'no server running on /tmp/tmux-1000/default' >&2; exit 1"))
                .isInstanceOfSatisfying(
                        Count.Open.class, open -> assertThat(open.number()).isZero());
        assertThat(shell("echo 'error connecting to /tmp/s (No such file or directory)' >&2; exit 1"))
                .isInstanceOf(Count.Open.class);
        assertThat(shell("echo 'No Sockets found in /run/screen/S-ada.'; exit 1"))
                .isInstanceOfSatisfying(
                        Count.Open.class, open -> assertThat(open.number()).isZero());
        assertThat(shell("echo 'error connecting to /tmp/s (Permission denied)' >&2; exit 1"))
                .isInstanceOfSatisfying(
                        Count.NotCounted.class,
                        not -> assertThat(not.why()).contains("exit code 1", "Permission denied"));
        assertThat(shell("echo usage: x; exit 2")).isInstanceOf(Count.NotCounted.class);
        assertThat(shell("exit 127")).isInstanceOf(Count.NotCounted.class);
    }

    @Test
    void theCommandSeesTheVariablesOfTheService() {
        assertThat(shell("[ \"$LAMP_TMPDIR\" = /there ] && echo one"))
                .isInstanceOfSatisfying(
                        Count.Open.class, open -> assertThat(open.number()).isEqualTo(1));
    }

    private Count shell(String script) {
        return command("sh", "-c", script);
    }

    @Test
    void theEndpointAnswersANumberOrAList() {
        assertThat(answer("/open")).isEqualTo(new Count.Open(3, "GET " + url() + "api"));
        assertThat(answer("/list"))
                .isInstanceOfSatisfying(
                        Count.Open.class, open -> assertThat(open.number()).isEqualTo(2));
        assertThat(answer("/text")).isInstanceOf(Count.NotCounted.class);
        assertThat(answer("/absent")).isInstanceOf(Count.NotCounted.class);
        assertThat(answer("no pointer")).isInstanceOf(Count.NotCounted.class);
    }

    private Count command(String... argv) {
        return sessions.count(
                new Sessions.FromCommand(List.of(argv), Manifest.Count.LINES),
                Optional.empty(),
                Map.of("LAMP_TMPDIR", "/there"));
    }

    private Count answer(String pointer) {
        return sessions.count(
                new Sessions.FromEndpoint(new Manifest.JsonAnswer("/api", pointer)),
                Optional.of(new Endpoint(url(), List.of(), Optional.empty(), Optional.empty(), false, 5)),
                Map.of());
    }

    private String url() {
        return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
    }
}
