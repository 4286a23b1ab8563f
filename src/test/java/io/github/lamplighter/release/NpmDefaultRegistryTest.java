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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// npm is asked for its default registry rarely, and a failure names the fix.
class NpmDefaultRegistryTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void noNpmOnThePath() {
        environment.put("PATH", "/nowhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix/bin/npm", "node/bin/npm", "own/npm"})
    void asksTheNpmOfThePackageOfItsNodeOrOnPath(String npm) throws IOException {
        environment.put("PATH", home.resolve("own") + ":/usr/bin:/bin");
        program(npm, "echo https://npm.example/\n");
        assertThat(resolution(NOW)).isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
    }

    @Test
    void asksOnceADayAndWithoutTheUsersSettings() throws IOException {
        environment.put("npm_config_color", "always");
        program("node/bin/npm", countedAnswer());
        for (Duration later : List.of(Duration.ZERO, Duration.ofHours(23), Duration.ofHours(25))) {
            assertThat(resolution(NOW.plus(later)))
                    .isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
        }
        String call = "/ config get registry --userconfig=/dev/null --no-update-notifier --logs-max=0 none\n";
        assertThat(home.resolve("asked")).hasContent(call + call);
    }

    @Test
    void anotherNpmAtTheSamePlaceIsAskedAgain() throws IOException {
        Files.createDirectories(home.resolve("node/bin"));
        for (String npm : List.of("one", "two")) {
            program(npm + "/npm-cli.js", countedAnswer());
            Files.deleteIfExists(home.resolve("node/bin/npm"));
            Files.createSymbolicLink(home.resolve("node/bin/npm"), home.resolve(npm + "/npm-cli.js"));
            resolution(NOW);
            resolution(NOW);
        }
        assertThat(Files.readAllLines(home.resolve("asked"))).hasSize(2);
    }

    @Test
    void aCachedAnswerIsPrivateAndADamagedOneIsReplaced() throws IOException {
        program("node/bin/npm", countedAnswer());
        resolution(NOW);
        Path cache;
        try (Stream<Path> files = Files.list(home.resolve(".cache/lamplighter/npm"))) {
            cache = files.findFirst().orElseThrow();
        }
        assertThat(Files.getPosixFilePermissions(cache)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Files.writeString(cache, "{");
        assertThat(resolution(NOW)).isEqualTo(new NpmDefaultRegistry.Resolution.Registry("https://npm.example/"));
        assertThat(Files.readAllLines(home.resolve("asked"))).hasSize(2);
    }

    @Test
    void anNpmThatFailsIsNamedWithWhatHelps() throws IOException {
        program("node/bin/npm", "echo it is broken >&2\nexit 1\n");
        assertThat(resolution(NOW))
                .isEqualTo(new NpmDefaultRegistry.Resolution.Unknown(
                        "`~/node/bin/npm config get registry` failed (it is broken). Repair npm, or set the"
                                + " registry in ~/.npmrc (`registry=URL`)."));
    }

    @Test
    void withoutNpmTheReasonListsWhereItWasSearched() {
        assertThat(resolution(NOW))
                .isEqualTo(new NpmDefaultRegistry.Resolution.Unknown("npm not found: not with"
                        + " ~/prefix/lib/node_modules/@x/y, not with ~/node/bin/node, not on PATH. Install it, or set"
                        + " the registry in ~/.npmrc (`registry=URL`)."));
    }

    private String countedAnswer() {
        return """
            echo "$PWD $* ${npm_config_color-none}" >> %s
            echo https://npm.example/
            """.formatted(home.resolve("asked"));
    }

    /// A new instance each time, as in another run of the program.
    private NpmDefaultRegistry.Resolution resolution(Instant now) {
        return new NpmDefaultRegistry(
                        new LocalProcessRunner(environment),
                        AppDirectories.linux(environment, home),
                        InstantSource.fixed(now))
                .registry(install(), environment, Deadline.in(Duration.ofSeconds(10)));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(home.resolve(file).getParent());
        Files.writeString(home.resolve(file), text);
    }

    private void program(String file, String script) throws IOException {
        write(file, "#!/bin/sh\n" + script);
        assertThat(home.resolve(file).toFile().setExecutable(true)).isTrue();
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
