package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The registry that this machine's npm is configured with, asked about real packages.
class RegistryIT {

    @TempDir
    Path cache;

    @Test
    void theRealRegistryAnswersForARealPackage() {
        Releases releases = releases();
        Provenance old = provenance("http-server", "14.1.0");
        assertThat(releases.verdict(old, Map.of()))
                .isInstanceOfSatisfying(
                        Verdict.Outdated.class,
                        outdated -> assertThat(outdated.publishedAt()).isPresent());
        assertThat(releases.named(old, Map.of(), "14.0.0"))
                .isEqualTo(new Releases.Choice.Found(new UpgradeTarget.IndexVersion("14.0.0")));
        assertThat(releases.named(old, Map.of(), "99.0.0")).isInstanceOf(Releases.Choice.NotThere.class);
    }

    @Test
    void aScopedPackageAndAVeryLargeOneAreRead() {
        assertThat(releases().verdict(provenance("@angular/cli", "1.0.0"), Map.of()))
                .isInstanceOf(Verdict.Outdated.class);
        assertThat(releases().verdict(provenance("n8n", "1.0.0"), Map.of())).isInstanceOf(Verdict.Outdated.class);
    }

    private Releases releases() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("XDG_CACHE_HOME", cache.toString());
        return new Releases(
                new LocalProcessRunner(environment),
                new Releases.Access(
                        environment,
                        AppDirectories.linux(environment, Path.of(System.getProperty("user.home"))),
                        InstantSource.system(),
                        ZoneOffset.UTC,
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        true,
                        Duration.ZERO));
    }

    private static Provenance provenance(String name, String version) {
        return new Provenance(
                InstallerKind.NPM,
                name,
                Path.of("/nowhere/lib/node_modules").resolve(name),
                Path.of("/nowhere/bin/x"),
                version,
                new Origin.Index(),
                new Provenance.Runtime("node", Path.of("/usr/bin/node"), "20.20.2", ""),
                List.of());
    }
}
