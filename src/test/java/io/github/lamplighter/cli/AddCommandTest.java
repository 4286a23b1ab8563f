package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.process.LocalPrograms;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.Catalogue;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Recipes;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.Traces;
import io.github.lamplighter.upgrade.Activity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What `add` asks a person at a terminal, and that it asks nobody else.
class AddCommandTest {

    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();
    private ManifestStore store;
    private Places places;
    private Path prefix;

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        places = Places.linux(Map.of(), home);
        store = new ManifestStore(places);
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
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Bad Name is no such name", "--url takes an address", "--origin takes an address");
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void whatCannotBeFoundOutIsAsked() {
        answers.addAll(List.of(
                "git+https://example.org/lamp", "serve --title 'My lamp' --port 9", "http://127.0.0.1:9/", "y"));
        assertThat(add(true, "lamp")).isZero();
        assertThat(questions)
                .satisfiesExactly(
                        one -> assertThat(one).contains("does not record where lamp came from"),
                        one -> assertThat(one).contains("Is lamp a server?"),
                        one -> assertThat(one).contains("Where does it answer"),
                        one -> assertThat(one).contains("Look after lamp so?"));
        Manifest manifest = manifest("lamp");
        assertThat(manifest.install().origin()).contains("git+https://example.org/lamp");
        assertThat(manifest.service().orElseThrow().arguments())
                .containsExactly("serve", "--title", "My lamp", "--port", "9");
        assertThat(manifest.endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:9/");
    }

    @Test
    void enterLeavesItOpenAndARecipeNeedsNoAnswer() {
        answers.addAll(List.of("", "", "y"));
        assertThat(add(true, "lamp")).isZero();
        assertThat(manifest("lamp").service()).isEmpty();
        assertThat(manifest("lamp").install().origin()).isEmpty();

        questions.clear();
        answers.addAll(List.of("", "n"));
        assertThat(add(true, "http-server")).isEqualTo(ExitCode.REFUSED);
        assertThat(questions).hasSize(2);
        assertThat(store.entries()).hasSize(1);
    }

    @Test
    void whatWasSaidAsAnOptionIsNotAskedAndWithoutATerminalNobodyIs() {
        answers.add("y");
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
        assertThat(questions).singleElement().asString().contains("Look after lamp so?");

        questions.clear();
        assertThat(add(false, "http-server")).isEqualTo(ExitCode.REFUSED);
        assertThat(add(true, "http-server", "--dry-run")).isZero();
        assertThat(add(true, "http-server", "--json", "--dry-run")).isZero();
        assertThat(add(true, "http-server", "--yes")).isZero();
        assertThat(questions).isEmpty();
    }

    @Test
    void aSecretAmongTheArgumentsIsSaidToStandInTheDescription() {
        assertThat(add(false, "lamp", "--yes", "--argument", "--password", "--argument", "s3cret"))
                .isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "! The value of --password looks like a secret, and ~/.config/lamplighter/tools/lamp.json holds it in the clear",
                        "`service.environmentFile`");

        out.reset();
        assertThat(add(false, "http-server", "--yes", "--json", "--argument=--token=abc"))
                .isZero();
        assertThat(JsonFile.MAPPER
                        .readTree(out.toString(StandardCharsets.UTF_8))
                        .at("/data/warnings")
                        .valueStream()
                        .map(warning -> warning.path("message").asString()))
                .singleElement()
                .asString()
                .startsWith("The value of --token looks like a secret");
    }

    private Manifest manifest(String name) {
        return ((ManifestEntry.Readable) store.entry(new ToolName(name)).orElseThrow()).manifest();
    }

    private int add(boolean terminal, String... words) {
        Map<String, String> environment =
                Map.of("npm_config_prefix", prefix.toString(), "PATH", prefix.resolve("bin") + ":/usr/bin:/bin");
        Programs programs = new LocalPrograms(environment);
        Function<String, String> person = question -> {
            questions.add(question);
            return answers.remove();
        };
        return new CommandLine(new AddCommand(
                        new AddTool(
                                new Catalogue(store, List.of(new NpmInstaller(places, environment, programs))),
                                store,
                                new Recipes(),
                                new Traces() {},
                                programs,
                                Map.of(),
                                places),
                        store,
                        places,
                        new Changes(new Activity(places), InstantSource.system(), console(person, terminal)),
                        console(person, terminal)))
                .execute(words);
    }

    private Console console(Function<String, String> person, boolean terminal) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                terminal ? Optional.of(person) : Optional.empty());
    }
}
