package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class ListCommandTest {

    @TempDir
    Path home;

    @Test
    void aManifestThatCannotBeReadHasItsPlaceInJson() throws IOException {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        Path file = directories.manifests().resolve("lamp.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\n  \"schema\" 1\n}\n");
        FakeTerminal terminal = new FakeTerminal(directories);
        ListCommand list = new ListCommand(
                new ToolCatalog(new ManifestStore(directories), List.of()),
                _ -> Optional.empty(),
                directories,
                terminal.console(false));
        assertThat(new CommandLine(list).execute("--json")).isZero();
        JsonNode broken = JsonFile.MAPPER.readTree(terminal.output()).at("/data/tools/0/broken");
        assertThat(broken.path("file").asString()).isEqualTo(file.toString());
        assertThat(broken.path("line").asInt()).isEqualTo(2);
        assertThat(broken.path("column").asInt()).isPositive();
        assertThat(broken.path("why").asString()).isNotBlank();
    }
}
