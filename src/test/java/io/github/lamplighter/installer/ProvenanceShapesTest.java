package io.github.lamplighter.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.installer.pipx.PipxInstaller;
import io.github.lamplighter.installer.uv.UvInstaller;
import io.github.lamplighter.installer.venv.VenvInstaller;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every shape of a record, under every installer that can have it, and the table of them in
/// `docs/dev/test-coverage.md`.
class ProvenanceShapesTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String REPOSITORY = "https://example.org/ada/clock";
    private static final String UNRECORDED = "no record where one is expected";
    private static final Path FOLDER = Path.of("/home/ada/clock");

    /// How it is known that the program really writes it so.
    private enum Seen {
        REAL("real"),
        FORMAT("format"),
        NEVER("–");

        private final String word;

        Seen(String word) {
            this.word = word;
        }
    }

    /// @param directUrl `direct_url.json`, none for an index
    /// @param pipx `package_or_url` in pipx's record
    /// @param uv the tool's requirement in uv's receipt
    private record Shape(
            String name, Optional<String> directUrl, String pipx, String uv, Origin origin, Map<String, Seen> seen) {}

    private static Shape git(String name, String more, String at, String query, Origin origin, Seen pipx, Seen venv) {
        Seen uv = pipx == Seen.FORMAT ? Seen.FORMAT : Seen.REAL;
        return new Shape(
                name,
                Optional.of("{\"url\":\"%s\",\"vcs_info\":{\"vcs\":\"git\",\"commit_id\":\"%s\"%s}}"
                        .formatted(REPOSITORY, COMMIT, more)),
                "git+" + REPOSITORY + at,
                "{ name = \"clock\", git = \"%s%s\" }".formatted(REPOSITORY, query),
                origin,
                seen(uv, pipx, venv));
    }

    private static Map<String, Seen> seen(Seen uv, Seen pipx, Seen venv) {
        return Map.of("uv", uv, "pipx", pipx, "venv", venv, "npm", Seen.NEVER);
    }

    private static Origin git(String revision, RevisionKind kind) {
        return new Origin.Git(REPOSITORY, Optional.of(revision), kind, COMMIT);
    }

    private static List<Shape> shapes() {
        return List.of(
                new Shape(
                        "an index",
                        Optional.empty(),
                        "clock>=1,<2",
                        "{ name = \"clock\", specifier = \">=1,<2\" }",
                        new Origin.Index(),
                        Map.of("uv", Seen.REAL, "pipx", Seen.REAL, "venv", Seen.FORMAT, "npm", Seen.REAL)),
                git(
                        "git, a tag or branch",
                        ",\"requested_revision\":\"v1\"",
                        "@v1",
                        "?rev=v1",
                        git("v1", RevisionKind.UNRESOLVED),
                        Seen.REAL,
                        Seen.REAL),
                git(
                        "git, a commit",
                        ",\"requested_revision\":\"%s\"".formatted(COMMIT),
                        "@" + COMMIT,
                        "?rev=" + COMMIT,
                        git(COMMIT, RevisionKind.COMMIT),
                        Seen.REAL,
                        Seen.FORMAT),
                git(
                        "git, no revision",
                        "",
                        "",
                        "",
                        new Origin.Git(REPOSITORY, Optional.empty(), RevisionKind.DEFAULT, COMMIT),
                        Seen.REAL,
                        Seen.FORMAT),
                new Shape(
                        "git, a subfolder",
                        Optional.of(
                                "{\"url\":\"%s\",\"vcs_info\":{\"vcs\":\"git\",\"commit_id\":\"%s\"},\"subdirectory\":\"sub\"}"
                                        .formatted(REPOSITORY, COMMIT)),
                        "git+%s#subdirectory=sub".formatted(REPOSITORY),
                        "{ name = \"clock\", git = \"%s?subdirectory=sub\" }".formatted(REPOSITORY),
                        new Origin.Git(REPOSITORY, Optional.empty(), RevisionKind.DEFAULT, COMMIT),
                        seen(Seen.FORMAT, Seen.FORMAT, Seen.FORMAT)),
                new Shape(
                        "an editable checkout",
                        Optional.of("{\"url\":\"%s\",\"dir_info\":{\"editable\":true}}".formatted(FOLDER.toUri())),
                        FOLDER.toString(),
                        "{ name = \"clock\", editable = \"%s\" }".formatted(FOLDER),
                        new Origin.Editable(FOLDER),
                        seen(Seen.REAL, Seen.REAL, Seen.FORMAT)),
                new Shape(
                        "a folder",
                        Optional.of("{\"url\":\"%s\",\"dir_info\":{}}".formatted(FOLDER.toUri())),
                        FOLDER.toString(),
                        "{ name = \"clock\", directory = \"%s\" }".formatted(FOLDER),
                        new Origin.LocalDirectory(FOLDER),
                        seen(Seen.REAL, Seen.REAL, Seen.FORMAT)),
                new Shape(
                        "a wheel or archive",
                        Optional.of("{\"url\":\"https://h/clock.whl\",\"archive_info\":{}}"),
                        "https://h/clock.whl",
                        "{ name = \"clock\", url = \"https://h/clock.whl\" }",
                        new Origin.Archive("https://h/clock.whl"),
                        seen(Seen.REAL, Seen.REAL, Seen.FORMAT)),
                git(
                        "git, HEAD by name",
                        ",\"requested_revision\":\"HEAD\"",
                        "@HEAD",
                        "?rev=HEAD",
                        git("HEAD", RevisionKind.DEFAULT),
                        Seen.FORMAT,
                        Seen.FORMAT),
                new Shape(
                        UNRECORDED,
                        Optional.empty(),
                        "git+" + REPOSITORY,
                        "{ name = \"clock\", git = \"%s\" }".formatted(REPOSITORY),
                        new Origin.Unknown("record"),
                        seen(Seen.FORMAT, Seen.FORMAT, Seen.FORMAT)),
                new Shape(
                        "Mercurial and other version control",
                        Optional.of("{\"url\":\"https://h/c\",\"vcs_info\":{\"vcs\":\"hg\",\"commit_id\":\"1\"}}"),
                        "hg+https://h/c",
                        "{ name = \"clock\" }",
                        new Origin.Unknown("hg", Cause.NOT_FOLLOWED),
                        seen(Seen.NEVER, Seen.FORMAT, Seen.FORMAT)),
                new Shape(
                        "a malformed record",
                        Optional.of("{\"url\":\"https://h/c\"}"),
                        "clock",
                        "{ name = \"clock\" }",
                        new Origin.Unknown("direct_url.json", Cause.NOT_READ),
                        seen(Seen.FORMAT, Seen.FORMAT, Seen.FORMAT)));
    }

    @TempDir
    Path home;

    static Stream<Arguments> underEachInstaller() {
        return shapes().stream()
                .flatMap(shape -> Stream.of(InstallerKind.UV, InstallerKind.PIPX, InstallerKind.VENV)
                        .filter(kind -> shape.seen().get(kind.word()) != Seen.NEVER)
                        .map(kind -> Arguments.of(shape.name(), kind, shape)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("underEachInstaller")
    void isToldFromItsRecord(String name, InstallerKind kind, Shape shape) throws IOException {
        home = home.toRealPath();
        Path environment = environment(kind, shape);
        Path info = distribution(environment, "Clock-1.0.dist-info", shape.directUrl());
        if (!shape.name().equals(UNRECORDED)) {
            Files.writeString(info.resolve("INSTALLER"), kind == InstallerKind.UV ? "uv" : "pip\n");
        }
        Path program = environment.resolve("bin/clock");

        Provenance found = installer(kind).owner(program).orElseThrow();
        assertThat(found.packageName()).isEqualTo("clock");
        assertThat(found.version()).isEqualTo("1.0");
        assertThat(found.runtime().requires()).isEqualTo(">=3.11");
        if (shape.origin() instanceof Origin.Unknown(String word, Cause cause)) {
            assertThat(found.origin()).isInstanceOfSatisfying(Origin.Unknown.class, unknown -> {
                assertThat(unknown.why()).contains(word).endsWith(".");
                assertThat(unknown.cause()).isEqualTo(cause);
            });
        } else {
            assertThat(found.origin()).as(name).isEqualTo(shape.origin());
        }
        if (kind != InstallerKind.VENV) {
            assertThat(installer(kind).installed()).map(Provenance::origin).containsExactly(found.origin());
        }

        distribution(environment, "clock-2.0.dist-info", shape.directUrl());
        Provenance two = installer(kind).owner(program).orElseThrow();
        assertThat(two.version()).as("which of them is in use, nothing says").isEmpty();
        assertThat(two.origin()).isInstanceOfSatisfying(Origin.Unknown.class, unknown -> {
            assertThat(unknown.why()).contains("Clock-1.0.dist-info", "clock-2.0.dist-info");
            assertThat(unknown.cause()).isEqualTo(Cause.NOT_AGREED);
        });
    }

    @Test
    void theTableInTheManualSaysTheSame() throws IOException {
        String table = "| installed from | uv | pipx | venv | npm |\n|---|---|---|---|---|\n"
                + shapes().stream()
                        .map(shape -> "| %s | %s |\n"
                                .formatted(
                                        shape.name(),
                                        Stream.of("uv", "pipx", "venv", "npm")
                                                .map(kind -> shape.seen().get(kind).word)
                                                .collect(Collectors.joining(" | "))))
                        .collect(Collectors.joining())
                + "| a link (`npm link`, a folder) | – | – | – | format |\n"
                + "| another name (`npm install -g NAME@npm:PACKAGE`) | – | – | – | format |\n"
                + "| an npm record that names a repository or archive | – | – | – | format |\n";
        assertThat(Files.readString(Installed.CHECKOUT.resolve("docs/dev/test-coverage.md")))
                .as("the table has to be:\n" + table)
                .contains(table);
    }

    private Path environment(InstallerKind kind, Shape shape) throws IOException {
        Path environment = home.resolve(
                switch (kind) {
                    case UV -> ".local/share/uv/tools/clock";
                    case PIPX -> ".local/share/pipx/venvs/clock";
                    case VENV, NPM, SELF -> "clock";
                });
        Files.createDirectories(environment.resolve("bin"));
        Files.writeString(environment.resolve("bin/clock"), "#!" + environment + "/bin/python\n");
        Files.writeString(environment.resolve("pyvenv.cfg"), "home = /usr/bin\nversion_info = 3.12.1.final.0\n");
        switch (kind) {
            case UV -> Files.writeString(environment.resolve("uv-receipt.toml"), """
                [tool]
                requirements = [%s]
                entrypoints = [{ name = "clock", install-path = "%s/.local/bin/clock", from = "clock" }]
                """.formatted(shape.uv(), home));
            case PIPX -> Files.writeString(environment.resolve("pipx_metadata.json"), """
                { "main_package": { "package": "Clock", "package_or_url": "%s", "apps": ["clock"] } }
                """.formatted(shape.pipx()));
            case VENV, NPM, SELF -> {}
        }
        return environment;
    }

    private static Path distribution(Path environment, String folder, Optional<String> directUrl) throws IOException {
        Path info = Files.createDirectories(
                environment.resolve("lib/python3.12/site-packages").resolve(folder));
        Files.writeString(info.resolve("METADATA"), """
            Metadata-Version: 2.1
            Name: Clock
            Version: %s
            Requires-Python: >=3.11

            Version: 9
            """.formatted(
                folder.replaceAll("[^0-9.]", "").replaceFirst("\\.$", "").substring(0, 3)));
        Files.writeString(info.resolve("entry_points.txt"), "[console_scripts]\nclock = clock:main\n");
        if (directUrl.isPresent()) {
            Files.writeString(info.resolve("direct_url.json"), directUrl.get());
        }
        return info;
    }

    private Installer installer(InstallerKind kind) {
        Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin");
        AppDirectories directories = AppDirectories.linux(environment, home);
        LocalProcessRunner programs = new LocalProcessRunner(environment);
        return switch (kind) {
            case UV -> new UvInstaller(directories, environment, programs);
            case PIPX -> new PipxInstaller(directories, environment, programs);
            case NPM -> new NpmInstaller(directories, environment, programs);
            case VENV, SELF -> new VenvInstaller(directories, programs);
        };
    }
}
