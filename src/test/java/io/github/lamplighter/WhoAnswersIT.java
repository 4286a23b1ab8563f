package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An answer at a tool's address need not be the tool's: a real SSH tunnel leads to another machine's copy, a
/// real reverse proxy stands in front. Each tool is `http-server` from the npm registry as a service, and
/// serves a file with its identity; so does the copy elsewhere.
@WithHome(inOneProcess = true)
@Tag("slow")
@EnabledIf("isPossible")
class WhoAnswersIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static NpmPrefix npm;

    private static Path elsewhere;

    @Provided
    private static Installed lamplighter;

    /// Only root has a home of its own made for the SSH server.
    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/sbin/dropbear"));
    }

    @BeforeAll
    static void aToolHereAndACopyElsewhere() throws IOException {
        elsewhere = home.resolve("elsewhere/bin/http-server");
        Child.run(
                        home.environment(),
                        LIMIT,
                        "cp",
                        "-a",
                        npm.folder().toString(),
                        home.resolve("elsewhere").toString())
                .well();
        for (String site : List.of("here", "far", "empty")) {
            Files.createDirectories(home.resolve(site));
        }
        Files.writeString(home.resolve("here/who.json"), "{\"id\": \"lamp-here\"}");
        Files.writeString(home.resolve("far/who.json"), "{\"id\": \"lamp-far\"}");
    }

    @Test
    void aTunnelThatHoldsThePortIsNamedAndItsAnswerIsNotTheTools() throws IOException {
        int port = Ports.free();
        int far = Ports.free();
        describe("tunnelled", port, port, "");
        int door = Ports.free();
        try (Child copy = serve("far", far);
                Child server = sshServer(door);
                Child tunnel = tunnel(door, port, far)) {
            Await.until("the copy answers down the tunnel", LIMIT, () -> Ports.listens(far) && Ports.listens(port));

            Child.Ended refused = lamplighter.run("service", "install", "tunnelled", "--yes");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.out() + refused.err())
                    .contains("pid " + tunnel.process().pid(), "dbclient");

            JsonNode report = doctor("tunnelled");
            assertThat(report.at("/facts/answering/value").asBoolean()).isTrue();
            assertThat(report.at("/facts/mine/value").asBoolean(true)).isFalse();
            JsonNode finding = finding(report, "is-this-copy");
            assertThat(finding.path("severity").asString()).isEqualTo("failure");
            assertThat(finding.path("title").asString()).startsWith("Another process responds on");
            assertThat(finding.path("evidence").toString())
                    .contains("pid " + tunnel.process().pid(), "dbclient -L " + port + ":127.0.0.1:" + far);

            describe("tunnelled", port, port, identity());
            assertThat(finding(doctor("tunnelled"), "is-this-copy")
                            .path("evidence")
                            .toString())
                    .contains("/who.json returns lamp-far; this installation is lamp-here");
            assertThat(tunnel.process().isAlive()).as("nobody ended it").isTrue();
        }
    }

    @Test
    void whatStandsInFrontOfAToolPassesItsAnswerOn() throws IOException {
        int port = Ports.free();
        int front = Ports.free();
        describe("proxied", port, port, "");
        lamplighter.run("service", "install", "proxied", "--yes").well();
        try (Child proxy = serve("empty", front, "-P", "http://127.0.0.1:" + port)) {
            Await.until("the proxy answers", LIMIT, () -> Ports.listens(front));

            describe("proxied", port, front, "");
            assertThat(finding(doctor("proxied"), "is-this-copy")
                            .path("severity")
                            .asString())
                    .as("a stranger, as long as its description does not say otherwise")
                    .isEqualTo("failure");

            describe("proxied", port, front, ", \"proxied\": true");
            JsonNode finding = finding(doctor("proxied"), "is-this-copy");
            assertThat(finding.path("severity").asString()).isEqualTo("unknown");
            assertThat(finding.path("evidence").toString())
                    .contains("pid " + proxy.process().pid(), "it may be a proxy for this service");

            describe("proxied", port, front, ", \"proxied\": true" + identity());
            JsonNode report = doctor("proxied");
            assertThat(report.at("/facts/mine/value").asBoolean()).isTrue();
            assertThat(finding(report, "is-this-copy").path("severity").asString())
                    .isEqualTo("ok");
            assertThat(finding(report, "port").path("severity").asString()).isEqualTo("ok");
        }
    }

    private static String identity() {
        return """
            , "identity": {"path": "/who.json", "pointer": "/id", "file": "%s", "filePointer": "/id"}\
            """.formatted(home.resolve("here/who.json"));
    }

    /// @param port where it listens
    /// @param asked where it is asked
    /// @param more of its endpoint
    private static void describe(String name, int port, int asked, String more) throws IOException {
        Path file = home.resolve(".config/lamplighter/tools/" + name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
            {"schema": "lamplighter.tool/1", "name": "%s", "expected": "running",
             "install": {"installer": "npm", "package": "http-server", "environment": "%s", "program": "%s"},
             "service": {"arguments": ["-a", "127.0.0.1", "-p", "%d"], "workingDirectory": "%s"},
             "endpoint": {"url": "http://127.0.0.1:%d/"%s}}
            """.formatted(
                        name,
                        npm.folder().resolve("lib/node_modules/http-server"),
                        npm.program("http-server"),
                        port,
                        home.resolve("here"),
                        asked,
                        more));
    }

    private static Child serve(String site, int port, String... more) {
        List<String> argv =
                new ArrayList<>(List.of(elsewhere.toString(), "-a", "127.0.0.1", "-p", Integer.toString(port)));
        argv.addAll(List.of(more));
        return Child.start(home.environment(), home.resolve(site), argv);
    }

    /// It looks for the key that may log in in the home of the account, so the throw-away home is put there, for this
    /// server alone.
    private static Child sshServer(int door) throws IOException {
        Path ssh = Files.createDirectories(home.resolve(".ssh"));
        String key = ssh.resolve("key").toString();
        String host = ssh.resolve("host").toString();
        Child.run(home.environment(), LIMIT, "dropbearkey", "-t", "ed25519", "-f", host)
                .well();
        Child.Ended made = Child.run(home.environment(), LIMIT, "dropbearkey", "-t", "ed25519", "-f", key)
                .well();
        Files.writeString(
                ssh.resolve("authorized_keys"),
                made.out()
                                .lines()
                                .filter(line -> line.startsWith("ssh-"))
                                .findFirst()
                                .orElseThrow() + "\n");
        Child server = Child.start(
                home.environment(),
                home.path(),
                List.of(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        "mount --bind \"$HOME\" \"$(getent passwd 0 | cut -d: -f6)\"; exec /usr/sbin/dropbear \"$@\"",
                        "sh",
                        "-F",
                        "-E",
                        "-s",
                        "-r",
                        host,
                        "-p",
                        "127.0.0.1:" + door,
                        "-P",
                        ssh + "/pid"));
        Await.until("the SSH server listens", LIMIT, () -> Ports.listens(door));
        return server;
    }

    /// `ssh -L`, by dropbear's client.
    private static Child tunnel(int door, int port, int far) {
        return Child.start(
                home.environment(),
                home.path(),
                List.of(
                        "dbclient",
                        "-L",
                        port + ":127.0.0.1:" + far,
                        "-N",
                        "-y",
                        "-y",
                        "-i",
                        home.resolve(".ssh/key").toString(),
                        "-p",
                        Integer.toString(door),
                        "root@127.0.0.1"));
    }

    private static JsonNode doctor(String name) {
        Child.Ended ended = lamplighter.run("doctor", name, "--offline", "--json");
        return JSON.readTree(ended.out()).at("/data/tools/0");
    }

    private static JsonNode finding(JsonNode report, String id) {
        return report.path("findings")
                .valueStream()
                .filter(finding -> finding.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id + " in " + report.toPrettyString()));
    }
}
