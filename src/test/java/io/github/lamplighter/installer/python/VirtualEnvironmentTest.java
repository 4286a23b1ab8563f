package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.installer.Provenance;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which Python real virtual environments are tied to.
class VirtualEnvironmentTest {

    @TempDir
    Path home;

    @Test
    void itsPythonIsTheOneThatItsOwnLinkLeadsTo() throws IOException {
        Path python = home.resolve("pythons/python3");
        Files.createDirectories(home.resolve("pythons"));
        Files.createSymbolicLink(python, Path.of("/usr/bin/python3").toRealPath());
        VirtualEnvironment made = made("--symlinks");
        assertThat(runtime(made).program().toRealPath())
                .isEqualTo(Path.of("/usr/bin/python3").toRealPath());
        relink(made, python);
        assertThat(runtime(made).program()).isEqualTo(python);
    }

    @Test
    void aPythonThatItsLinkDoesNotReachIsGoneWhateverItsConfigurationNames() throws IOException {
        VirtualEnvironment made = made("--symlinks");
        Path removed = home.resolve("pythons/python3.77");
        relink(made, removed);
        assertThat(made.configuration().get("home")).isEqualTo("/usr/bin");
        assertThat(runtime(made).program()).isEqualTo(removed).doesNotExist();
    }

    @Test
    void aLinkThatLeadsToALinkThatLeadsNowhereIsFollowedToItsEnd() throws IOException {
        VirtualEnvironment made = made("--symlinks");
        Files.createDirectories(home.resolve("pythons"));
        Path removed = home.resolve("pythons/python3.77");
        Path between = Files.createSymbolicLink(home.resolve("pythons/python3"), Path.of("python3.77"));
        relink(made, between);
        assertThat(runtime(made).program()).isEqualTo(removed);
    }

    @Test
    void aCopyGoesOnUsingThePythonThatItWasCopiedFrom() throws IOException {
        VirtualEnvironment made = made("--copies");
        assertThat(runtime(made).program()).isEqualTo(Path.of("/usr/bin/python3"));
        Path configuration = made.root().resolve("pyvenv.cfg");
        Files.writeString(
                configuration, Files.readString(configuration).replaceFirst("home = .*", "home = " + home + "/gone"));
        assertThat(runtime(made).program()).doesNotExist();
    }

    @Test
    void anEnvironmentWithoutAPythonHasNone() throws IOException {
        VirtualEnvironment made = made("--symlinks");
        for (Path python : pythons(made)) {
            Files.delete(python);
        }
        assertThat(runtime(made).program())
                .isEqualTo(made.root().resolve("bin/python"))
                .doesNotExist();
    }

    private VirtualEnvironment made(String how) {
        Path root = home.resolve("made");
        Child.run(
                        Map.of("PATH", "/usr/bin:/bin"),
                        Duration.ofMinutes(1),
                        "/usr/bin/python3",
                        "-m",
                        "venv",
                        "--without-pip",
                        how,
                        root.toString())
                .well();
        return new VirtualEnvironment(root);
    }

    private static void relink(VirtualEnvironment made, Path target) throws IOException {
        for (Path python : pythons(made)) {
            Files.delete(python);
            Files.createSymbolicLink(python, target);
        }
    }

    private static List<Path> pythons(VirtualEnvironment made) throws IOException {
        List<Path> pythons = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(made.root().resolve("bin"), "python*")) {
            found.forEach(pythons::add);
        }
        return pythons;
    }

    private Provenance.Runtime runtime(VirtualEnvironment made) {
        return made.runtime("", AppDirectories.linux(Map.of(), home), new ArrayList<>());
    }
}
