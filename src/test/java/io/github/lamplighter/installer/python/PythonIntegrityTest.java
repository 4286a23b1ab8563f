package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Environments as pip leaves them, and what is missing of them afterwards; no Python is started.
class PythonIntegrityTest {

    @TempDir
    Path home;

    private Path packages;

    @BeforeEach
    void install() throws IOException {
        home = home.toRealPath();
        packages = home.resolve("env/lib/python3.11/site-packages");
        write("pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n");
        distribution(
                "clock-1.0.dist-info",
                "Requires-Dist: Ruamel.Yaml>=0.18\n"
                        + "Requires-Dist: winonly; sys_platform == 'win32'\nRequires-Dist: pytest; extra == 'dev'\n");
        write("lib/python3.11/site-packages/clock-1.0.dist-info/entry_points.txt", """
            [console_scripts]
            clock = clock.cli:main
            """);
        write(
                "lib/python3.11/site-packages/clock-1.0.dist-info/RECORD",
                "clock/__init__.py,sha256=x,1\nclock/cli.py,sha256=x,1\nclock-1.0.dist-info/RECORD,,\n");
        write("lib/python3.11/site-packages/clock/cli.py", "");
        distribution("ruamel.yaml-0.18.6.dist-info", "");
    }

    private void distribution(String folder, String more) throws IOException {
        String name = folder.replaceFirst("-\\d.*", "");
        write(
                "lib/python3.11/site-packages/" + folder + "/METADATA",
                "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\n%s\nRequires-Dist: of the text\n"
                        .formatted(name, more));
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve("env").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private MissingParts lacking(Origin origin) {
        return PythonIntegrity.of(
                new Provenance(
                        InstallerKind.VENV,
                        "clock",
                        home.resolve("env"),
                        home.resolve("env/bin/clock"),
                        "1.0",
                        origin,
                        new Provenance.Runtime("python", Path.of("/usr/bin/python3"), "3.11.2", ""),
                        List.of()),
                AppDirectories.linux(Map.of(), home));
    }

    @Test
    void whatIsWholeLacksNothing() {
        assertThat(lacking(new Origin.Index())).isEqualTo(MissingParts.NOTHING);
    }

    @Test
    void theFileInWhichItBeginsIsMissed() throws IOException {
        Files.delete(packages.resolve("clock/cli.py"));
        assertThat(lacking(new Origin.Index()).files())
                .extracting(Evidence::source)
                .containsExactly("~/env/lib/python3.11/site-packages/clock/cli.py");
        assertThat(lacking(new Origin.Editable(home)).files()).isEmpty();
    }

    @Test
    void aPackageThatItNeedsInAnyCaseIsMissed() throws IOException {
        remove("ruamel.yaml-0.18.6.dist-info");
        assertThat(lacking(new Origin.Index()).packages())
                .extracting(Evidence::detail)
                .containsExactly("requires ruamel-yaml, which is not in the environment");
    }

    @Test
    void whatAnotherFolderOfItsPathHasIsThere() throws IOException {
        remove("ruamel.yaml-0.18.6.dist-info");
        Files.createDirectories(home.resolve("shared/ruamel.yaml-0.17.0-py3.11.egg-info"));
        write("lib/python3.11/site-packages/shared.pth", home.resolve("shared") + "\n");
        assertThat(lacking(new Origin.Index())).isEqualTo(MissingParts.NOTHING);
    }

    @Test
    void whatTheSystemMayHaveIsNotMissed() throws IOException {
        remove("ruamel.yaml-0.18.6.dist-info");
        write("pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\ninclude-system-site-packages = true\n");
        assertThat(lacking(new Origin.Index())).isEqualTo(MissingParts.NOTHING);
    }

    private void remove(String distribution) throws IOException {
        Files.delete(packages.resolve(distribution).resolve("METADATA"));
        Files.delete(packages.resolve(distribution));
    }
}
