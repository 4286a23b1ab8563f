package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.TestManifest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedDataTest {

    private static final Path HOME = Path.of("/home/ada");

    @Test
    void aRollbackNamesTheToolsThatUseTheSameData() {
        Manifest lab = tool("jupyterlab", HOME.resolve(".jupyter"));
        Manifest notebook = tool("notebook", HOME.resolve(".jupyter/lab"));
        Manifest other = tool("other", HOME.resolve(".jupyter-2"));
        Snapshot kept = new Snapshot(
                "1",
                HOME.resolve("kept"),
                "jupyterlab",
                "4.2.0",
                1,
                Instant.EPOCH,
                Map.of(),
                Optional.empty(),
                List.of(new DataCopy(HOME.resolve(".jupyter"), Optional.empty(), 0, 0, 0)));
        assertThat(SharedData.of(lab, kept, List.of(lab, notebook, other), AppDirectories.linux(Map.of(), HOME)))
                .containsExactly(
                        "notebook uses the same data. Its changes since then are undone, too: ~/.jupyter/lab.");
    }

    private static Manifest tool(String name, Path data) {
        return new TestManifest(InstallerKind.UV, name, HOME.resolve(name), HOME.resolve("bin/" + name))
                .data(data)
                .build();
    }
}
