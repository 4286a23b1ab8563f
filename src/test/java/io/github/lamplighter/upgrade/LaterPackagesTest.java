package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.python.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaterPackagesTest {

    @TempDir
    private Path folder;

    @Test
    void aRollbackNamesWhatWasInstalledSince() throws IOException {
        has("kept", "server", "1.0", "Requires-Dist: click");
        has("kept", "click", "8.0");
        has("kept", "theme", "0.1");
        has("kept", "other", "1.0");
        has("now", "server", "2.0", "Requires-Dist: uvicorn");
        has("now", "uvicorn", "0.5");
        has("now", "theme", "0.1");
        has("now", "other", "1.1");
        has("now", "plugin", "3.0", "Requires-Dist: plugin-parts");
        has("now", "plugin_parts", "3.0");
        assertThat(LaterPackages.ofPython("server", environment("now"), environment("kept"), "1.0"))
                .containsExactly(
                        "Will be changed: other 1.1 → 1.0.",
                        "Will be removed: plugin 3.0. It was installed after 1.0 was replaced.");
    }

    private VirtualEnvironment environment(String name) {
        return new VirtualEnvironment(folder.resolve(name));
    }

    private void has(String environment, String name, String version, String... lines) throws IOException {
        Path info = Files.createDirectories(folder.resolve(
                "%s/lib/python3.13/site-packages/%s-%s.dist-info".formatted(environment, name, version)));
        Files.writeString(
                info.resolve("METADATA"),
                "Name: %s\nVersion: %s\n%s\n".formatted(name, version, String.join("\n", lines)));
    }
}
