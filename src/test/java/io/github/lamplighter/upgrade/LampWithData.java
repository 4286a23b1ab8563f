package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A server with a database that an upgrade migrates and a rollback must restore. Its versions are tags of a git
/// repository.
final class LampWithData extends ServiceOnTrial {

    static final String OLD = "3.0.0";
    static final String NEW = "3.1.0";

    private static final int ROWS = 500;

    private final Path environment;
    private String sum = "";

    /// @param environment the folder that is replaced by an upgrade
    LampWithData(
            ThrowAwayHome home,
            UserManager manager,
            Installed lamplighter,
            String name,
            Path environment,
            Path data,
            int port) {
        super(home, manager, lamplighter, name, data, port);
        this.environment = environment;
    }

    /// Tags a version of the server.
    ///
    /// @param schema of its data
    /// @param fault what is wrong with it; empty for nothing
    static void release(GitRepository repository, String version, int schema, String fault) {
        try (InputStream in = LampWithData.class.getResourceAsStream("lamp_clock.py")) {
            String server = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@VERSION@", version)
                    .replace("@SCHEMA@", "" + schema)
                    .replace("@FAULT@", fault);
            Path folder = repository.folder();
            Files.writeString(folder.resolve("lamp_clock.py"), server);
            Path backend = folder.resolve("backend.py");
            Files.writeString(
                    backend,
                    Files.readString(backend)
                            .replaceFirst("VERSION = (.*), \"[0-9.]+\"", "VERSION = $1, \"" + version + "\""));
            repository.git("commit", "-q", "-a", "-m", "lamp-clock " + version);
            repository.git("tag", "v" + version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds the tool, and runs it as a service.
    void serve(Path program) throws IOException {
        lamplighter
                .run(
                        "add",
                        program.toString(),
                        "--as",
                        name(),
                        "--argument=serve",
                        "--argument=--port",
                        "--argument=" + port,
                        "--url",
                        "http://127.0.0.1:" + port + "/",
                        "--yes")
                .well();
        Path manifest = home.resolve(".config/lamplighter/tools/" + name() + ".json");
        ObjectNode json = (ObjectNode) JsonFile.MAPPER.readTree(Files.readString(manifest));
        json.putArray("data").add(data.toString());
        json.putArray("smoke").add("--version");
        ((ObjectNode) json.path("service")).putObject("environment").put("LAMP_CLOCK_DATA", data.toString());
        ObjectNode endpoint = (ObjectNode) json.path("endpoint");
        endpoint.putObject("version").put("path", "/").put("pointer", "/version");
        endpoint.put("readyTimeoutSeconds", 15);
        Files.writeString(manifest, json.toPrettyString());
        well("service", "install", name(), "--yes");
        sum = responding().path("sum").asString("");
        assertThat(sum).isNotEmpty();
    }

    private JsonNode responding() {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/").toURL().openStream()) {
            return JsonFile.MAPPER.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(
                    "nobody responds on port %d\n%s\n%s"
                            .formatted(port, manager.systemctl("status", unit()).out(), history()),
                    e);
        }
    }

    @Override
    String oldVersion() {
        return OLD;
    }

    @Override
    String newVersion() {
        return NEW;
    }

    @Override
    String served() {
        JsonNode served = responding();
        String version = served.path("version").asString("");
        boolean isNew = version.equals(NEW);
        assertThat(manager.property(unit(), "MainPID"))
                .as("the process that responds")
                .hasValue(served.path("pid").asString(""));
        assertThat(served.path("integrity").asString("")).isEqualTo("ok");
        assertThat(served.path("rows").asInt()).isEqualTo(ROWS);
        assertThat(served.path("sum").asString("")).as("the rows").isEqualTo(sum);
        assertThat(served.path("schema").asInt()).isEqualTo(isNew ? 2 : 1);
        assertThat(served.path("migrated").asInt()).as("each row once").isEqualTo(isNew ? ROWS : 0);
        assertThat(Files.exists(data.resolve("notes.txt"))).isEqualTo(isNew);
        return version;
    }

    @Override
    String onDisk() {
        try (Stream<Path> files = Files.walk(environment)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.matches("lamp_clock-.*\\.dist-info"))
                    .map(file -> file.replaceAll("lamp_clock-|\\.dist-info", ""))
                    .reduce("", (one, other) -> one.isEmpty() ? other : one + " and " + other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    List<String> marks() {
        Path kept = environment.resolveSibling(".lamplighter").resolve(environment.getFileName());
        return List.of(environment + "/", kept + "/");
    }
}
