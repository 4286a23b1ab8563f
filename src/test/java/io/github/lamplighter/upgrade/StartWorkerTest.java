package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartWorkerTest {

    @TempDir
    private Path home;

    @Test
    void theWorkerIsStartedInItsScope() throws Exception {
        assertThat(started("exec env SCOPED=yes \"$@\"")).isEqualTo("yes upgrade-worker n8n");
    }

    @Test
    void theWorkerIsStartedWithoutAScopeIfTheManagerRefusesOne() throws Exception {
        assertThat(started("exit 1")).isEqualTo("no upgrade-worker n8n");
    }

    /// @param scope a shell script that runs its arguments
    private String started(String scope) throws Exception {
        Path result = home.resolve("result");
        Path launcher = Files.writeString(
                home.resolve("launcher"),
                "#!/bin/sh\necho \"${SCOPED:-no} $*\" > '%s.new' && mv '%s.new' '%s'\n"
                        .formatted(result, result, result));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        StartWorker workers = new StartWorker(
                new LocalProcessRunner(Map.of("PATH", "/usr/bin:/bin")),
                List.of(launcher.toString()),
                _ -> List.of("/bin/sh", "-c", scope, "sh"));
        assertThat(workers.start("1", List.of("n8n"))).isEmpty();
        Await.until(Duration.ofSeconds(10), () -> Files.exists(result));
        return Files.readString(result).strip();
    }
}
