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
import java.util.stream.Stream;
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

    /// As uv makes it: each package is marked as requested.
    @Test
    void whatWasAddedIsNeitherAskedForNorADependency() throws IOException {
        distribution("server", "Requires-Dist: H11>=0.14", "Requires-Dist: tls_lib ; extra == 'tls'");
        distribution("h11", "Requires-Dist: typing.extensions; python_version < \"3.12\"");
        distribution("typing_extensions");
        distribution("server_plugin", "Requires-Dist: server", "Requires-Dist: plugin-parts");
        distribution("plugin_parts");
        assertThat(added("server")).containsExactly("server-plugin");
        assertThat(added("server", "server-plugin")).isEmpty();

        distribution("tls_lib", "Requires-Dist: tls-lib[fast]", "Requires-Dist: fast-lib; extra == \"fast\"");
        distribution("fast_lib");
        assertThat(added("server", "server-plugin")).containsExactly("tls-lib");
        assertThat(added("server[TLS]", "server-plugin")).isEmpty();

        distribution("egg", "Requires-Dist: hen");
        distribution("hen", "Requires-Dist: egg");
        assertThat(added("server[tls]", "server-plugin")).containsExactly("egg");
    }

    private List<String> added(String... asked) {
        return new VirtualEnvironment(home)
                .addedTo(Stream.of(asked).map(Requirement::parse).toList()).stream()
                        .map(Distribution::name)
                        .toList();
    }

    private void distribution(String name, String... lines) throws IOException {
        Path info =
                Files.createDirectories(home.resolve("lib/python3.13/site-packages/%s-1.0.dist-info".formatted(name)));
        Files.writeString(info.resolve("REQUESTED"), "");
        Files.writeString(
                info.resolve("METADATA"),
                "Name: %s\nVersion: 1.0\n%s\n\nRequires-Dist: words\n".formatted(name, String.join("\n", lines)));
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
