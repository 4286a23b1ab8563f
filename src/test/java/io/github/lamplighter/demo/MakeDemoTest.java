package io.github.lamplighter.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.LoginSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a computer that lacks something: a sentence, and nothing that looks like a complete demo.
class MakeDemoTest {

    private static final String WELL = "exit 0";

    @TempDir
    Path home;

    @TempDir
    Path programs;

    private DemoHome demo;

    @BeforeEach
    void aDemo() {
        demo = DemoHome.of(home.resolve(".local/share"), home);
    }

    @Test
    void withoutAServiceManagerItSaysWhy() {
        assertThat(made(() -> Optional.of("This container has no service manager.")))
                .isEqualTo(new DemoOutcome.Refused("The demo runs a service. This container has no service manager."));
        assertThat(home.resolve(".local")).as("nothing is written").doesNotExist();
    }

    @Test
    void withoutGitOrPythonItSaysWhatToInstall() throws IOException {
        assertThat(refusal()).startsWith("The demo needs git").contains("`sudo apt install git`");
        program("git", WELL);
        assertThat(refusal()).startsWith("The demo needs python3").contains("python3-venv");
        assertThat(home.resolve(".local")).as("nothing is written").doesNotExist();
    }

    /// The tools in the user's home are no part of the demo, but any Python can make a virtual environment.
    @Test
    void gitInTheUsersHomeIsNotUsed() throws IOException {
        program("git", WELL);
        program("python3", WELL);
        demo = DemoHome.of(home.resolve(".local/share"), programs);
        assertThat(refusal()).startsWith("The demo needs git");
    }

    /// Debian's python3 without python3-venv.
    @Test
    void withoutVenvItSaysWhatToInstall() throws IOException {
        program("git", WELL);
        program("python3", """
            case "$2" in
              venv) echo 'The virtual environment was not created successfully because ensurepip is not available.'; exit 1 ;;
              *) echo "$0" ;;
            esac\
            """);
        assertThat(refusal()).contains("venv module", "`sudo apt install python3-venv`");
        assertThat(demo.isComplete()).isFalse();
    }

    @Test
    void anOldPythonIsRefused() throws IOException {
        program("git", WELL);
        program("python3", "echo /usr/bin/python3; exit 1");
        assertThat(refusal()).contains("Python 3.9 or newer");
    }

    @Test
    void aFailingStepIsNamedWithItsLastLine() throws IOException {
        program("git", "echo 'fatal: no space left on device' >&2; exit 128");
        program("python3", WELL);
        assertThat(made(Optional::empty))
                .isInstanceOfSatisfying(
                        DemoOutcome.Failed.class,
                        failed -> assertThat(failed.why()).contains("git init", "no space left on device"));
        assertThat(demo.isComplete()).isFalse();
    }

    @Test
    void twoRunsAtOnceDoNotMeet() throws IOException {
        program("git", WELL);
        program("python3", WELL);
        Files.createDirectories(demo.home());
        var _ = new EnvironmentLock(inside()).take(demo.folder(), "Another process is making the demo.");
        assertThat(made(Optional::empty)).isEqualTo(new DemoOutcome.Busy("Another process is making the demo."));
    }

    private String refusal() {
        return made(Optional::empty) instanceof DemoOutcome.Refused(String why) ? why : "not refused";
    }

    private DemoOutcome made(LoginSession session) {
        Map<String, String> outside = Map.of("PATH", programs + ":/nowhere");
        return new MakeDemo(
                        demo,
                        inside(),
                        outside,
                        new LocalProcessRunner(outside),
                        new NoCommands(),
                        new ProcProcesses(),
                        session,
                        "x.service")
                .make(_ -> {});
    }

    private AppDirectories inside() {
        return AppDirectories.linux(Map.of(), demo.home());
    }

    private void program(String name, String script) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static final class NoCommands implements CliClient {
        @Override
        public Envelope run(List<String> arguments) {
            throw new AssertionError("nothing is there to run: " + arguments);
        }

        @Override
        public Lines lines(List<String> arguments) {
            throw new AssertionError();
        }

        @Override
        public Following follow(List<String> arguments, Consumer<String> line) {
            throw new AssertionError();
        }
    }
}
