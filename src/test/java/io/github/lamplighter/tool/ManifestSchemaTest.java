package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What other programs check with the JSON Schema and what `manifest lint` says are the same.
class ManifestSchemaTest {

    private static final Schema SCHEMA = new Schema(Schema.MANIFEST);

    private static final String WHOLE = """
        { "$schema": "tool-manifest-1.json", "schema": "lamplighter.tool/1", "name": "lamp", "expected": "running",
          "source": "https://example.org/", "// note": ["anything"],
          "install": { "installer": "uv", "package": "lamp", "environment": "~/uv/lamp", "program": "/bin/lamp",
                       "manager": "/usr/bin/uv", "variables": { "UV_INDEX": "x" }, "origin": "git+https://example.org/lamp" },
          "command": "lamp",
          "service": { "arguments": ["serve"], "environment": { "MODE": "quiet" }, "inherit": ["TMUX_TMPDIR"],
                       "killMode": "process", "stopTimeoutSeconds": 10, "workingDirectory": "~", "environmentFile": "~/e",
                       "unit": "lamp@1.service", "label": "com.lamp", "refresh": ["service", "install"], "//": 1 },
          "endpoint": { "url": "http://127.0.0.1:8088/", "port": { "file": "~/s.json", "pointer": "/port" },
                        "version": { "path": "/v", "pointer": "/version" },
                        "identity": { "path": "/i", "pointer": "", "file": "/i.json", "filePointer": "/a~1b" },
                        "expect": [200], "proxied": false, "readyTimeoutSeconds": 30 },
          "requires": { "runtime": ">=3.11", "programs": [ { "name": "tmux", "version": ">=3.2",
                        "versionArguments": ["-V"], "hints": { "debian": "sudo apt install tmux" } } ] },
          "settings": ["~/s.json"], "data": ["/var/lamp"],
          "dataSetBy": { "-d": "/var/lamp", "--set data": "~/x", "LAMP_CONFIG": "unknown" }, "tls": { "certificate": "~/c.pem" },
          "auth": [ { "file": "~/password" }, { "environment": "LAMP_PASSWORD" } ],
          "sessions": { "command": ["tmux", "ls"], "count": "lines" },
          "doctor": { "command": ["lamp", "doctor"], "format": "marks" }, "smoke": ["--version"] }
        """;

    @TempDir
    Path folder;

    @Test
    void bothAcceptAFileWithEveryKey() throws IOException {
        ObjectNode whole = (ObjectNode) JsonFile.MAPPER.readTree(WHOLE);
        assertThat(keys(whole, ManifestKeys.ROOT, ""))
                .as("the example leaves no known key out, but for the other way to count sessions")
                .containsExactlyInAnyOrder("/sessions/path", "/sessions/pointer");
        assertThat(SCHEMA.complaints(WHOLE)).isEmpty();
        assertThat(lint(WHOLE)).isEmpty();
    }

    @Test
    void bothAcceptSessionsThatTheEndpointAnswers() throws IOException {
        String answered = WHOLE.replace(
                "\"command\": [\"tmux\", \"ls\"], \"count\": \"lines\"",
                "\"path\": \"/api/sessions\", \"pointer\": \"/count\"");
        assertThat(answered).isNotEqualTo(WHOLE);
        assertThat(SCHEMA.complaints(answered)).isEmpty();
        assertThat(lint(answered)).isEmpty();
    }

    @Test
    void bothAcceptAnAuthorsFileWithNothingButWhatIsRequired() throws IOException {
        String least = """
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "npm" } }
            """;
        assertThat(SCHEMA.complaints(least)).isEmpty();
        assertThat(lint(least)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/schema",
                "/name",
                "/install",
                "/install/installer",
                "/install/program",
                "/install/environment",
                "/endpoint/url",
                "/endpoint/port/file",
                "/endpoint/version/pointer",
                "/endpoint/identity/filePointer",
                "/requires/programs/0/name",
                "/tls/certificate",
                "/auth/0/file",
                "/sessions/command",
                "/doctor/command"
            })
    void bothMissAKey(String pointer) throws IOException {
        ObjectNode json = (ObjectNode) JsonFile.MAPPER.readTree(WHOLE);
        JsonPointer at = JsonPointer.compile(pointer);
        ((ObjectNode) json.at(at.head())).remove(at.last().getMatchingProperty());
        bothRefuse(json.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        /schema | "lamplighter.tool/2"
        /name | "Lamp"
        /name | "-lamp"
        /name | 1
        /source | {}
        /$schema | 1
        /expected | "always"
        /expected | true
        /install | []
        /install/installer | "brew"
        /install/environment | "uv/lamp"
        /dataSetBy | ["-d"]
        /dataSetBy/-d | "lamp"
        /dataSetBy/-d | null
        /install/program | 1
        /install/manager | "uv"
        /install/variables | { "A B": "x" }
        /install/variables | { "A": 1 }
        /install/programm | "/bin/lamp"
        /command | ["lamp"]
        /command | null
        /service | "serve"
        /service/arguments | "serve"
        /service/arguments | [1]
        /service/environment | { "A=B": "x" }
        /service/environment | ["A=x"]
        /service/inherit | ["A B"]
        /service/inherit | "A"
        /service/killMode | "kill"
        /service/stopTimeoutSeconds | "10"
        /service/stopTimeoutSeconds | -1
        /service/stopTimeoutSeconds | 1.5
        /service/workingDirectory | "here"
        /service/environmentFile | false
        /service/unit | "lamp"
        /service/unit | "a/b.service"
        /service/label | "com lamp"
        /service/refresh | { }
        /service/argument | []
        /endpoint/url | "127.0.0.1:8088"
        /endpoint/url | "http://"
        /endpoint/url | "http://me:pw@127.0.0.1/"
        /endpoint/url | "tcp:localhost"
        /endpoint/url | "unix:run"
        /endpoint/url | "http://127.0.0.1:99999/"
        /endpoint/url | "http://127.0.0.1:0/"
        /endpoint/url | "http://127.0.0.1:port/"
        /endpoint/url | "tcp:localhost:65536"
        /endpoint/url | "ftp://127.0.0.1/"
        /endpoint/port | 8088
        /endpoint/port/pointer | "port"
        /endpoint/port/pointer | "/a~b"
        /endpoint/port/line | 1
        /endpoint/version/path | "v"
        /endpoint/version/extra | ""
        /endpoint/identity/file | "~someone/i.json"
        /endpoint/identity/extra | ""
        /endpoint/expect | 200
        /endpoint/expect | [99]
        /endpoint/expect | [600]
        /endpoint/proxied | "no"
        /endpoint/readyTimeoutSeconds | {}
        /endpoint/extra | ""
        /requires | []
        /requires/runtime | 3.11
        /requires/runtime | ">=banana"
        /requires/extra | ""
        /requires/programs/0/version | "banana"
        /requires/programs/0/name | "../x"
        /requires/programs/0/name | "/usr/bin/tmux"
        /requires/programs/0/name | ""
        /requires/programs | {}
        /requires/programs/0 | "tmux"
        /requires/programs/0/version | 3
        /requires/programs/0/versionArguments | "-V"
        /requires/programs/0/hints | ["apt"]
        /requires/programs/0/hints | { "debian": ["apt"] }
        /requires/programs/0/extra | ""
        /settings | "~/s.json"
        /settings | ["s.json"]
        /data | [1]
        /data | ["/"]
        /data | ["~"]
        /data | ["~/"]
        /tls | "~/c.pem"
        /tls/certificate | "c.pem"
        /tls/extra | ""
        /auth | {}
        /auth/0 | {}
        /auth/0 | { "file": "~/p", "environment": "P" }
        /auth/0 | { "password": "hunter2" }
        /auth/1/environment | "LAMP PASSWORD"
        /sessions/command | "tmux ls"
        /sessions/command | []
        /sessions/command | [""]
        /sessions/count | "words"
        /sessions/extra | ""
        /sessions/path | "/api"
        /sessions/pointer | "/count"
        /doctor/format | "yaml"
        /doctor/command | [["a"]]
        /doctor/extra | ""
        /smoke | "--version"
        /wick | 3
        """)
    void bothRefuse(String pointer, String value) throws IOException {
        ObjectNode json = (ObjectNode) JsonFile.MAPPER.readTree(WHOLE);
        JsonPointer at = JsonPointer.compile(pointer);
        JsonNode parent = json.at(at.head());
        JsonNode changed = JsonFile.MAPPER.readTree(value);
        if (parent instanceof ObjectNode object) {
            object.set(at.last().getMatchingProperty(), changed);
        } else {
            ((tools.jackson.databind.node.ArrayNode) parent).set(at.last().getMatchingIndex(), changed);
        }
        bothRefuse(json.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"lamp\"", "{}", "null"})
    void bothRefuseWhatIsNoManifestAtAll(String text) throws IOException {
        bothRefuse(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp:127.0.0.1:5432",
                "tcp://localhost:1",
                "unix:/run/x.sock",
                "https://[::1]:8443/a?b=c#d",
                "http://127.0.0.1:65535/",
                "http://localhost:1/",
                "http://h"
            })
    void bothAcceptEveryKindOfAddress(String url) throws IOException {
        String json = """
            { "schema": "lamplighter.tool/1", "name": "l", "install": { "installer": "npm" }, "endpoint": { "url": "%s" } }
            """.formatted(url);
        assertThat(SCHEMA.complaints(json)).isEmpty();
        assertThat(lint(json)).isEmpty();
    }

    @Test
    void lintFindsEverythingAtOnceAndSaysWhere() throws IOException {
        assertThat(lint("""
            { "schema": "lamplighter.tool/1", "name": "lamp",
              "install": { "installer": "npm" },
              "service": { "argumets": [],
                           "stopTimeoutSeconds": "5",
                           "environment": { "LAMP_TOKEN": "x" } },
              "endpoint": { } }
            """))
                .containsExactly(
                        "3:16 Unknown key `argumets`. Did you mean `arguments`?",
                        "4:16 `service.stopTimeoutSeconds`: must be a whole number",
                        "5:33 LAMP_TOKEN looks like a secret. Move it to an environment file (mode 0600) and set"
                                + " `service.environmentFile`.",
                        "6:3 `endpoint`: the key `url` is missing");
    }

    @Test
    void lintFindsSecretsByTheirLooksWhereverTheyStand() throws IOException {
        String token = "ghp_" + "a1B2".repeat(9);
        assertThat(lint("""
            { "schema": "lamplighter.tool/1", "name": "lamp",
              "install": { "installer": "npm", "variables": { "X": "https://me:pw@example.org/" } },
              "service": { "arguments": ["serve", "--password", "hunter2", "--key", "~/k.pem"],
                           "environment": { "DB": "postgres://u:pw@h/d", "MODE": "%1$s", "QUIET": "1",
                                            "API_TOKEN_FILE": "~/token" } },
              "settings": ["~/a", "~/%1$s"] }
            """.formatted(token)))
                .containsExactly(
                        "2:51 This value looks like a secret. Move it to an environment file (mode 0600) and set"
                                + " `service.environmentFile`.",
                        "3:53 The value of --password looks like a secret. Move it to an environment file (mode 0600)"
                                + " and set `service.environmentFile`.",
                        "4:33 This value looks like a secret. Move it to an environment file (mode 0600) and set"
                                + " `service.environmentFile`.",
                        "4:62 This value looks like a secret. Move it to an environment file (mode 0600) and set"
                                + " `service.environmentFile`.",
                        "6:23 This value looks like a secret. Move it to an environment file (mode 0600) and set"
                                + " `service.environmentFile`.");
    }

    @Test
    void dataAreNotTheFolderThatEverythingLiesIn() throws IOException {
        assertThat(lint("""
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "npm" },
              "data": ["%s", "~/lamp"] }
            """.formatted(folder.getParent())))
                .singleElement()
                .asString()
                .startsWith("2:12 `data.0`: must be a file or folder of this tool alone");
    }

    @Test
    void aFileOfThisUsersHasToSayWhereTheToolLies() throws IOException {
        AppDirectories directories = AppDirectories.linux(Map.of(), folder);
        Files.createDirectories(directories.manifests());
        Path file = directories.manifests().resolve("lamp.json");
        Files.writeString(
                file,
                "{ \"schema\": \"lamplighter.tool/1\", \"name\": \"lamp\", \"install\": { \"installer\": \"npm\" } }");
        assertThat(new ManifestStore(directories).lint(file).orElseThrow())
                .extracting(LintFinding::message)
                .containsExactly(
                        "`install`: the key `environment` is missing", "`install`: the key `program` is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {Schema.MANIFEST, Schema.ENVELOPE})
    void theManualHasTheSchemaThatTheProgramShips(String name) {
        assertThat(Installed.CHECKOUT.resolve("docs/schemas").resolve(name)).hasSameTextualContentAs(Schema.file(name));
    }

    @Test
    void theExampleOfTheManualIsWell() throws IOException {
        String manual = Files.readString(Installed.CHECKOUT.resolve("docs/manifest.md"));
        int start = manual.indexOf("```json\n") + "```json\n".length();
        String example = manual.substring(start, manual.indexOf("```", start));
        assertThat(SCHEMA.complaints(example)).isEmpty();
        assertThat(lint(example)).isEmpty();
    }

    private void bothRefuse(String json) throws IOException {
        assertThat(SCHEMA.complaints(json)).as("the schema, of " + json).isNotEmpty();
        assertThat(lint(json)).as("lint, of " + json).isNotEmpty();
    }

    private List<String> lint(String json) throws IOException {
        Path file = folder.resolve("lamplighter.json");
        Files.writeString(file, json);
        return new ManifestStore(AppDirectories.linux(Map.of(), folder))
                .lint(file).orElseThrow().stream()
                        .map(lintFinding ->
                                "%d:%d %s".formatted(lintFinding.line(), lintFinding.column(), lintFinding.message()))
                        .toList();
    }

    /// The known keys that `json` leaves out.
    private static List<String> keys(JsonNode json, ManifestKeys shape, String pointer) {
        List<String> missing = new ArrayList<>();
        switch (shape) {
            case ManifestKeys.Leaf() -> {}
            case ManifestKeys.Keys(Map<String, ManifestKeys> keys) ->
                keys.forEach((key, below) -> {
                    if (!json.has(key)) {
                        missing.add(pointer + "/" + key);
                    } else {
                        missing.addAll(keys(json.get(key), below, pointer + "/" + key));
                    }
                });
            case ManifestKeys.Each(ManifestKeys.Keys element) ->
                element.keys().keySet().stream()
                        .filter(key -> json.values().stream().noneMatch(value -> value.has(key)))
                        .forEach(key -> missing.add(pointer + "/" + key));
        }
        return missing;
    }
}
