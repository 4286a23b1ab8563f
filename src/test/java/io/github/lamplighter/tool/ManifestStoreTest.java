package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestStoreTest {

    @TempDir
    Path home;

    private ManifestStore store;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        store = new ManifestStore(directories);
        file = directories.manifests().resolve("lamp.json");
        Files.createDirectories(directories.manifests());
    }

    /// An upgrade says that data may have changed where that is unknown, and not where there are none.
    @Test
    void noDataIsMoreThanNothingSaidAboutThem() throws IOException {
        for (String data : List.of("", ", \"data\": []")) {
            Files.writeString(file, """
                { "schema": "lamplighter.tool/1", "name": "lamp",
                  "install": { "installer": "npm", "package": "lamp", "environment": "~/n/lib/node_modules/lamp",
                               "program": "~/n/bin/lamp" }%s }
                """.formatted(data));
            Manifest manifest =
                    ((ManifestEntry.Readable) store.entry(new ToolName("lamp")).orElseThrow()).manifest();
            assertThat(manifest.declaredData().isPresent()).isEqualTo(!data.isEmpty());
            assertThat(manifest.data()).isEmpty();
        }
    }

    @Test
    void readsEveryKeyAndExpandsTheHome() throws IOException {
        Files.writeString(file, """
            { "schema": "lamplighter.tool/1", "name": "lamp", "expected": "on-demand",
              "install": { "installer": "npm", "package": "@wick/lamp", "environment": "~/n/lib/node_modules/@wick/lamp",
                           "program": "~/n/bin/lamp", "manager": "/usr/bin/npm", "variables": { "npm_config_prefix": "/n" } },
              "command": "lamp",
              "service": { "arguments": ["serve"], "environment": { "MODE": "quiet" }, "inherit": ["TMUX_TMPDIR"],
                           "killMode": "process", "stopTimeoutSeconds": 7, "workingDirectory": "~/mux", "unit": "lamp.service",
                           "environmentFile": "~/.env", "label": "com.lamp", "refresh": ["service", "install"] },
              "endpoint": { "url": "http://127.0.0.1:8088/", "expect": [200, 401], "proxied": true,
                            "port": { "file": "~/s.json", "pointer": "/port" }, "readyTimeoutSeconds": 60,
                            "version": { "path": "/v", "pointer": "/version" },
                            "identity": { "path": "/i", "pointer": "/id", "file": "~/id.json", "filePointer": "/id" } },
              "requires": { "runtime": ">=20", "programs": [ { "name": "tmux", "version": ">=3.2",
                            "versionArguments": ["-V"], "hints": { "debian": "sudo apt install tmux" } } ] },
              "settings": [ "~/s.json" ], "data": [ "/var/lamp" ], "smoke": [ "--version" ],
              "tls": { "certificate": "~/c.pem" },
              "auth": [ { "file": "~/password" }, { "environment": "LAMP_PASSWORD" } ],
              "sessions": { "command": ["tmux", "list-sessions"], "count": "lines" },
              "doctor": { "command": ["lamp", "doctor"], "format": "json" } }
            """);
        var readable =
                (ManifestEntry.Readable) store.entry(new ToolName("lamp")).orElseThrow();
        assertThat(store.lint(readable.file()).orElseThrow()).isEmpty();
        assertThat(readable.manifest())
                .isEqualTo(new Manifest(
                        new ToolName("lamp"),
                        Manifest.Expected.ON_DEMAND,
                        new Manifest.Install(
                                InstallerKind.NPM,
                                "@wick/lamp",
                                home.resolve("n/lib/node_modules/@wick/lamp"),
                                home.resolve("n/bin/lamp"),
                                Optional.of(Path.of("/usr/bin/npm")),
                                Map.of("npm_config_prefix", "/n")),
                        "lamp",
                        Optional.of(new Manifest.Service(
                                List.of("serve"),
                                Map.of("MODE", "quiet"),
                                List.of("TMUX_TMPDIR"),
                                Optional.of("process"),
                                7,
                                Optional.of(home.resolve("mux")),
                                Optional.of(home.resolve(".env")),
                                Optional.of("lamp.service"),
                                Optional.of("com.lamp"),
                                List.of("service", "install"))),
                        Optional.of(new Manifest.Endpoint(
                                "http://127.0.0.1:8088/",
                                List.of(200, 401),
                                Optional.of(new Manifest.JsonAnswer("/v", "/version")),
                                Optional.of(new Manifest.Identity("/i", "/id", home.resolve("id.json"), "/id")),
                                true,
                                60,
                                Optional.of(new Manifest.PortSetting(
                                        home.resolve("s.json"), "/port", "http://127.0.0.1:8088/")))),
                        new Manifest.Requires(
                                Optional.of(">=20"),
                                List.of(new Manifest.RequiredProgram(
                                        "tmux",
                                        Optional.of(">=3.2"),
                                        List.of("-V"),
                                        Map.of("debian", "sudo apt install tmux")))),
                        List.of(home.resolve("s.json")),
                        List.of(Path.of("/var/lamp")),
                        List.of("--version"),
                        Optional.of(new Manifest.Tls(home.resolve("c.pem"))),
                        List.of(
                                new Manifest.Auth.SecretFile(home.resolve("password")),
                                new Manifest.Auth.Variable("LAMP_PASSWORD")),
                        Optional.of(new Manifest.Sessions.FromCommand(
                                List.of("tmux", "list-sessions"), Manifest.Count.LINES)),
                        Optional.of(new Manifest.ToolDoctor(
                                List.of(home.resolve("n/bin/lamp").toString(), "doctor"), Manifest.Format.JSON))));
    }

    @Test
    void theToolsOwnNameMeansTheProgramOfThisCopyHoweverManyThereAre() throws IOException {
        String program = home.resolve("copy/bin/lamp").toString();
        for (String word : List.of("lamp", "lantern", program)) {
            Files.writeString(file, """
                { "schema": "lamplighter.tool/1", "name": "lamp", "command": "lantern",
                  "install": { "installer": "venv", "environment": "~/copy", "program": "~/copy/bin/lamp" },
                  "sessions": { "command": ["%1$s", "sessions"] },
                  "doctor": { "command": ["%1$s", "doctor", "lamp"] } }
                """.formatted(word));
            assertThat(manifest().doctor().orElseThrow().command()).containsExactly(program, "doctor", "lamp");
            assertThat(manifest().sessions())
                    .contains(new Manifest.Sessions.FromCommand(List.of(program, "sessions"), Manifest.Count.LINES));
            store.save(manifest(), "manifest");
            assertThat(Files.readString(file))
                    .as("stays right when the copy moves")
                    .contains("\"lamp\",");
            assertThat(manifest().doctor().orElseThrow().command()).containsExactly(program, "doctor", "lamp");
        }
    }

    @Test
    void thePortIsTheOneThatTheToolsSettingsNameAndTheWrittenOneWhileTheyDoNot() throws IOException {
        readsEveryKeyAndExpandsTheHome();
        Files.writeString(home.resolve("s.json"), "{ \"port\": 9099 }");
        assertThat(manifest().endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:9099/");
        Files.writeString(home.resolve("s.json"), "{ \"port\": \"9098\" }");
        assertThat(manifest().endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:9098/");
        store.save(manifest(), "manifest");
        assertThat(Files.readString(file))
                .as("what the user wrote stays")
                .contains("8088")
                .doesNotContain("9098");
        for (String odd :
                List.of("{}", "{ \"port\": 0 }", "{ \"port\": [1] }", "{ \"port\": \"eighty\" }", "no json")) {
            Files.writeString(home.resolve("s.json"), odd);
            assertThat(manifest().endpoint().orElseThrow().url()).as(odd).isEqualTo("http://127.0.0.1:8088/");
        }
    }

    @Test
    void whatItWritesItReadsBackTheSame() throws IOException {
        readsEveryKeyAndExpandsTheHome();
        Manifest manifest = manifest();
        assertThat(store.save(manifest, "recipe")).isInstanceOf(ManifestStore.Change.Done.class);
        assertThat(manifest()).isEqualTo(manifest);
        assertThat(store.source(file)).isEqualTo("recipe");
        assertThat(Files.readString(file)).contains("~/mux").doesNotContain(home.toString());
    }

    @Test
    void reportsUnknownKeysWithTheirPlaceAndKeepsThemWhenItWrites() throws IOException {
        Files.writeString(file, """
            {
              "schema": "lamplighter.tool/1", "name": "lamp",
              "wick": { "length": 3 },
              "// note": "mine",
              "install": { "installer": "venv", "environment": "/e", "program": "/e/bin/lamp" },
              "service": { "argument": [], "arguments": ["x"], "killMode": "mixed" }
            }
            """);
        var readable =
                (ManifestEntry.Readable) store.entry(new ToolName("lamp")).orElseThrow();
        assertThat(store.lint(readable.file()).orElseThrow())
                .containsExactly(
                        new LintFinding("/wick", 3, 3, "Unknown key `wick`."),
                        new LintFinding(
                                "/service/argument", 6, 16, "Unknown key `argument`. Did you mean `arguments`?"));
        Manifest.Service changed = new Manifest.Service(
                List.of("y"),
                Map.of(),
                List.of(),
                Optional.empty(),
                10,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Manifest m = readable.manifest();
        store.save(
                new Manifest(
                        m.name(),
                        m.expected(),
                        m.install(),
                        m.command(),
                        Optional.of(changed),
                        m.endpoint(),
                        m.requires(),
                        m.settings(),
                        m.data(),
                        m.smoke()),
                "manifest");
        assertThat(Files.readString(file)).contains("\"length\" : 3", "// note", "\"argument\"", "\"y\"");
        assertThat(Files.readString(file)).as("what was taken out goes").doesNotContain("killMode");
    }

    @Test
    void keepsUnknownKeysOfTheElementsOfAListToo() throws IOException {
        Files.writeString(file, """
            { "schema": "lamplighter.tool/1", "name": "lamp", "$schema": "https://example.org/s.json",
              "install": { "installer": "venv", "environment": "/e", "program": "/e/bin/lamp" },
              "requires": { "programs": [ { "name": "git" }, { "name": "tmux", "why": "sessions" } ] } }
            """);
        store.save(manifest(), "manifest");
        assertThat(Files.readString(file)).contains("\"why\" : \"sessions\"", "https://example.org/s.json");
    }

    @Test
    void aFileThatCannotBeParsedStaysInTheListAndIsNeverOverwritten() throws IOException {
        readsEveryKeyAndExpandsTheHome();
        Manifest manifest = manifest();
        String broken = "{ \"schema\": \"lamplighter.tool/1\",\n  \"name\" \"lamp\" }";
        Files.writeString(file, broken);
        assertThat(store.entries()).singleElement().isInstanceOfSatisfying(ManifestEntry.Broken.class, entry -> {
            assertThat(entry.name()).isEqualTo("lamp");
            assertThat(entry.line()).isEqualTo(2);
        });
        assertThat(store.save(manifest, "manifest")).isInstanceOf(ManifestStore.Change.Refused.class);
        assertThat(Files.readString(file)).isEqualTo(broken);
    }

    @Test
    void aKnownKeyWithASenselessValueIsNamedWithItsPlace() throws IOException {
        Files.writeString(file, """
            { "schema": "lamplighter.tool/1", "name": "lamp",
              "install": { "installer": "venv", "environment": "e", "program": "/e/bin/lamp" } }
            """);
        assertThat(store.entry(new ToolName("lamp")))
                .contains(new ManifestEntry.Broken(
                        "lamp", file, 2, 37, "`install.environment`: a path must begin with `/` or `~/`"));
        Files.writeString(file, "{ \"schema\": \"lamplighter.tool/1\", \"name\": \"lamp\" }");
        assertThat(store.entry(new ToolName("lamp")))
                .contains(new ManifestEntry.Broken("lamp", file, 1, 1, "the key `install` is missing"));
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() throws IOException {
        readsEveryKeyAndExpandsTheHome();
        Manifest manifest = manifest();
        Path tools = file.getParent();
        Files.delete(file);
        Files.delete(tools);
        Files.createSymbolicLink(tools, home.resolve("unplugged"));
        assertThat(store.save(manifest, "manifest"))
                .isEqualTo(new ManifestStore.Change.Refused(
                        file,
                        "Could not write ~/.config/lamplighter/tools/lamp.json: %s is not a folder.".formatted(tools)));
    }

    @Test
    void noFolderMeansNoTools() {
        assertThat(new ManifestStore(AppDirectories.linux(Map.of(), home.resolve("nobody"))).entries())
                .isEmpty();
    }

    private Manifest manifest() {
        return ((ManifestEntry.Readable) store.entry(new ToolName("lamp")).orElseThrow()).manifest();
    }
}
