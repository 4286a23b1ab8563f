package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One user who asks what is newer: a home of its own, an environment, a clock that stands.
final class Asking {

    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    final Path home;
    final Map<String, String> environment = new HashMap<>();
    Duration limit = Duration.ofSeconds(10);
    Duration minimumAge = Duration.ZERO;
    boolean own = true;
    InstallerKind installer = InstallerKind.VENV;
    String name = "lamp-clock";
    String runtime = "3.11.2";
    InstallRequest installRequest = InstallRequest.PLAIN;

    Asking(Path home) {
        this.home = home;
        environment.put("PATH", "/usr/bin:/bin");
        // This machine's own configuration stays out of it; what is tested is put in by each test.
        environment.put("XDG_CONFIG_DIRS", "/nowhere");
        environment.put("PIP_CONFIG_FILE", "/dev/null");
    }

    Releases releases() {
        return new Releases(
                new LocalProcessRunner(environment),
                new Releases.Access(
                        environment,
                        AppDirectories.linux(environment, home),
                        InstantSource.fixed(NOW),
                        ZoneOffset.UTC,
                        limit,
                        minimumAge,
                        own,
                        Duration.ZERO));
    }

    Verdict verdict(String installed) {
        return releases().verdict(provenance(installed, new Origin.Index()), Map.of());
    }

    Provenance provenance(String installed, Origin origin) {
        return new Provenance(
                installer,
                name,
                home.resolve("environment"),
                home.resolve("bin/tool"),
                installed,
                origin,
                new Provenance.Runtime(
                        installer == InstallerKind.NPM ? "node" : "python", home.resolve("node/bin/node"), runtime, ""),
                installRequest,
                List.of());
    }

    /// Only these indexes, the last one as the default.
    static SearchOptions searched(String... indexes) {
        List<String> all = List.of(indexes);
        return new SearchOptions(
                all.isEmpty() ? all : all.subList(0, all.size() - 1),
                all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    Asking asked(String specifier, String... indexes) {
        installRequest =
                new InstallRequest(specifier, List.of(), List.of(), searched(indexes), false, Optional.empty());
        return this;
    }
}
