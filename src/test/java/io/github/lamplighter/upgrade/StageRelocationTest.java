package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.StagePlan.LinkRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageRelocationTest {

    private static final String CACHE = "lib/python3.13/site-packages/p/__pycache__/";

    @TempDir
    private Path folder;

    /// An upgrade of a tool with thousands of modules must not take several times as long as its installation.
    @Test
    void onlyModulesThatAreUsedAreCompiled() throws IOException {
        Path old = folder.resolve("tools/x");
        Path stage = folder.resolve("stages/1");
        Path prepared = stage.resolve("tools/x");
        for (String module : new String[] {"used", "unused", "compiled", "added"}) {
            write(prepared, "lib/python3.13/site-packages/p/" + module + ".py", "");
        }
        write(prepared, CACHE + "compiled.cpython-313.pyc", prepared + "/lib/python3.13/site-packages/p/compiled.py");
        write(old, CACHE + "used.cpython-313.opt-1.pyc", "");
        write(old, CACHE + "gone.cpython-313.pyc", "");
        StageRelocation relocation = new StageRelocation(prepared, old, stage, new LinkRule.None());
        relocation.rewrite();

        Path package_ = prepared.resolve("lib/python3.13/site-packages/p");
        assertThat(relocation.toCompile())
                .containsExactly(package_.resolve("compiled.py"), package_.resolve("used.py"));
        assertThat(prepared.resolve(CACHE)).isEmptyDirectory();
    }

    private static void write(Path tree, String file, String text) throws IOException {
        Path path = tree.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
