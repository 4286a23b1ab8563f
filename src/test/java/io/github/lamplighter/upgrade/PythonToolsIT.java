package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.GitServer;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.PreparedVenv;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.Uv;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The built program looks after a server that pipx, or uv, installed from a git tag: found, added, run, moved to
/// another tag, and taken back from one that does not serve. Both are the real ones.
@WithHome
@Tag("slow")
class PythonToolsIT {

    private final Map<String, String> environment = new LinkedHashMap<>();

    @Provided
    private ThrowAwayHome home;

    private GitRepository repository;

    @Provided
    private UserManager manager;

    private Installed lamplighter;
    private int port;

    @BeforeEach
    void aHome() throws IOException {
        repository = GitRepository.lampClock(home);
        repository.git("checkout", "-q", "-b", "fixes", "v1.0.0");
        repository.release("1.0.1", true);
        environment.putAll(manager.environment());
        environment.put("PIP_NO_INDEX", "1");
        environment.put("PIPX_SHARED_LIBS", home.resolve("shared").toString());
        PreparedVenv.make(environment, "/usr/bin/python3", home.resolve("shared"));
        lamplighter = new Installed(environment);
        port = Ports.free();
    }

    @Test
    void aPipxToolIsUpgradedToATagAndRolledBackFromABrokenOne() throws IOException {
        try (GitServer server = GitServer.of(repository)) {
            run("pipx", "install", "lamp-clock @ git+%s@v1.0.0".formatted(server.url()));
            Path plugin = repository.renamed("lamp-plugin", home.resolve("beside/plugin"));
            run("pipx", "inject", "--include-apps", "lamp-clock", plugin.toString());
            journey("pipx");
            assertThat(run("pipx", "list", "--include-injected").out())
                    .contains("package lamp-clock 1.0.1", "lamp-plugin 1.0.1");
            assertThat(home.resolve(".local/bin/lamp-plugin")).isExecutable();
            run("pipx", "uninstall", "lamp-clock");
        }
    }

    @Test
    void aUvToolIsUpgradedToATagAndRolledBackFromABrokenOne() throws IOException {
        Uv uv = Uv.in(home, environment);
        uv.tool("install", "lamp-clock @ " + repository.requirement("v1.0.0"));
        journey("uv");
        assertThat(uv.tool("list").out()).contains("lamp-clock v1.0.1");
        assertThat(Files.readString(home.resolve(".local/share/uv/tools/lamp-clock/uv-receipt.toml")))
                .contains("rev=v1.0.1", home.resolve(".local/bin/lamp-clock").toString())
                .doesNotContain(".lamplighter");
    }

    private void journey(String installer) throws IOException {
        assertThat(lamplighter.run("list").out()).containsPattern("lamp-clock +1\\.0\\.0 +" + installer + " +git ");
        well(
                "add",
                "lamp-clock",
                "--argument=serve",
                "--argument=--port",
                "--argument=" + port,
                "--url",
                "http://127.0.0.1:" + port + "/",
                "--yes");
        well("service", "install", "lamp-clock", "--yes");
        assertThat(served()).contains("1.0.0");

        well("upgrade", "lamp-clock", "--to", "1.0.1", "--yes");
        assertThat(served()).contains("1.0.1");
        String program = home.resolve(".local/bin/lamp-clock").toString();
        assertThat(run(program, "--version").out()).contains("1.0.1");

        Child.Ended broken = lamplighter.run(Duration.ofMinutes(5), "upgrade", "lamp-clock", "--to", "2.0.0", "--yes");
        assertThat(broken.exitCode()).as(broken.toString()).isEqualTo(1);
        assertThat(served()).contains("1.0.1");
        assertThat(run(program, "--version").out()).contains("1.0.1");
        try (Stream<Path> programs = Files.list(home.resolve(".local/bin"))) {
            assertThat(programs).allSatisfy(link -> assertThat(link).exists());
        }
        well("rollback", "lamp-clock", "--yes");
        assertThat(served()).contains("1.0.0");
        well("upgrade", "lamp-clock", "--to", "1.0.1", "--yes");
    }

    private Child.Ended run(String... argv) {
        return Child.run(environment, Duration.ofMinutes(4), argv).well();
    }

    private void well(String... words) {
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(5), words);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
    }

    private String served() {
        try (var in =
                URI.create("http://127.0.0.1:" + port + "/version").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("nobody answers on port " + port, e);
        }
    }
}
