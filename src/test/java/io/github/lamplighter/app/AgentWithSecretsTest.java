package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Launchd;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.platform.launchd.LaunchdServiceManager;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.TestManifest;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;

/// An agent whose tool has an environment file: the real program, started by launchd or its stand-in.
@Tag("slow")
@EnabledIf("isPossible")
class AgentWithSecretsTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String TOOL = """
        #!/usr/bin/python3
        import json, os, signal, sys, time
        blocked = [int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])]
        fds = sorted(int(f) for f in os.listdir("/dev/fd") if int(f) > 2)[:-1]
        with open(sys.argv[1] + ".new", "w") as file:
            json.dump({"token": os.environ.get("TOKEN"), "path": os.environ["PATH"], "cwd": os.getcwd(),
                       "pid": os.getpid(), "argv": sys.argv[2:], "blocked": blocked, "fds": fds}, file)
        os.rename(sys.argv[1] + ".new", sys.argv[1])
        time.sleep(1000)
        """;

    static boolean isPossible() {
        return Launchd.isSimulated() && Launchd.isPossible();
    }

    @Test
    void itReadsTheFileBecomesTheToolAndThePropertyListKnowsNoSecret() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.withDifficultName();
                Launchd launchd = Launchd.start(home)) {
            Path tool = home.resolve("tool");
            Files.writeString(tool, TOOL);
            Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
            Path secrets = home.resolve("secrets");
            Files.writeString(secrets, "TOKEN=\"s3 \\\"cret\"\n");
            Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
            Path out = home.resolve("out");
            Path work = Files.createDirectory(home.resolve("work"));
            Manifest manifest = manifest(tool, List.of(out.toString(), "a b", "ü"), work, secrets);
            LaunchdServiceManager agents = new LaunchdServiceManager(
                    new LocalProcessRunner(launchd.environment()),
                    launchd.environment(),
                    AppDirectories.macos(launchd.environment(), home.path()),
                    List.of(
                            // As the launcher does on Linux; on macOS file names are UTF-8 for every Java.
                            "/usr/bin/env",
                            "LC_ALL=C.UTF-8",
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            classPath(),
                            "io.github.lamplighter.app.Main"));
            // The program under test runs here, so it looks where programs of this system do.
            AppDirectories directories = AppDirectories.linux(Map.of(), home.path());
            assertThat(new ManifestStore(directories).save(manifest, "manual"))
                    .isInstanceOf(ManifestStore.Change.Done.class);
            var made = (ServiceDefinitionFactory.Result.Made)
                    new ServiceDefinitionFactory(directories).of(manifest, "/usr/bin:/bin", Map.of());
            ServiceDefinition definition = made.definition();

            assertThat(agents.write(definition)).isInstanceOf(ServiceOutcome.Done.class);
            String label = agents.unitOf("secretive");
            assertThat(agents.fileText(label).orElseThrow())
                    .doesNotContain("s3")
                    .contains("<string>exec</string>");
            assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);
            Await.until("the tool wrote what it got", LIMIT, () -> {
                assertThat(agents.log(label, 20, Optional.empty())).isEmpty();
                return Files.exists(out);
            });

            JsonNode got = JsonFile.MAPPER.readTree(Files.readString(out));
            ServiceState state = agents.state(label);
            assertThat(got.path("token").stringValue()).isEqualTo("s3 \"cret");
            assertThat(got.path("path").stringValue()).isEqualTo("/usr/bin:/bin");
            assertThat(got.path("cwd").stringValue()).isEqualTo(work.toString());
            assertThat(got.path("argv").toString()).isEqualTo("[\"a b\",\"ü\"]");
            assertThat(got.path("pid").longValue()).isEqualTo(state.pid().orElseThrow());
            assertThat(got.path("blocked").toString())
                    .as("signals that Java blocks")
                    .isEqualTo("[]");
            assertThat(got.path("fds").toString())
                    .as("files that Java had open")
                    .isEqualTo("[]");
            assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);

            Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r--r--"));
            agents.start(label);
            Await.until(
                    "it says why it does not start",
                    LIMIT,
                    () -> agents.log(label, 5, Optional.empty()).stream()
                            .anyMatch(line -> line.text().contains("Other users can read")));
            agents.stop(label, LIMIT);
        }
    }

    /// Where this test's own classes come from, in full: the agent runs in another folder.
    private static String classPath() {
        Stream<Path> entries = AgentWithSecretsTest.class.getClassLoader() instanceof URLClassLoader loader
                ? Stream.of(loader.getURLs()).map(url -> Path.of(URI.create(url.toString())))
                : Stream.of(System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"))
                                .split(":"))
                        .map(Path::of);
        return entries.map(path -> path.toAbsolutePath().toString()).collect(Collectors.joining(":"));
    }

    private static Manifest manifest(Path tool, List<String> arguments, Path work, Path secrets) {
        return new TestManifest(InstallerKind.VENV, "secretive", tool.resolveSibling("env"), tool)
                .service(arguments)
                .workingDirectory(work)
                .environmentFile(Optional.of(secrets))
                .build();
    }
}
