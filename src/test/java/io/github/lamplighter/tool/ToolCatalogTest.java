package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.pipx.PipxInstaller;
import io.github.lamplighter.installer.uv.UvInstaller;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolCatalogTest {

    @TempDir
    Path home;

    @Test
    void aFolderThatCannotBeLookedIntoIsNotPassedOverInSilence() throws IOException {
        Map<String, String> environment = Map.of("PATH", "/nowhere");
        AppDirectories directories = AppDirectories.linux(environment, home);
        ToolCatalog toolCatalog = new ToolCatalog(
                new ManifestStore(directories),
                List.of(
                        new UvInstaller(directories, environment, new LocalProcessRunner(environment)),
                        new PipxInstaller(directories, environment, new LocalProcessRunner(environment))));
        assertThat(toolCatalog.unreadableFolders())
                .as("what is not there is not closed")
                .isEmpty();
        Path tools = home.resolve(".local/share/uv/tools");
        Files.createDirectories(tools.getParent());
        Files.writeString(tools, "");
        assertThat(toolCatalog.unreadableFolders()).isEqualTo(Map.of(tools, InstallerKind.UV));
    }
}
