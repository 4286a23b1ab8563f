package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.RegistryPackages;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.Uv;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Servers that people run, from PyPI and npm: an old version runs as a service, is upgraded to the newest that
/// its Python or Node supports, and is rolled back. The table of all is written to `target/servers.md`;
/// docs/dev/servers.md has one.
@WithHome
@Tag("slow")
class ServersIT {

    private static final Path TABLE = Installed.CHECKOUT.resolve("target/servers.md");

    private final Map<String, String> environment = new LinkedHashMap<>();

    @Provided
    private ThrowAwayHome home;

    @Provided
    private UserManager manager;

    private Uv uv;

    @BeforeEach
    void aHome() throws IOException {
        environment.putAll(manager.environment());
        uv = Uv.in(home, environment);
        Path cache = Installed.CHECKOUT.resolve("target/harness");
        environment.put("UV_CACHE_DIR", cache.resolve("uv-cache").toString());
        environment.put("npm_config_prefix", home.resolve(".npm-global").toString());
        environment.put("npm_config_update_notifier", "false");
        environment.put("PATH", home.resolve(".npm-global/bin") + ":" + environment.get("PATH"));
        Files.createSymbolicLink(
                home.resolve(".local/bin/pipx"),
                RegistryPackages.python("uv", "pipx").resolve("bin/pipx"));
    }

    /// @param installer `uv`, `pipx` or `npm`
    /// @param requirement the package with its old version, and further words of the install command
    /// @param program its launcher
    /// @param path that responds when it is ready
    /// @param arguments of the service; PORT, OTHER and FOLDER are replaced
    record Server(String installer, List<String> requirement, String program, String path, List<String> arguments) {
        Server(String installer, String requirement, String program, String path, String arguments) {
            this(installer, List.of(requirement.split(" ")), program, path, List.of(arguments.split(" ")));
        }

        String name() {
            return requirement.getFirst().replaceFirst("[\\[@=].*", "");
        }

        @Override
        public String toString() {
            return installer + " " + String.join(" ", requirement);
        }
    }

    /// With npm's http-server of `JourneyIT`, three servers of three package managers.
    static Stream<Server> few() {
        return Stream.of(
                new Server(
                        "uv",
                        "radicale==3.3.3",
                        "radicale",
                        "/.web/",
                        "--server-hosts=127.0.0.1:PORT --auth-type=none --storage-filesystem-folder=FOLDER"),
                new Server("pipx", "copyparty==1.16.0", "copyparty", "/", "-i 127.0.0.1 -p PORT -v FOLDER::r"));
    }

    static Stream<Server> others() {
        return Stream.of(
                new Server("npm", "http-server@14.1.0", "http-server", "/", "-a 127.0.0.1 -p PORT FOLDER"),
                new Server(
                        "uv",
                        "jupyterlab==4.2.0",
                        "jupyter-lab",
                        "/api",
                        "--no-browser --ip=127.0.0.1 --port=PORT --allow-root"),
                new Server(
                        "uv",
                        "datasette==0.65.1 --with datasette-vega --with setuptools<81",
                        "datasette",
                        "/-/versions.json",
                        "serve --host 127.0.0.1 --port PORT"),
                new Server("pipx", "glances[web]==4.2.0", "glances", "/api/4/status", "-w -B 127.0.0.1 -p PORT"),
                new Server(
                        "uv",
                        "marimo==0.10.0",
                        "marimo",
                        "/health",
                        "edit --headless --no-token --host 127.0.0.1 --port PORT"),
                new Server(
                        "uv",
                        "mitmproxy==10.4.2",
                        "mitmweb",
                        "/",
                        "--no-web-open-browser --web-host 127.0.0.1 --web-port PORT --listen-host 127.0.0.1"
                                + " --listen-port OTHER"),
                new Server("pipx", "mkdocs==1.5.3", "mkdocs", "/", "serve --dev-addr 127.0.0.1:PORT"),
                new Server("npm", "serve@14.2.0", "serve", "/", "-l tcp://127.0.0.1:PORT FOLDER"),
                new Server("npm", "json-server@0.17.3", "json-server", "/", "--host 127.0.0.1 --port PORT db.json"),
                new Server("npm", "verdaccio@6.0.0", "verdaccio", "/-/ping", "--listen 127.0.0.1:PORT"),
                new Server("npm", "node-red@3.1.9", "node-red", "/", "-p PORT -u FOLDER"));
    }

    @ParameterizedTest
    @MethodSource("few")
    void aServerIsUpgradedAndRolledBack(Server server) throws IOException {
        journey(server);
    }

    @ParameterizedTest
    @MethodSource("others")
    @Tag("long")
    void anyOtherServerToo(Server server) throws IOException {
        journey(server);
    }

    private void journey(Server server) throws IOException {
        install(server);
        int port = Ports.free();
        Path folder = Files.createDirectories(home.resolve("served"));
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("mkdocs.yml"), "site_name: Lamps\n");
        Files.writeString(folder.resolve("docs").resolve("index.md"), "# Lamps\n");
        Files.writeString(folder.resolve("db.json"), "{ \"lamps\": [] }\n");
        Files.writeString(folder.resolve("settings.js"), "module.exports = { uiHost: '127.0.0.1' };\n");
        String url = "http://127.0.0.1:" + port + server.path();
        List<String> add = new ArrayList<>(List.of("add", server.program()));
        server.arguments()
                .forEach(argument -> add.add("--argument="
                        + argument.replace("PORT", "" + port)
                                .replace("OTHER", "" + Ports.free())
                                .replace("FOLDER", folder.toString())));
        add.addAll(List.of("--directory", folder.toString(), "--url", url, "--yes"));
        Installed lamplighter = new Installed(environment);
        well(lamplighter, "settings", "set", "network.limit", "1min");
        well(lamplighter, add.toArray(String[]::new));
        well(lamplighter, "service", "install", server.name(), "--yes");
        assertResponds(url);
        String from = tool(lamplighter, "list", server).path("version").asString("");
        assertThat(server.requirement().getFirst()).endsWith(from);
        String to =
                tool(lamplighter, "outdated", server).path("verdict").path("to").asString("");

        long started = System.nanoTime();
        JsonNode upgraded = first(well(lamplighter, "upgrade", server.name(), "--yes", "--json"));
        Duration whole = Duration.ofNanos(System.nanoTime() - started);
        assertResponds(url);
        assertThat(tool(lamplighter, "list", server).path("version").asString(""))
                .isEqualTo(to)
                .isNotEqualTo(from);
        JsonNode back = first(well(lamplighter, "rollback", server.name(), "--yes", "--json"));
        assertResponds(url);
        assertThat(tool(lamplighter, "list", server).path("version").asString(""))
                .isEqualTo(from);
        String line = "| %s | %s | %s → %s | %s | %s | %s |%n"
                .formatted(
                        server.name(),
                        server.installer(),
                        from,
                        to,
                        seconds(whole.toMillis()),
                        seconds(upgraded.path("downtimeMillis").asLong()),
                        seconds(back.path("downtimeMillis").asLong()));
        Files.writeString(TABLE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        well(lamplighter, "service", "uninstall", server.name(), "--yes");
    }

    private void install(Server server) {
        String requirement = server.requirement().getFirst();
        switch (server.installer()) {
            case "uv" -> {
                List<String> words = new ArrayList<>(List.of("install"));
                words.addAll(server.requirement());
                uv.tool(words.toArray(String[]::new));
                unpin(
                        "uv/tools",
                        "uv-receipt.toml",
                        server,
                        ", specifier = \"" + requirement.replaceFirst(".*==", "==") + "\"",
                        "");
            }
            case "pipx" -> {
                Child.run(
                                environment,
                                Duration.ofMinutes(5),
                                home.resolve(".local/bin/pipx").toString(),
                                "install",
                                requirement)
                        .well();
                unpin(
                        "pipx/venvs",
                        "pipx_metadata.json",
                        server,
                        requirement + "\"",
                        requirement.replaceFirst("==.*", "") + "\"");
            }
            default -> {
                String[] parts = requirement.split("@");
                try {
                    NpmPrefix.with(home, parts[0], parts[1]);
                } catch (AssertionError e) {
                    // A mirror of the registry may not know the dist-tag that a dependency asks for.
                    assumeFalse(String.valueOf(e.getMessage()).contains("ETARGET"), e.getMessage());
                    throw e;
                }
            }
        }
    }

    /// As if it had been the newest when it was installed.
    private void unpin(String folder, String record, Server server, String exact, String instead) {
        Path file =
                home.resolve(".local/share/" + folder).resolve(server.name()).resolve(record);
        try {
            String text = Files.readString(file);
            assertThat(text).contains(exact);
            Files.writeString(file, text.replace(exact, instead));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode tool(Installed lamplighter, String command, Server server) {
        JsonNode tools = JsonFile.MAPPER
                .readTree(well(lamplighter, command, "--json").out())
                .path("data")
                .path("tools");
        return tools.valueStream()
                .filter(tool -> tool.path("name").asString("").equals(server.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(tools.toPrettyString()));
    }

    private static JsonNode first(Child.Ended ended) {
        JsonNode data = JsonFile.MAPPER.readTree(ended.out()).path("data");
        return data.path("tools").isArray() ? data.path("tools").path(0) : data;
    }

    private static Child.Ended well(Installed lamplighter, String... words) {
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(10), words);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
        return ended;
    }

    private static void assertResponds(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setReadTimeout(10_000);
        assertThat(connection.getResponseCode()).isBetween(200, 399);
        connection.disconnect();
    }

    private static String seconds(long millis) {
        return "%.1f s".formatted(millis / 1000.0);
    }
}
