package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.SearchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonPackageTimesTest {

    private static final Instant STARTED = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant BEFORE = STARTED.minusSeconds(60);
    private static final Instant AFTER = STARTED.plusSeconds(60);

    @TempDir
    Path environment;

    @BeforeEach
    void aToolWithADependencyAndPlugins() throws IOException {
        installed("Big_Tool-1.0", BEFORE, "serving>=1");
        installed("serving-2.0", BEFORE, "sockets");
        installed("sockets-3.0", BEFORE);
        installed("asked_for-0.1", BEFORE);
        installed("plugin-0.2", BEFORE);
    }

    @Test
    void whatItDependsOnIsPartOfIt() throws IOException {
        assertThat(later()).isEmpty();
        installed("sockets-3.0", AFTER);
        assertThat(later()).containsExactly(new DatedPackage("sockets", "3.0", AFTER));
        installed("Big_Tool-1.0", AFTER, "serving");
        assertThat(later()).extracting(DatedPackage::name).containsExactly("big-tool", "sockets");
    }

    @Test
    void whatWasAskedForWithItIsPartOfItAndNothingElse() throws IOException {
        installed("plugin-0.2", AFTER);
        assertThat(later()).as("a server installs plugins while it is running").isEmpty();
        installed("asked_for-0.1", AFTER);
        assertThat(later()).extracting(DatedPackage::name).containsExactly("asked-for");
    }

    @Test
    void byteCodeAndFilesOfTheAuthorAreNoInstallation() throws IOException {
        Path packages = environment.resolve("lib/python3.12/site-packages");
        Files.createDirectories(packages.resolve("serving/__pycache__"));
        Files.writeString(packages.resolve("sockets-3.0.dist-info/METADATA"), "Name: sockets\nVersion: 3.0\n");
        assertThat(later()).isEmpty();
    }

    private List<DatedPackage> later() {
        return PythonPackageTimes.after(
                new Provenance(
                        InstallerKind.PIPX,
                        "big-tool",
                        environment,
                        environment.resolve("bin/big-tool"),
                        "1.0",
                        new Origin.Index(),
                        new Provenance.Runtime("python", Path.of("/usr/bin/python3"), "3.12.0", ""),
                        new InstallRequest(
                                "", List.of(), List.of("Asked.For>=0"), SearchOptions.PLAIN, false, Optional.empty()),
                        List.of()),
                STARTED);
    }

    private void installed(String nameAndVersion, Instant at, String... requires) throws IOException {
        Path info = environment.resolve("lib/python3.12/site-packages/" + nameAndVersion + ".dist-info");
        Files.createDirectories(info);
        String[] parts = nameAndVersion.split("-", 2);
        StringBuilder metadata = new StringBuilder("Name: %s\nVersion: %s\n".formatted(parts[0], parts[1]));
        for (String one : requires) {
            metadata.append("Requires-Dist: ").append(one).append('\n');
        }
        Files.writeString(info.resolve("METADATA"), metadata.append('\n'));
        Files.setLastModifiedTime(info, FileTime.from(at));
    }
}
