package io.github.lamplighter.platform.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest.Install;
import io.github.lamplighter.tool.UsageDetector.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcUsageDetectorTest {

    @TempDir
    Path home;

    @Test
    void aScriptOfTheEnvironmentShowsItsArgumentsItsFolderAndWhereItListens() throws Exception {
        Path environment = Files.createDirectories(home.toRealPath().resolve("env"));
        Path script = Files.writeString(environment.resolve("lamp"), """
            import socket, time
            s = socket.socket(); s.bind(("0.0.0.0", 0)); s.listen()
            print(s.getsockname()[1], flush=True)
            time.sleep(600)
            """);
        Path link = Files.createSymbolicLink(home.resolve("lamp"), script);
        ProcUsageDetector processes = new ProcUsageDetector();
        assertThat(processes.from(tool(environment))).isEmpty();
        try (Child child = Child.start(
                Map.of("PATH", "/usr/bin:/bin"),
                home,
                List.of("/usr/bin/python3", "-u", link.toString(), "serve", "--name=two words"))) {
            Await.until(
                    Duration.ofSeconds(20),
                    () -> processes.from(tool(environment)).stream()
                            .anyMatch(found -> !found.listens().isEmpty()));
            Running running = processes.from(tool(environment)).getFirst();
            assertThat(running.arguments()).containsExactly("serve", "--name=two words");
            assertThat(running.directory()).contains(home.toRealPath());
            assertThat(running.listens()).singleElement().satisfies(address -> {
                assertThat(address.host())
                        .as("what stands for all is asked here")
                        .isEqualTo("127.0.0.1");
                assertThat(address.port()).isPositive();
            });
            assertThat(processes.from(
                            tool(Files.createDirectories(home.resolve("other")).toRealPath())))
                    .isEmpty();
        }
    }

    /// As http-server does; node(1) writes the title over the arguments.
    @Test
    void aProgramThatReplacedItsArgumentsIsFoundWithoutThem() throws Exception {
        Path environment = Files.createDirectories(home.toRealPath().resolve("env"));
        Path script = Files.writeString(environment.resolve("lamp"), """
            #!/usr/bin/env node
            process.title = 'lamp';
            require('net').createServer().listen(0, '127.0.0.1', () => console.log('set'));
            """);
        script.toFile().setExecutable(true);
        Process shell = new ProcessBuilder("bash", "-c", "\"$1\" serve; true", "bash", script.toString()).start();
        try (var said = shell.inputReader()) {
            assertThat(said.readLine()).isEqualTo("set");
            assertThat(new ProcUsageDetector().from(tool(environment)))
                    .singleElement()
                    .satisfies(running -> {
                        assertThat(running.knowsArguments()).isFalse();
                        assertThat(running.arguments()).isEmpty();
                        assertThat(running.listens()).hasSize(1);
                    });
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
    }

    private static Install tool(Path environment) {
        return new Install(
                InstallerKind.UV, "lamp", environment, environment.resolve("lamp"), Optional.empty(), Map.of());
    }
}
