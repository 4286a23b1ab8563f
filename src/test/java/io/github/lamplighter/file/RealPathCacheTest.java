package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// It says what the file system says, for every way in which links lie in a path.
final class RealPathCacheTest {

    @TempDir
    private Path temporary;

    private Path folder;
    private final RealPathCache paths = new RealPathCache();

    @BeforeEach
    void links() throws IOException {
        folder = temporary.toRealPath();
        Files.createDirectories(folder.resolve("env/bin"));
        Files.createFile(folder.resolve("env/bin/tool"));
        Files.createSymbolicLink(folder.resolve("bin"), Path.of("env/bin"));
        Files.createSymbolicLink(folder.resolve("env/bin/other"), Path.of("tool"));
        Files.createSymbolicLink(folder.resolve("deep"), folder.resolve("bin/other"));
        Files.createSymbolicLink(folder.resolve("gone"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
    }

    @Test
    void aPathIsResolvedAsTheFileSystemDoes() throws IOException {
        for (String name : new String[] {"env/bin/tool", "bin", "bin/tool", "bin/other", "deep", "bin/../bin/tool"}) {
            Path path = folder.resolve(name);
            assertThat(paths.of(path)).as(name).contains(path.toRealPath());
            assertThat(paths.of(path)).as(name + ", again").contains(path.toRealPath());
        }
        assertThat(paths.of(Path.of("/"))).contains(Path.of("/"));
    }

    @Test
    void aMissingPathResolvesToNothing() {
        for (String name :
                new String[] {"missing", "gone", "round", "bin/missing", "env/bin/tool/under", "gone/under"}) {
            assertThat(paths.of(folder.resolve(name))).as(name).isEmpty();
        }
    }
}
