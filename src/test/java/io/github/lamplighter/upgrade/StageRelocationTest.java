package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.installer.StagePlan.LinkRule;
import io.github.lamplighter.process.Shebang;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        Path package_ = prepared.resolve("lib/python3.13/site-packages/p");
        assertThat(StageRelocation.toCompile(old, prepared)).containsExactly(package_.resolve("used.py"));

        StageRelocation relocation = new StageRelocation(prepared, old, stage, new LinkRule.None());
        relocation.rewrite();
        assertThat(relocation.toCompileAgain()).containsExactly(package_.resolve("compiled.py"));
        assertThat(prepared.resolve(CACHE)).isEmptyDirectory();
    }

    /// It was compiled before, and keeps its time.
    @Test
    void aChangedModuleIsCompiledAgain() throws IOException {
        Path old = folder.resolve("tools/x");
        Path stage = folder.resolve("stages/1");
        Path prepared = stage.resolve("tools/x");
        write(prepared, "lib/python3.13/site-packages/p/place.py", "HERE = '" + prepared + "'");
        write(prepared, CACHE + "place.cpython-313.pyc", old + "/lib/python3.13/site-packages/p/place.py");
        write(prepared, CACHE + "other.cpython-313.pyc", old + "/lib/python3.13/site-packages/p/other.py");
        StageRelocation relocation = new StageRelocation(prepared, old, stage, new LinkRule.None());
        relocation.rewrite();

        assertThat(relocation.toCompileAgain())
                .containsExactly(prepared.resolve("lib/python3.13/site-packages/p/place.py"));
        assertThat(prepared.resolve(CACHE + "other.cpython-313.pyc")).exists();
    }

    /// Coverage tools, certificate stores and others do it with a `.pth` file.
    @Test
    void aModuleThatIsImportedWhilePythonStartsIsCompiledForItsFinalPath() throws Exception {
        Path old = folder.resolve("tools/x");
        Path prepared = folder.resolve("stages/1/tools/x");
        Child.run(
                        Map.of(),
                        Duration.ofSeconds(60),
                        "/usr/bin/python3",
                        "-m",
                        "venv",
                        "--without-pip",
                        prepared.toString())
                .well();
        Path modules;
        try (Stream<Path> versions = Files.list(prepared.resolve("lib"))) {
            modules = versions.findFirst().orElseThrow().resolve("site-packages");
        }
        Path module = Files.writeString(modules.resolve("early.py"), "def early(): pass\n");
        Files.writeString(modules.resolve("early.pth"), "import early\n");
        Path list = Files.writeString(folder.resolve("list"), module + "\n");
        Child.run(
                        Map.of(),
                        Duration.ofSeconds(60),
                        StageSteps.compiling(prepared, old, list).argv().toArray(String[]::new))
                .well();

        try (Stream<Path> byteCode = Files.list(modules.resolve("__pycache__"))) {
            assertThat(Files.readString(byteCode.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1))
                    .contains(old + "/lib/")
                    .doesNotContain("stages/1");
        }
    }

    /// The kernel takes a path in the first line of a script up to its first space.
    @ParameterizedTest
    @ValueSource(strings = {"my tools", "my $HOME", "Ada's \"tools\"", "a `b` tool"})
    void aScriptStartsInAFolderWithASpaceInItsName(String name) throws Exception {
        Path old = folder.resolve(name).resolve("x");
        Path stage = folder.resolve("stages/1");
        Path prepared = stage.resolve("tools/x");
        write(prepared, "bin/x", "#!" + prepared + "/bin/python -E\nprint('lit', __name__)\n");
        Files.createSymbolicLink(prepared.resolve("bin/python"), Path.of("/usr/bin/python3"));
        Files.setPosixFilePermissions(prepared.resolve("bin/x"), PosixFilePermissions.fromString("rwxr-xr-x"));
        new StageRelocation(prepared, old, stage, new LinkRule.None()).rewrite();
        Files.createDirectories(old.getParent());
        Files.move(prepared, old);

        assertThat(Shebang.of(old.resolve("bin/x")).interpreter()).contains(old.resolve("bin/python"));
        assertThat(Child.run(
                                Map.of(),
                                Duration.ofSeconds(20),
                                old.resolve("bin/x").toString())
                        .well()
                        .out())
                .isEqualTo("lit __main__\n");
    }

    /// uv quotes it for a shell, pipx escapes it in JSON; a link leads to the home.
    @Test
    void aPathIsFoundInEachFormInWhichProgramsWriteIt() throws IOException {
        Path home = folder.resolve("Ada's ü");
        Path old = home.resolve("tools/my ü'x");
        Path stage = home.resolve(".lamplighter/x/stages/20261130-104651-668-5640");
        Path prepared = stage.resolve("tools/my ü'x");
        write(prepared, "raw", prepared + "/bin");
        write(prepared, "shell", "'" + prepared.toString().replace("'", "'\"'\"'") + "/bin'");
        write(prepared, "json", prepared.toString().replace("ü", "\\u00fc") + "/bin");
        write(prepared, "url", prepared.toUri().getRawPath() + "bin");
        write(prepared, "linked", prepared.toString().replace(home.toString(), "/home/ada") + "/bin");
        write(prepared, "launcher", stage + "/bin/x");
        StageRelocation relocation = new StageRelocation(
                prepared, old, stage, new LinkRule.Relocated(stage.resolve("bin"), home.resolve(".local/bin")));
        relocation.rewrite();
        assertThat(relocation.remains()).isEmpty();
        assertThat(prepared.resolve("raw")).hasContent(old + "/bin");
        assertThat(prepared.resolve("shell")).hasContent("'" + old.toString().replace("'", "'\"'\"'") + "/bin'");
        assertThat(prepared.resolve("json")).hasContent(old.toString().replace("ü", "\\u00fc") + "/bin");
        assertThat(prepared.resolve("url")).hasContent(old.toUri().getRawPath() + "/bin");
        assertThat(prepared.resolve("linked")).hasContent("/home/ada/tools/my ü'x/bin");
        assertThat(prepared.resolve("launcher")).hasContent(home + "/.local/bin/x");

        write(prepared, "unknown", "stages/20261130-104651-668-5640\\/tools");
        assertThat(relocation.remains()).containsExactly(prepared.resolve("unknown"));
    }

    private static void write(Path tree, String file, String text) throws IOException {
        Path path = tree.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
