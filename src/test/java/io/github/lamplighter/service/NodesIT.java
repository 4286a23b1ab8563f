package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// An npm tool belongs to its Node: two side by side as nvm keeps them, the default switched, and each one removed.
@Tag("slow")
@EnabledIf("isPossible")
class NodesIT {

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/bin/node"));
    }

    @Test
    void aServiceKeepsItsNodeAndSaysWhenItIsGoneAndMovesToAnother() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager systemd = UserManager.start(home);
                Installed lamplighter = new Installed(environment(systemd)).inOneProcess()) {
            Path old = node(home, "v20.19.0");
            Path fresh = node(home, "v22.11.0");
            Path third = node(home, "v18.1.0");
            Path packages = NpmPrefix.withHttpServer(home).folder();
            copy(home, packages, old);
            shellFinds(home, old);
            int port = Ports.free();
            lamplighter
                    .run(
                            "add",
                            "http-server",
                            "--program",
                            old.resolve("bin/http-server").toString(),
                            "--argument=-p",
                            "--argument=" + port,
                            "--argument=-a",
                            "--argument=127.0.0.1",
                            "--url",
                            "http://127.0.0.1:%d/".formatted(port),
                            "--yes")
                    .well();
            lamplighter.run("service", "install", "http-server").well();
            String unit = "lamplighter-http-server.service";
            assertThat(file(home)).contains("ExecStart=\"" + old + "/bin/http-server\"", "\"PATH=" + old + "/bin:");
            assertThat(program(systemd, unit)).isEqualTo(old.resolve("bin/node"));

            // Another default is no drift, and nothing of the service changes.
            shellFinds(home, fresh);
            lamplighter.run("service", "diff", "http-server").well();
            lamplighter.run("restart", "http-server").well();
            assertThat(program(systemd, unit)).isEqualTo(old.resolve("bin/node"));
            assertThat(JsonFile.MAPPER
                            .readTree(lamplighter
                                    .run("service", "status", "http-server", "--json")
                                    .out())
                            .at("/data/drift")
                            .asBoolean(true))
                    .isFalse();
            String doctor = lamplighter
                    .run("doctor", "http-server", "--offline", "--verbose")
                    .out();
            assertThat(doctor).contains("Service file is up to date");

            // A Node that is not its own goes: it goes on.
            ThrowAwayHome.remove(third);
            lamplighter.run("restart", "http-server").well();

            // Its own goes, as nvm removes one: that is said, what runs is left alone, and the move is offered.
            long pid = pid(systemd, unit);
            ThrowAwayHome.remove(old);
            doctor = lamplighter.run("doctor", "http-server", "--offline").out();
            assertThat(doctor)
                    .contains(
                            "Node 20.19.0 was removed",
                            fresh + "/bin/npm install --global --prefix " + fresh,
                            "http-server@14.1.0");
            Child.Ended restart = lamplighter.run("restart", "http-server");
            assertThat(restart.exitCode()).isEqualTo(3);
            assertThat(restart.err()).contains("Node 20.19.0 was removed", "The service was not stopped");
            assertThat(pid(systemd, unit)).isEqualTo(pid);
            assertThat(lamplighter
                            .run("service", "install", "http-server", "--yes")
                            .err())
                    .contains("Node 20.19.0 was removed");

            copy(home, packages, fresh);
            assertThat(lamplighter.run("doctor", "http-server", "--offline").out())
                    .contains("lamplighter add http-server --program " + fresh + "/bin/http-server");
            lamplighter
                    .run(
                            "add",
                            "http-server",
                            "--program",
                            fresh.resolve("bin/http-server").toString(),
                            "--yes")
                    .well();
            lamplighter.run("service", "install", "http-server", "--yes").well();
            assertThat(program(systemd, unit)).isEqualTo(fresh.resolve("bin/node"));
            lamplighter.run("service", "uninstall", "http-server", "--yes").well();
        }
    }

    private static Map<String, String> environment(UserManager systemd) {
        Map<String, String> environment = new HashMap<>(systemd.environment());
        environment.put("SHELL", "/bin/bash");
        return environment;
    }

    private static Path node(ThrowAwayHome home, String version) throws IOException {
        Path folder = home.resolve(".nvm/versions/node/" + version);
        Files.createDirectories(folder.resolve("bin"));
        Files.copy(Path.of("/usr/bin/node").toRealPath(), folder.resolve("bin/node"));
        assertThat(folder.resolve("bin/node").toFile().setExecutable(true)).isTrue();
        return folder.toRealPath();
    }

    /// What `npm install -g` under that Node leaves.
    private static void copy(ThrowAwayHome home, Path packages, Path node) {
        Child.run(
                        home.environment(),
                        Duration.ofMinutes(1),
                        "cp",
                        "-a",
                        packages.resolve("lib").toString(),
                        packages.resolve("bin").toString(),
                        node.toString())
                .well();
    }

    private static void shellFinds(ThrowAwayHome home, Path node) throws IOException {
        Files.writeString(home.resolve(".bash_profile"), "export PATH=\"%s/bin:$PATH\"\n".formatted(node));
    }

    private static String file(ThrowAwayHome home) throws IOException {
        return Files.readString(home.resolve(".config/systemd/user/lamplighter-http-server.service"));
    }

    private static long pid(UserManager systemd, String unit) {
        return Long.parseLong(systemd.property(unit, "MainPID").orElseThrow());
    }

    private static Path program(UserManager systemd, String unit) throws Exception {
        Await.until(Duration.ofSeconds(10), () -> pid(systemd, unit) > 0);
        return Path.of("/proc", Long.toString(pid(systemd, unit)), "exe").toRealPath();
    }
}
