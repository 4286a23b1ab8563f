package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Schema;
import io.github.lamplighter.installer.InstallerKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class RecipesTest {

    private static final Path FOLDER =
            Installed.CHECKOUT.resolve("src/main/resources/io/github/lamplighter/tool/recipes");

    private static final Schema SCHEMA = new Schema(Schema.MANIFEST);

    private final Recipes recipes = new Recipes();

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile)
                    .map(FOLDER::relativize)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreRecipesForWellKnownToolsOfBothKinds() throws IOException {
        assertThat(files()).hasSizeGreaterThan(40);
        assertThat(files()).extracting(file -> file.getName(0).toString()).containsOnly("npm", "python");
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRecipeIsAManifestThatSaysWhereItsFactsComeFrom(Path name) throws IOException {
        Path file = FOLDER.resolve(name);
        JsonNode json = JsonFile.MAPPER.readTree(Files.readString(file));
        assertThat(new ManifestStore(AppDirectories.linux(Map.of(), Path.of("/home/ada")))
                        .lint(file)
                        .orElseThrow())
                .isEmpty();
        assertThat(SCHEMA.complaints(json.toString())).isEmpty();
        assertThat(ToolName.of(json.path("name").asString(""))).isPresent();
        assertThat(file.getFileName()).hasToString(json.path("name").asString("") + ".json");
        String source = json.path("source").asString("").replaceFirst(": .*", "");
        assertThat(URI.create(source)).hasScheme("https").hasNoUserInfo();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRecipeIsFoundByItsPackageInItsOwnWorldOnly(Path name) throws IOException {
        JsonNode json = JsonFile.MAPPER.readTree(Files.readString(FOLDER.resolve(name)));
        String packageName = json.path("install").path("package").asString("");
        boolean npm = name.startsWith("npm");
        for (InstallerKind kind : InstallerKind.values()) {
            boolean own = switch (kind) {
                case NPM -> npm;
                case UV, PIPX, VENV -> !npm;
                case SELF -> false;
            };
            assertThat(recipes.find(kind, packageName).isPresent())
                    .as(kind.word())
                    .isEqualTo(own);
        }
    }

    @Test
    void theManualNamesThemAll() throws IOException {
        String manual = Files.readString(Installed.CHECKOUT.resolve("docs/manifest.md"));
        assertThat(files())
                .allSatisfy(file -> assertThat(manual)
                        .contains("`" + String.valueOf(file.getFileName()).replaceFirst("\\.json$", "") + "`"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aServerOfARecipeListensOnThisMachineOnly(Path name) throws IOException {
        JsonNode json = JsonFile.MAPPER.readTree(Files.readString(FOLDER.resolve(name)));
        assertThat(json.path("endpoint").path("url").asString(""))
                .matches("(https?://127\\.0\\.0\\.1:\\d+/\\S*|tcp:127\\.0\\.0\\.1:\\d+)");
        assertThat(json.path("service").toString()).doesNotContain("0.0.0.0", "\"::\"");
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRecipeSaysWhereItsDataAreOrThatItHasNone(Path name) throws IOException {
        JsonNode json = JsonFile.MAPPER.readTree(Files.readString(FOLDER.resolve(name)));
        assertThat(json.has("data")).as(name.toString()).isTrue();
    }

    /// Only then is it created.
    @ParameterizedTest
    @MethodSource("files")
    void theWorkingDirectoryOfARecipeIsAmongItsData(Path name) throws IOException {
        JsonNode json = JsonFile.MAPPER.readTree(Files.readString(FOLDER.resolve(name)));
        JsonNode directory = json.path("service").path("workingDirectory");
        if (directory.isString()) {
            assertThat(json.path("data").valueStream()).contains(directory);
        }
    }

    @Test
    void pythonsNamesAreComparedAsPythonComparesThem() {
        assertThat(recipes.find(InstallerKind.UV, "Open_WebUI")).isPresent();
        assertThat(recipes.find(InstallerKind.PIPX, "octoprint")).isPresent();
        assertThat(recipes.find(InstallerKind.NPM, "@actual-app/sync-server")).isPresent();
        assertThat(recipes.find(InstallerKind.NPM, "actual-app-sync-server"))
                .as("another package whose name looks alike")
                .isEmpty();
        assertThat(recipes.find(InstallerKind.NPM, "../npm/serve")).isEmpty();
    }
}
