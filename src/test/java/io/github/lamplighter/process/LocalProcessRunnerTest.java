package io.github.lamplighter.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Why a program could not be started goes into reports: a sentence, and nothing of what the program
/// would have been given.
class LocalProcessRunnerTest {

    private static final String GIVEN = "given-value-7";
    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final LocalProcessRunner programs = new LocalProcessRunner(Map.of("PATH", "/usr/bin:/bin"));

    @TempDir
    Path folder;

    @Test
    void aMissingProgramIsReported() {
        assertThat(reason(command("/nonexistent/x")))
                .isEqualTo("Could not start /nonexistent/x: the file does not exist");
    }

    @Test
    void aFileThatIsNotExecutableIsReported() throws IOException {
        Path file = Files.writeString(folder.resolve("closed"), "#!/bin/sh\n");
        assertThat(reason(command(file.toString()))).endsWith("the file is not executable");
    }

    @Test
    void aMissingInterpreterIsReported() throws IOException {
        assertThat(reason(command(program("#!/nonexistent/python\n")))).endsWith("its interpreter does not exist");
    }

    @Test
    void aMissingWorkingDirectoryIsNamed() {
        assertThat(reason(command("/bin/true").in(folder.resolve("gone"))))
                .isEqualTo("Could not start /bin/true: the working directory %s does not exist"
                        .formatted(folder.resolve("gone")));
    }

    /// A package manager that compiles, or one that draws a progress bar without an end.
    @Test
    void outputOfAnySizeIsBounded() throws IOException {
        List<String> lines = new ArrayList<>();
        ProcessResult result = new LocalProcessRunner(Map.of("PATH", System.getenv("PATH")))
                .run(
                        command(program("#!/bin/sh\n"
                                        + "head -c 60000000 /dev/zero | tr '\\0' x\n"
                                        + "echo\n"
                                        + "echo the reason\n"
                                        + "exit 3\n"))
                                .keeping(1000),
                        lines::add);
        assertThat(lines).hasSize(2).last().isEqualTo("the reason");
        assertThat(lines.getFirst()).hasSize(1024 * 1024);
        assertThat(result).isInstanceOfSatisfying(ProcessResult.Exited.class, exited -> {
            assertThat(exited.status()).isEqualTo(3);
            assertThat(exited.out())
                    .startsWith("xxx")
                    .endsWith("x\nthe reason\n")
                    .hasSizeLessThan(100_000);
        });
    }

    @Test
    void argumentsAndEnvironmentAreNeverReported() throws IOException {
        String tooLong = "x".repeat(3 * 1024 * 1024);
        for (Command command : List.of(
                command("/nonexistent/x"),
                command(program("#!/nonexistent/python\n")),
                command("/bin/true").in(folder.resolve("gone")),
                Command.of(Duration.ofSeconds(60), "/bin/true", tooLong).with("GREETING", GIVEN))) {
            assertThat(reason(command)).doesNotContain(GIVEN, "GREETING", "environment", "xxx");
        }
    }

    /// The JVM waits 300 ms at its exit if one of its children is still running.
    @Test
    void aProgramThatOutlivesThisOneIsNotItsChild() {
        String seconds = "97.25";
        assertThat(programs.launch(List.of("sleep", seconds), Map.of())).isEmpty();
        Await.until("it runs", AMPLE, () -> sleeping(seconds).isPresent());
        ProcessHandle program = sleeping(seconds).orElseThrow();
        try {
            Await.until(
                    "it has another parent",
                    AMPLE,
                    () -> program.parent()
                            .filter(ProcessHandle.current()::equals)
                            .isEmpty());
        } finally {
            program.destroy();
        }
    }

    private static Optional<ProcessHandle> sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                                .command()
                                .filter(path -> path.endsWith("/sleep"))
                                .isPresent()
                        && process.info()
                                .arguments()
                                .filter(given -> given[0].equals(seconds))
                                .isPresent())
                .findFirst();
    }

    private static Command command(String program) {
        return Command.of(Duration.ofSeconds(60), program).with("GREETING", GIVEN);
    }

    private String program(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("program-" + text.hashCode()), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    private String reason(Command command) {
        assertThat(programs.run(command)).isInstanceOf(ProcessResult.NotStarted.class);
        return ((ProcessResult.NotStarted) programs.run(command)).reason();
    }
}
