package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddedFilesTest {

    private static final String SITE = "lib/python3.13/site-packages/";

    @TempDir
    private Path folder;

    private Path environment;
    private Path prepared;

    @BeforeEach
    void twoVersions() throws IOException {
        environment = venv("tools/x", "1.0.0", "old.py");
        prepared = venv("stages/1/tools/x", "1.1.0", "new.py");
    }

    @Test
    void onlyWhatNoRecordNamesIsCarriedOver() throws IOException {
        write(environment, "var/log/x.log", "two lines");
        write(prepared, "var/log/x.log", "one");
        write(environment, SITE + "__pycache__/old.cpython-313.pyc", "");
        write(environment, "bin/activate", "");
        write(prepared, "pyvenv.cfg", "of the new one");
        write(environment, SITE + "x/settings.ini", "of the user");

        assertThat(new AddedFiles(provenance(), prepared, List.of()).carryOver())
                .isEqualTo(2);
        assertThat(prepared.resolve("var/log/x.log")).hasContent("two lines");
        assertThat(prepared.resolve(SITE + "x/settings.ini")).hasContent("of the user");
        assertThat(prepared.resolve(SITE + "x/old.py")).doesNotExist();
        assertThat(prepared.resolve(SITE + "__pycache__")).doesNotExist();
        assertThat(prepared.resolve("pyvenv.cfg")).hasContent("of the new one");
    }

    /// Also what looks as if the package had brought it.
    @Test
    void declaredDataInTheEnvironmentIsCarriedOver() throws IOException {
        write(environment, SITE + "x/old.db", "rows");
        write(prepared, SITE + "x/old.db", "");
        Files.writeString(
                environment.resolve(SITE + "x-1.0.0.dist-info/RECORD"), "x/old.db,,\n", StandardOpenOption.APPEND);
        assertThat(new AddedFiles(provenance(), prepared, List.of()).carryOver())
                .isZero();
        assertThat(new AddedFiles(provenance(), prepared, List.of(environment.resolve(SITE + "x/old.db"))).carryOver())
                .isEqualTo(1);
        assertThat(prepared.resolve(SITE + "x/old.db")).hasContent("rows");
    }

    private Path venv(String path, String version, String module) throws IOException {
        Path venv = folder.resolve(path);
        write(venv, "pyvenv.cfg", "home = /usr/bin\nversion = 3.13.0\n");
        write(venv, "bin/x", "");
        write(venv, SITE + "x/" + module, "");
        write(venv, SITE + "x-%s.dist-info/METADATA".formatted(version), "Name: x\nVersion: " + version + "\n");
        write(
                venv,
                SITE + "x-%s.dist-info/RECORD".formatted(version),
                Stream.of("x/" + module, "../../../bin/x")
                        .map(file -> file + ",,\n")
                        .reduce("", String::concat));
        return venv;
    }

    private static void write(Path tree, String file, String text) throws IOException {
        Path path = tree.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Provenance provenance() {
        return new Provenance(
                InstallerKind.UV,
                "x",
                environment,
                environment.resolve("bin/x"),
                "1.0.0",
                new Origin.Index(),
                new Provenance.Runtime("python", environment.resolve("bin/python"), "3.13.0", ""),
                List.of());
    }
}
