package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
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
import tools.jackson.databind.node.ObjectNode;

/// npm's http-server, with the files that it serves as its data. It has no address for its version: each process writes
/// at its start which version it is.
final class HttpServerWithFiles extends ServiceOnTrial {

    private static final String TEXT = "a lamp\n".repeat(1000);

    private static final String AT_START = """
        const fs = require("fs"), path = require("path");
        const program = fs.realpathSync(process.argv[1] || "/");
        if (path.basename(program) === "http-server") {
            const { version } = require(path.join(path.dirname(program), "../package.json"));
            fs.writeFileSync(path.join(__dirname, String(process.pid)), version);
        }
        """;

    private final NpmPrefix npm;
    private final Path versions;

    HttpServerWithFiles(ThrowAwayHome home, UserManager manager, Installed lamplighter, NpmPrefix npm) {
        super(home, manager, lamplighter, "http-server", home.resolve("data/site"), Ports.free());
        this.npm = npm;
        this.versions = home.resolve("versions");
    }

    void serve() throws IOException {
        Files.createDirectories(data);
        Files.writeString(data.resolve("lamp.txt"), TEXT);
        lamplighter.addHttpServer(port, data);
        Path manifest = home.resolve(".config/lamplighter/tools/http-server.json");
        ObjectNode json = (ObjectNode) JsonFile.MAPPER.readTree(Files.readString(manifest));
        json.putArray("data").add(data.toString());
        Path atStart = Files.writeString(Files.createDirectories(versions).resolve("at-start.js"), AT_START);
        ((ObjectNode) json.path("service")).putObject("environment").put("NODE_OPTIONS", "--require=" + atStart);
        Files.writeString(manifest, json.toPrettyString());
        well("service", "install", name(), "--yes");
    }

    @Override
    String oldVersion() {
        return "14.1.0";
    }

    @Override
    String newVersion() {
        return "14.1.1";
    }

    @Override
    String served() {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/lamp.txt").toURL().openStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        } catch (IOException e) {
            throw new AssertionError("nobody responds on port %d\n%s\n%s"
                    .formatted(port, manager.systemctl("status", unit()).out(), history()));
        }
        String process = manager.property(unit(), "MainPID").orElse("none");
        try {
            return Files.readString(versions.resolve(process));
        } catch (IOException e) {
            throw new AssertionError("The process %s is not http-server.".formatted(process), e);
        }
    }

    @Override
    String onDisk() {
        Path description = npm.folder().resolve("lib/node_modules/http-server/package.json");
        try {
            return JsonFile.MAPPER
                    .readTree(Files.readString(description))
                    .path("version")
                    .asString("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    List<String> marks() {
        return List.of(
                npm.program("http-server") + " ", npm.folder() + "/.lamplighter/", npm.folder() + "/lib/.lamplighter/");
    }
}
