package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `add` asks for missing settings at a terminal, and only there.
class AddCommandTest {

    @TempDir
    Path home;

    private ManifestStore store;
    private AppDirectories directories;
    private FakeTerminal terminal;
    private Path prefix;

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        directories = AppDirectories.linux(Map.of(), home);
        store = new ManifestStore(directories);
        terminal = new FakeTerminal(directories);
        prefix = home.resolve("npm");
        for (String name : List.of("lamp", "http-server")) {
            Path folder =
                    Files.createDirectories(prefix.resolve("lib/node_modules").resolve(name));
            Files.writeString(
                    folder.resolve("package.json"),
                    "{ \"name\": \"%1$s\", \"version\": \"1.0.0\", \"bin\": { \"%1$s\": \"cli.js\" } }"
                            .formatted(name));
            Files.writeString(folder.resolve("cli.js"), "#!/usr/bin/env node\n");
            assertThat(folder.resolve("cli.js").toFile().setExecutable(true)).isTrue();
            Files.createDirectories(prefix.resolve("bin"));
            Files.createSymbolicLink(
                    prefix.resolve("bin").resolve(name), Path.of("../lib/node_modules/%s/cli.js".formatted(name)));
        }
    }

    @Test
    void impossibleSettingsAreUsageErrors() {
        assertThat(add(false, "lamp", "--yes", "--as", "Bad Name")).isEqualTo(ExitCode.USAGE);
        assertThat(add(false, "lamp", "--yes", "--url", "banana")).isEqualTo(ExitCode.USAGE);
        assertThat(add(false, "lamp", "--yes", "--origin", "banana")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errors())
                .contains(
                        "Invalid name for --as: Bad Name", "Invalid address for --url", "Invalid address for --origin");
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void settingsThatCannotBeDetectedAreAsked() {
        terminal.answers.addAll(List.of(
                "git+https://example.org/lamp", "serve --title 'My lamp' --port 9", "http://127.0.0.1:9/", "y"));
        assertThat(add(true, "lamp")).isZero();
        assertThat(terminal.questions)
                .satisfiesExactly(
                        one -> assertThat(one).contains("does not record where lamp came from"),
                        one -> assertThat(one).contains("To run lamp as a service"),
                        one -> assertThat(one).contains("URL to check"),
                        one -> assertThat(one).contains("Manage lamp with these settings?"));
        Manifest manifest = manifest("lamp");
        assertThat(manifest.install().origin()).contains("git+https://example.org/lamp");
        assertThat(manifest.service().orElseThrow().arguments())
                .containsExactly("serve", "--title", "My lamp", "--port", "9");
        assertThat(manifest.endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:9/");
    }

    @Test
    void enterSkipsAQuestionAndARecipeNeedsNone() {
        terminal.answers.addAll(List.of("", "", "y"));
        assertThat(add(true, "lamp")).isZero();
        assertThat(manifest("lamp").service()).isEmpty();
        assertThat(manifest("lamp").install().origin()).isEmpty();

        terminal.questions.clear();
        terminal.answers.addAll(List.of("", "n"));
        assertThat(add(true, "http-server")).isEqualTo(ExitCode.REFUSED);
        assertThat(terminal.questions).hasSize(2);
        assertThat(store.entries()).hasSize(1);
    }

    @Test
    void optionsReplaceQuestionsAndWithoutATerminalThereAreNone() {
        terminal.answers.add("y");
        assertThat(add(
                        true,
                        "lamp",
                        "--origin",
                        "https://example.org/lamp.tgz",
                        "--argument",
                        "serve",
                        "--url",
                        "tcp:127.0.0.1:9"))
                .isZero();
        assertThat(terminal.questions).singleElement().asString().contains("Manage lamp with these settings?");

        terminal.questions.clear();
        assertThat(add(false, "http-server")).isEqualTo(ExitCode.REFUSED);
        assertThat(add(true, "http-server", "--dry-run")).isZero();
        assertThat(add(true, "http-server", "--json", "--dry-run")).isZero();
        assertThat(add(true, "http-server", "--yes")).isZero();
        assertThat(terminal.questions).isEmpty();
    }

    @Test
    void aSecretInTheArgumentsIsAWarning() {
        assertThat(add(false, "lamp", "--yes", "--argument", "--password", "--argument", "s3cret"))
                .isZero();
        assertThat(terminal.errors())
                .contains(
                        "! The value of --password looks like a secret, and ~/.config/lamplighter/tools/lamp.json"
                                + " stores it as plain text",
                        "`service.environmentFile`");

        terminal.out.reset();
        assertThat(add(false, "http-server", "--yes", "--json", "--argument=--token=abc"))
                .isZero();
        assertThat(JsonFile.MAPPER
                        .readTree(terminal.output())
                        .at("/data/warnings")
                        .valueStream()
                        .map(warning -> warning.path("message").asString()))
                .singleElement()
                .asString()
                .startsWith("The value of --token looks like a secret");
    }

    @Test
    void thePortOfAnotherToolIsAWarning() {
        assertThat(add(false, "lamp", "--yes", "--argument=serve", "--url", "http://localhost:8080/"))
                .isZero();
        assertThat(add(false, "http-server", "--dry-run")).isZero();
        assertThat(terminal.errors())
                .contains("! Port 8080 is also the port of lamp. Only one of them can run at a time. To choose another"
                        + " port, use `--argument` and `--url`.");

        terminal.out.reset();
        assertThat(add(false, "http-server", "--dry-run", "--json")).isZero();
        assertThat(JsonFile.MAPPER
                        .readTree(terminal.output())
                        .at("/data/warnings/0/id")
                        .asString())
                .isEqualTo("same-port");
    }

    @Test
    void outputMasksSecretsThatTheFileKeeps() throws IOException {
        List<String> arguments = List.of(
                "serve",
                "--password",
                "s3cret",
                "--token=abc",
                "--title",
                "My lamp",
                "--from=https://me:pw@x.example/");
        List<String> words = new ArrayList<>(List.of("lamp"));
        arguments.forEach(argument -> words.add("--argument=" + argument));
        words.add("--dry-run");
        assertThat(add(false, words.toArray(String[]::new))).isZero();
        assertThat(terminal.output())
                .contains("\"--password\"", "\"--token=…\"", "\"My lamp\"", "https://x.example/")
                .doesNotContain("s3cret", "abc", "me:pw");

        terminal.out.reset();
        words.set(words.size() - 1, "--yes");
        words.add("--json");
        assertThat(add(false, words.toArray(String[]::new))).isZero();
        assertThat(JsonFile.MAPPER
                        .readTree(terminal.output())
                        .at("/data/manifest/service/arguments")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly(
                        "serve", "--password", "…", "--token=…", "--title", "My lamp", "--from=https://x.example/");
        assertThat(terminal.output()).doesNotContain("s3cret", "abc", "me:pw");
        assertThat(manifest("lamp").service().orElseThrow().arguments()).isEqualTo(arguments);
    }

    private Manifest manifest(String name) {
        return ((ManifestEntry.Readable) store.entry(new ToolName(name)).orElseThrow()).manifest();
    }

    private int add(boolean interactive, String... words) {
        Map<String, String> environment =
                Map.of("npm_config_prefix", prefix.toString(), "PATH", prefix.resolve("bin") + ":/usr/bin:/bin");
        return terminal.add(
                List.of(new NpmInstaller(directories, environment, new LocalProcessRunner(environment))),
                environment,
                interactive,
                words);
    }
}
