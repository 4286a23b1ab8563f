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

/// What `add` asks a person at a terminal, and that it asks nobody else.
class AddCommandTest {

    @TempDir
    Path home;

    private ManifestStore store;
    private AppDirectories directories;
    private Person person;
    private Path prefix;

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        directories = AppDirectories.linux(Map.of(), home);
        store = new ManifestStore(directories);
        person = new Person(directories);
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
    void whatNobodyCouldDoIsWrongUsage() {
        assertThat(add(false, "lamp", "--yes", "--as", "Bad Name")).isEqualTo(ExitCode.USAGE);
        assertThat(add(false, "lamp", "--yes", "--url", "banana")).isEqualTo(ExitCode.USAGE);
        assertThat(add(false, "lamp", "--yes", "--origin", "banana")).isEqualTo(ExitCode.USAGE);
        assertThat(person.told())
                .contains(
                        "Invalid name for --as: Bad Name", "Invalid address for --url", "Invalid address for --origin");
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void whatCannotBeFoundOutIsAsked() {
        person.answers.addAll(List.of(
                "git+https://example.org/lamp", "serve --title 'My lamp' --port 9", "http://127.0.0.1:9/", "y"));
        assertThat(add(true, "lamp")).isZero();
        assertThat(person.questions)
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
    void enterLeavesItOpenAndARecipeNeedsNoAnswer() {
        person.answers.addAll(List.of("", "", "y"));
        assertThat(add(true, "lamp")).isZero();
        assertThat(manifest("lamp").service()).isEmpty();
        assertThat(manifest("lamp").install().origin()).isEmpty();

        person.questions.clear();
        person.answers.addAll(List.of("", "n"));
        assertThat(add(true, "http-server")).isEqualTo(ExitCode.REFUSED);
        assertThat(person.questions).hasSize(2);
        assertThat(store.entries()).hasSize(1);
    }

    @Test
    void whatWasSaidAsAnOptionIsNotAskedAndWithoutATerminalNobodyIs() {
        person.answers.add("y");
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
        assertThat(person.questions).singleElement().asString().contains("Manage lamp with these settings?");

        person.questions.clear();
        assertThat(add(false, "http-server")).isEqualTo(ExitCode.REFUSED);
        assertThat(add(true, "http-server", "--dry-run")).isZero();
        assertThat(add(true, "http-server", "--json", "--dry-run")).isZero();
        assertThat(add(true, "http-server", "--yes")).isZero();
        assertThat(person.questions).isEmpty();
    }

    @Test
    void aSecretAmongTheArgumentsIsSaidToStandInTheDescription() {
        assertThat(add(false, "lamp", "--yes", "--argument", "--password", "--argument", "s3cret"))
                .isZero();
        assertThat(person.told())
                .contains(
                        "! The value of --password looks like a secret, and ~/.config/lamplighter/tools/lamp.json"
                                + " stores it as plain text",
                        "`service.environmentFile`");

        person.out.reset();
        assertThat(add(false, "http-server", "--yes", "--json", "--argument=--token=abc"))
                .isZero();
        assertThat(JsonFile.MAPPER
                        .readTree(person.printed())
                        .at("/data/warnings")
                        .valueStream()
                        .map(warning -> warning.path("message").asString()))
                .singleElement()
                .asString()
                .startsWith("The value of --token looks like a secret");
    }

    @Test
    void whatItPrintsLeavesTheSecretsOutAndTheFileKeepsThem() throws IOException {
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
        assertThat(person.printed())
                .contains("\"--password\"", "\"--token=…\"", "\"My lamp\"", "https://x.example/")
                .doesNotContain("s3cret", "abc", "me:pw");

        person.out.reset();
        words.set(words.size() - 1, "--yes");
        words.add("--json");
        assertThat(add(false, words.toArray(String[]::new))).isZero();
        assertThat(JsonFile.MAPPER
                        .readTree(person.printed())
                        .at("/data/manifest/service/arguments")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly(
                        "serve", "--password", "…", "--token=…", "--title", "My lamp", "--from=https://x.example/");
        assertThat(person.printed()).doesNotContain("s3cret", "abc", "me:pw");
        assertThat(manifest("lamp").service().orElseThrow().arguments()).isEqualTo(arguments);
    }

    private Manifest manifest(String name) {
        return ((ManifestEntry.Readable) store.entry(new ToolName(name)).orElseThrow()).manifest();
    }

    private int add(boolean terminal, String... words) {
        Map<String, String> environment =
                Map.of("npm_config_prefix", prefix.toString(), "PATH", prefix.resolve("bin") + ":/usr/bin:/bin");
        return person.adds(
                List.of(new NpmInstaller(directories, environment, new LocalProcessRunner(environment))),
                environment,
                terminal,
                words);
    }
}
