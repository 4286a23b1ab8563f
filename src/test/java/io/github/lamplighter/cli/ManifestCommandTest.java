package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Schema;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.AddTool.Proposal;
import io.github.lamplighter.tool.ManifestBuilder;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Recipes;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.TryManifest;
import io.github.lamplighter.tool.UpdateManifest;
import io.github.lamplighter.tool.UsageDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ManifestCommandTest {

    private static final Schema ENVELOPE = new Schema(Schema.ENVELOPE);

    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private AppDirectories directories;
    private ManifestStore store;
    private AddTool addTool;
    private CommandLine manifest;
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        directories = AppDirectories.linux(Map.of(), home);
        store = new ManifestStore(directories);
        Path prefix = home.resolve("npm");
        folder = Files.createDirectories(prefix.resolve("lib/node_modules/lamp"));
        Files.writeString(
                folder.resolve("package.json"),
                "{ \"name\": \"lamp\", \"version\": \"1.0.0\", \"bin\": { \"lamp\": \"lamp.js\" } }");
        Files.writeString(folder.resolve("lamp.js"), "#!/usr/bin/env node\n");
        assertThat(folder.resolve("lamp.js").toFile().setExecutable(true)).isTrue();
        Files.createDirectories(prefix.resolve("bin"));
        Files.createSymbolicLink(prefix.resolve("bin/lamp"), Path.of("../lib/node_modules/lamp/lamp.js"));
        Map<String, String> environment =
                Map.of("npm_config_prefix", prefix.toString(), "PATH", prefix.resolve("bin") + ":/usr/bin:/bin");
        ProcessRunner runner = new LocalProcessRunner(environment);
        ToolCatalog toolCatalog = new ToolCatalog(store, List.of(new NpmInstaller(directories, environment, runner)));
        ManifestBuilder builder =
                new ManifestBuilder(toolCatalog, new Recipes(), new UsageDetector() {}, runner, Map.of(), directories);
        addTool = new AddTool(toolCatalog, store, builder, runner, directories);
        manifest = new ManifestCommand(new ManifestContext(
                        store,
                        addTool,
                        new UpdateManifest(toolCatalog, builder),
                        new TryManifest(toolCatalog, builder, runner, directories),
                        new Case(home.resolve("doctor")).doctor(),
                        directories,
                        new Console(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                false,
                                false,
                                Optional.empty()),
                        ZoneOffset.UTC,
                        InstantSource.system()))
                .commandLine();
    }

    @Test
    void lintReportsPlacesAndExitsWithTwo() throws IOException {
        Path file = Files.writeString(home.resolve("lamplighter.json"), """
            { "schema": "lamplighter.tool/1", "name": "lamp",
              "install": { "installer": "npm" },
              "servce": {}, "smoke": "--version" }
            """);
        assertThat(manifest.execute("lint", file.toString())).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "~/lamplighter.json:3:3: Unknown key `servce`. Did you mean `service`?",
                        "~/lamplighter.json:3:17: `smoke`: must be a list `[…]`");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("2 problems found.");
        out.reset();
        assertThat(manifest.execute("lint", "--json", file.toString())).isEqualTo(2);
        assertThat(ENVELOPE.complaints(out.toString(StandardCharsets.UTF_8))).isEmpty();
        var complaint =
                JsonFile.MAPPER.readTree(out.toString(StandardCharsets.UTF_8)).at("/data/files/0/complaints/0");
        assertThat(complaint.path("line").intValue()).isEqualTo(3);
        assertThat(complaint.path("pointer").stringValue()).isEqualTo("/servce");
    }

    @Test
    void aFileInTheWorkingDirectoryMayHaveAnyName() throws IOException {
        Path file = Files.createTempFile(Path.of("").toAbsolutePath(), "m2", ".tmp");
        try {
            Files.writeString(file, "{ \"schema\": 1 }");
            assertThat(manifest.execute("lint", file.getFileName().toString())).isEqualTo(2);
        } finally {
            Files.delete(file);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("There is no manifest");
    }

    @Test
    void lintOfAValidFileExitsWithZero() throws IOException {
        authors("1");
        assertThat(manifest.execute("lint", folder.resolve("lamplighter.json").toString()))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("lamplighter.json: valid\n");
        assertThat(manifest.execute("lint", "nobody")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("There is no manifest of nobody.");
        assertThat(manifest.execute("lint", folder.resolve("package.json").toString()))
                .as("a file that is no manifest")
                .isEqualTo(2);
    }

    @Test
    void showHasTheSourceOfEachValueAndNewSuggestions() throws IOException {
        authors("1");
        addTool.accept((Proposal.Ready) addTool.propose(request()));
        Path file = store.file(new ToolName("lamp"));
        Files.writeString(file, Files.readString(file).replace("\"running\"", "\"on-demand\""));
        assertThat(manifest.execute("show", "lamp")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("service\\.arguments +\\[\"1\"\\] +\\(author\\)")
                .containsPattern("expected +\"on-demand\" +\\(your file\\)")
                .containsPattern("install\\.installer +\"npm\" +\\(detected\\)");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        authors("2");
        assertThat(manifest.execute("show", "lamp")).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "`service.arguments` will change from [\"1\"] to [\"2\"].",
                        "To apply them, run `lamplighter add lamp`.");
        out.reset();
        assertThat(manifest.execute("show", "--json", "lamp")).isZero();
        var json = JsonFile.MAPPER.readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(ENVELOPE.complaints(json.toString())).isEmpty();
        assertThat(json.at("/data/origins/~1expected").stringValue()).isEqualTo("your file");
        assertThat(json.at("/data/suggestedChanges").size()).isEqualTo(1);
    }

    @Test
    void tryRunsTheDoctorAndSavesNothing() throws IOException {
        authors("1");
        List<Path> before = files();
        manifest.execute("try", "--offline", folder.resolve("lamplighter.json").toString());
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("lamp");
        out.reset();
        manifest.execute(
                "try", "--offline", "--json", folder.resolve("lamplighter.json").toString());
        var json = JsonFile.MAPPER.readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(ENVELOPE.complaints(json.toString())).isEmpty();
        assertThat(json.at("/data/tools/0/name").stringValue()).isEqualTo("lamp");
        assertThat(json.at("/data/manifest/service/arguments/0").stringValue()).isEqualTo("1");
        assertThat(files()).isEqualTo(before);
        Path other = Files.writeString(
                home.resolve("other.json"),
                "{ \"schema\": \"lamplighter.tool/1\", \"name\": \"other\", \"install\": { \"installer\": \"npm\" } }");
        assertThat(manifest.execute("try", other.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("describes other, which is not installed");
    }

    @Test
    void initWritesAValidManifestWithoutPathsOfThisMachine() throws IOException {
        Path file = home.resolve("project/lamplighter.json");
        assertThat(manifest.execute("init", "lamp", "--output", file.toString()))
                .isZero();
        String text = Files.readString(file);
        assertThat(text).contains("\"lamp\"").doesNotContain("node_modules", home.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .as("it is made to be given away")
                .isEqualTo("rw-r--r--");
        assertThat(manifest.execute("lint", file.toString())).isZero();
        assertThat(manifest.execute("init", "lamp", "--output", file.toString()))
                .isEqualTo(3);
        assertThat(Files.readString(file)).isEqualTo(text);
        assertThat(manifest.execute("init", "nobody")).isEqualTo(2);
    }

    @Test
    void theSchemaIsTheDocumentedOne() throws IOException {
        assertThat(manifest.execute("schema")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(Files.readString(Schema.file(Schema.MANIFEST)));
    }

    private void authors(String argument) throws IOException {
        Files.writeString(folder.resolve("lamplighter.json"), """
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "npm" }, "expected": "running",
              "service": { "arguments": ["%s"] } }
            """.formatted(argument));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Stream.of(directories.config(), directories.state())
                .filter(Files::exists)
                .flatMap(root -> {
                    try {
                        return Files.walk(root);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })) {
            return all.sorted().toList();
        }
    }

    private static AddTool.Request request() {
        return AddTool.Request.of("lamp");
    }
}
