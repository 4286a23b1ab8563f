package io.github.lamplighter.installer.npm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmPackageTimesTest {

    @TempDir
    Path folder;

    @Test
    void whatItDependsOnIsPartOfItAndNothingElse() throws IOException {
        installed("", """
            { "name": "tool", "version": "1.0.0", "dependencies": { "a": "1" }, "devDependencies": { "lint": "1" } }\
            """);
        Instant began = later(Instant.EPOCH).getFirst().installedAt();
        Await.until(Duration.ofSeconds(5), () -> Instant.now().isAfter(began.plusMillis(50)));
        installed("node_modules/lint", "{ \"name\": \"lint\", \"version\": \"1.0.0\" }");
        installed("node_modules/@x/unrelated", "{ \"name\": \"@x/unrelated\", \"version\": \"1.0.0\" }");
        assertThat(later(began)).isEmpty();

        installed("node_modules/a", """
            { "name": "a", "version": "1.0.0", "dependencies": { "@x/y": "2" } }\
            """);
        installed("node_modules/a/node_modules/@x/y", "{ \"name\": \"@x/y\", \"version\": \"2.0.0\" }");
        assertThat(later(began)).extracting(DatedPackage::name).containsExactly("a", "@x/y");
        assertThat(later(Instant.EPOCH)).extracting(DatedPackage::name).containsExactly("tool", "a", "@x/y");
    }

    /// Checkouts that `npm link` linked to each other: followed, their folders would never end.
    @Test
    void linkedCheckoutsAreNotSearched() throws IOException {
        List<String> names = List.of("a", "b", "c", "d", "e", "f");
        installed("", "{ \"name\": \"tool\", \"version\": \"1.0.0\", \"dependencies\": { \"a\": \"1\" } }");
        for (String name : names) {
            Path checkout = Files.createDirectories(folder.resolve(name).resolve("node_modules"));
            Files.writeString(checkout.resolveSibling("package.json"), """
                { "name": "%s", "version": "1.0.0",
                  "dependencies": { "a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1" } }\
                """.formatted(name));
            for (String other : names) {
                Files.createSymbolicLink(checkout.resolve(other), folder.resolve(other));
            }
        }
        Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("tool/node_modules")).resolve("a"), folder.resolve("a"));
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> later(Instant.EPOCH)))
                .extracting(DatedPackage::name)
                .containsExactly("tool", "a");
    }

    private List<DatedPackage> later(Instant moment) {
        return NpmPackageTimes.after(
                new Provenance(
                        InstallerKind.NPM,
                        "tool",
                        folder.resolve("tool"),
                        folder.resolve("bin/tool"),
                        "1.0.0",
                        new Origin.Index(),
                        new Provenance.Runtime("node", Path.of("/usr/bin/node"), "20.0.0", ""),
                        List.of()),
                moment);
    }

    private void installed(String where, String json) throws IOException {
        Path module = folder.resolve("tool").resolve(where);
        Files.createDirectories(module);
        Files.writeString(module.resolve("package.json"), json);
    }
}
