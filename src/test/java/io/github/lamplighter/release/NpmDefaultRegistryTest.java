package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An npm says which registry it asks, wherever it lies and however old it is.
class NpmDefaultRegistryTest {

    private static final String NEW = """
          scope: new Definition('scope', { default: 'https://scope.example/', }),
          '@x:registry': new Definition('@x:registry', { default: 'https://other.example/', }),
          registry: new Definition('registry', {
            default: 'https://npm.example/',
            type: url,
            description: `
              The base URL of the npm registry.
            `,
            flatten,
          }),
        """;
    private static final String EIGHT = """
        define('prefix', { type: path, default: '', })
        define('registry', {
          type: url,
          default: "https://npm.example/",
          flatten,
        })
        """;
    private static final String SIX = """
            'prefer-online': false,
            registry: 'https://npm.example/',
            rollback: true,
        """;

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void noNpmOnThePath() {
        environment.put("PATH", "/nowhere");
    }

    @ParameterizedTest
    @CsvSource({
        "node/lib/node_modules/npm/node_modules/@npmcli/config/lib/definitions/definitions.js, new",
        "node/lib/node_modules/npm/lib/utils/config/definitions.js, eight",
        "node/lib/node_modules/npm/lib/config/defaults.js, six",
        "prefix/lib/node_modules/npm/lib/config/defaults.js, six",
        "shared/@npmcli/config/lib/definitions/definitions.js, new",
        "shared/npm/lib/utils/config/definitions.js, eight",
        "node/lib/node_modules/npm/npmrc, packed",
    })
    void itIsReadInTheNpmThatIsThere(String file, String age) throws IOException {
        write(
                file,
                switch (age) {
                    case "new" -> NEW;
                    case "eight" -> EIGHT;
                    case "six" -> SIX;
                    default -> "registry=https://npm.example/\n";
                });
        assertThat(resolution()).isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
    }

    @Test
    void aLinkBesideTheNodeAndOneOnThePathAreFollowed() throws IOException {
        write("far/npm/bin/npm-cli.js", "");
        write("far/npm/lib/config/defaults.js", SIX);
        Path link = home.resolve("node/bin/npm");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, home.resolve("far/npm/bin/npm-cli.js"));
        assertThat(resolution()).isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));

        Files.delete(link);
        assertThat(resolution()).isInstanceOf(NpmDefaultRegistry.Resolution.Unknown.class);
        assertThat(home.resolve("far/npm/bin/npm-cli.js").toFile().setExecutable(true))
                .isTrue();
        Path own = Files.createDirectories(home.resolve("own"));
        Files.createSymbolicLink(own.resolve("npm"), home.resolve("far/npm/bin/npm-cli.js"));
        environment.put("PATH", own.toString());
        assertThat(resolution()).isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
    }

    @Test
    void theNodeThatALinkLeadsToHasItsNpmWithIt() throws IOException {
        write("real/bin/node", "");
        write("real/lib/node_modules/npm/lib/config/defaults.js", SIX);
        Files.createDirectories(home.resolve("node/bin"));
        Files.createSymbolicLink(home.resolve("node/bin/node"), home.resolve("real/bin/node"));
        assertThat(resolution()).isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
    }

    @Test
    void anNpmOfAnotherShapeIsAskedOnceAndWithoutTheUsersSettings() throws IOException {
        environment.put("npm_config_color", "always");
        program("""
            echo "$PWD $* ${npm_config_color-none}" >> %s
            echo https://npm.example/
            """.formatted(home.resolve("asked")));
        NpmDefaultRegistry npm = npm();
        for (int i = 0; i < 2; i++) {
            assertThat(npm.registry(install(), environment, Deadline.in(Duration.ofSeconds(10))))
                    .isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
        }
        assertThat(home.resolve("asked"))
                .hasContent("/ config get registry --userconfig=/dev/null --no-update-notifier --logs-max=0 none\n");
    }

    @Test
    void anNpmThatFailsIsNamedWithWhatHelps() throws IOException {
        program("echo it is broken >&2\nexit 1\n");
        assertThat(resolution())
                .isEqualTo(new NpmDefaultRegistry.Resolution.Unknown(
                        "~/node/bin/npm does not say which registry it asks (it is broken). Repair it, or name"
                                + " the registry in ~/.npmrc (`registry=ADDRESS`)."));
    }

    @Test
    void withoutAnyNpmItIsSaidWhereNoneIsAndWhatHelps() {
        assertThat(resolution())
                .isEqualTo(new NpmDefaultRegistry.Resolution.Unknown(
                        "No npm is there that says which registry it asks: not with"
                                + " ~/prefix/lib/node_modules/@x/y, not with ~/node/bin/node, not on PATH. Install"
                                + " one, or name the registry in ~/.npmrc (`registry=ADDRESS`)."));
    }

    private NpmDefaultRegistry.Resolution resolution() {
        return npm().registry(install(), environment, Deadline.in(Duration.ofSeconds(10)));
    }

    private NpmDefaultRegistry npm() {
        return new NpmDefaultRegistry(
                new LocalProcessRunner(environment), AppDirectories.linux(environment, home), home.resolve("shared"));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(home.resolve(file).getParent());
        Files.writeString(home.resolve(file), text);
    }

    private void program(String script) throws IOException {
        write("node/bin/npm", "#!/bin/sh\n" + script);
        assertThat(home.resolve("node/bin/npm").toFile().setExecutable(true)).isTrue();
    }

    private Provenance install() {
        return new Provenance(
                InstallerKind.NPM,
                "@x/y",
                home.resolve("prefix/lib/node_modules/@x/y"),
                home.resolve("prefix/bin/y"),
                "1.0.0",
                new Origin.Index(),
                new Provenance.Runtime("node", home.resolve("node/bin/node"), "24.1.0", ""),
                List.of());
    }
}
