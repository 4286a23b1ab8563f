package io.github.lamplighter.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCliClientTest {

    @TempDir
    Path folder;

    @Test
    void returnsTheEnvelopeOfACommandThatFailed() throws IOException {
        Envelope envelope = run("""
            echo '{"status":"partial","exitCode":1,"data":{"arguments":"'"$*"'"},"errors":[{"message":"No."}]}'
            exit 1
            """, "upgrade", "alpha");
        assertThat(envelope.exitCode()).isEqualTo(1);
        assertThat(envelope.data().path("arguments").asString()).isEqualTo("upgrade alpha --json");
        assertThat(envelope.errors()).containsExactly("No.");
    }

    @Test
    void withoutAnEnvelopeTheLastLineOfStandardErrorIsTheReason() throws IOException {
        Envelope envelope = run("""
            echo 'lamplighter: Waiting.' >&2
            echo 'lamplighter: An upgrade of alpha is in progress.' >&2
            exit 3
            """, "restart", "alpha");
        assertThat(envelope.succeeded()).isFalse();
        assertThat(envelope.errors()).containsExactly("An upgrade of alpha is in progress.");
    }

    @Test
    void withoutAnyOutputTheReasonIsTheExitCode() throws IOException {
        assertThat(run("exit 7\n", "restart", "alpha").errors())
                .containsExactly("`lamplighter restart` failed without a message (exit code 7)");
    }

    private Envelope run(String script, String... arguments) throws IOException {
        Path launcher = folder.resolve("lamplighter");
        Files.writeString(launcher, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        return new ProcessCliClient(
                        List.of(launcher.toString()), new LocalProcessRunner(Map.of("PATH", System.getenv("PATH"))))
                .run(List.of(arguments));
    }
}
