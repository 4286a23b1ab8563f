package io.github.lamplighter.platform.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.LoginShell.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real shells with people's start-up files. Each waits more than it works, so they do it together.
@Execution(ExecutionMode.CONCURRENT)
class InteractiveLoginShellTest {

    private ThrowAwayHome home;

    /// @param file the start-up file that a terminal's shell reads
    private record Shell(String program, String file) {

        String adds(String folder) {
            return program.endsWith("fish")
                    ? "set -gx PATH \"%s\" $PATH\n".formatted(folder)
                    : "export PATH=\"%s:$PATH\"\n".formatted(folder);
        }

        String exports(String name, String value) {
            return program.endsWith("fish")
                    ? "set -gx %s '%s'\n".formatted(name, value)
                    : "export %s='%s'\n".formatted(name, value);
        }

        @Override
        public String toString() {
            return program;
        }
    }

    static Stream<Shell> shells() {
        return Stream.of(
                new Shell("/usr/bin/bash", ".bash_profile"),
                new Shell("/usr/bin/zsh", ".zshrc"),
                new Shell("/usr/bin/fish", ".config/fish/config.fish"));
    }

    @BeforeEach
    void open() throws IOException {
        home = ThrowAwayHome.make();
        Files.createDirectories(home.resolve("my tools"));
    }

    @AfterEach
    void close() {
        home.close();
    }

    private LoginShell asking(Shell shell) {
        assumeThat(Path.of(shell.program())).isExecutable();
        Map<String, String> environment = new HashMap<>(home.environment());
        environment.put("SHELL", shell.program());
        environment.put("PATH", "/opt/of-the-desktop:" + environment.get("PATH"));
        environment.put("ONLY_HERE", "1");
        return new InteractiveLoginShell(
                new LocalProcessRunner(environment),
                environment,
                AppDirectories.linux(environment, home.path()),
                InstantSource.system());
    }

    private void startUp(Shell shell, String text) throws IOException {
        Path file = home.resolve(shell.file());
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String tools() {
        return home.resolve("my tools").toString();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aFileThatGreetsAndReadsIsNoHindrance(Shell shell) throws IOException {
        startUp(
                shell,
                "echo 'PATH=/wrong'\nprintf '\\033]0;title\\007'\necho to-stderr >&2\nread answer\n"
                        + shell.adds(tools())
                        + shell.exports("MODE", "two words")
                        + shell.exports("LINES_OF", "a\nb")
                        + "echo bye\n");
        LoginShell asked = asking(shell);
        Answer answer = asked.path();
        assertThat(answer).isInstanceOf(Answer.Found.class);
        assertThat(answer.value().split(":")).startsWith(tools()).doesNotContain("/opt/of-the-desktop", "/wrong");
        assertThat(asked.variables(List.of("MODE", "LINES_OF", "ONLY_HERE", "NOT_THERE")))
                .isEqualTo(Map.of("MODE", "two words", "LINES_OF", "a\nb"));
        // The answer is kept, for those who must not ask.
        assertThat(asking(shell).kept().orElseThrow().value()).isEqualTo(answer.value());
        assertThat(asking(shell).keptVariables(List.of("MODE"))).containsEntry("MODE", "two words");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aFileThatHangsCostsFiveSecondsOnceAndLeavesNothingBehind(Shell shell) throws IOException {
        // Of this shell alone: the others are asked at the same time.
        String nap = "sleep 765" + shell.program().length() + shell.file().length();
        Path starts = home.resolve("starts");
        startUp(shell, "echo one >> '%s'\n".formatted(starts) + shell.adds(tools()) + nap + "\n");
        LoginShell asked = asking(shell);
        long began = System.nanoTime();
        Answer answer = asked.path();
        asked.path();
        asked.variables(List.of("MODE"));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(took).isGreaterThan(Duration.ofMillis(4900));
        assertThat(starts).as("it was asked once").hasContent("one");
        assertThat(answer).isInstanceOfSatisfying(Answer.Fallback.class, fallback -> {
            assertThat(fallback.why()).contains("did not respond within 5 s");
            assertThat(fallback.path().split(":")).contains("/usr/bin");
        });
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains(nap))
                                .isPresent()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void itHasNoTerminalAndASessionOfItsOwn(Shell shell) throws IOException {
        Path seen = home.resolve("seen");
        startUp(
                shell,
                "ps -o sid=,tty= -p %s > '%s'\n"
                        .formatted(shell.program().endsWith("fish") ? "$fish_pid" : "$$", seen));
        asking(shell).path();
        String[] words = Files.readString(seen).strip().split("\\s+");
        assertThat(words[1]).isEqualTo("?");
        assertThat(Long.parseLong(words[0]))
                .isNotEqualTo(ProcessHandle.current().pid());
        assertThat(words[0]).isNotEqualTo(sessionOfThisProcess());
    }

    @Test
    void aFileThatBecomesAnotherShellLeavesTheLoginFiles() throws IOException {
        Shell bash = new Shell("/usr/bin/bash", ".bash_profile");
        startUp(bash, bash.adds(tools()) + "case $- in *i*) . ~/.bashrc;; esac\n");
        Files.writeString(home.resolve(".bashrc"), "exec sh -i\n");
        Answer answer = asking(bash).path();
        assertThat(answer).isInstanceOf(Answer.Found.class);
        assertThat(answer.value().split(":")).startsWith(tools());
    }

    @Test
    void aFileThatEndsTheShellIsSaidSo() throws IOException {
        Shell bash = new Shell("/usr/bin/bash", ".bash_profile");
        startUp(bash, "exit 3\n");
        assertThat(asking(bash).path())
                .isInstanceOfSatisfying(
                        Answer.Fallback.class,
                        fallback -> assertThat(fallback.why()).isEqualTo("bash exited with code 3 without an answer."));
    }

    @Test
    void aQuestionThatWasCutOffLeavesTheAnswerThatIsKept() throws IOException {
        Shell bash = new Shell("/usr/bin/bash", ".bash_profile");
        startUp(bash, bash.adds(tools()));
        Answer good = asking(bash).path();
        startUp(bash, "kill -KILL $$\n");
        assertThat(asking(bash).path()).isInstanceOf(Answer.Fallback.class);
        assertThat(asking(bash).kept()).contains(good);
    }

    /// Shells of other families (xonsh, nu, tcsh) know no `echo; env` in one line, but all start a program.
    @Test
    void aShellThatIsNoPosixShellIsAskedToo() throws IOException {
        Path xonsh = home.resolve("bin/xonsh");
        Files.createDirectories(xonsh.getParent());
        Files.writeString(xonsh, """
            #!/usr/bin/python3
            import os, subprocess, sys
            if '-l' in sys.argv and '-i' in sys.argv:
                sys.exit('-l must be the only option')
            print('welcome')
            os.environ['PATH'] = '%s:' + os.environ['PATH']
            command = sys.argv[sys.argv.index('-c') + 1]
            sys.stdout.flush()
            subprocess.run(command.split())
            print('bye')
            """.formatted(tools()));
        xonsh.toFile().setExecutable(true);
        Answer answer = asking(new Shell(xonsh.toString(), ".xonshrc")).path();
        assertThat(answer).isInstanceOf(Answer.Found.class);
        assertThat(answer.value().split(":")).startsWith(tools()).doesNotContain("/opt/of-the-desktop");
    }

    @Test
    void secretsAreNotKept() throws IOException {
        Shell bash = new Shell("/usr/bin/bash", ".bash_profile");
        startUp(
                bash,
                bash.exports("MUX_TOKEN", "hush")
                        + bash.exports("http_proxy", "http://ada:hush@proxy:3128")
                        + bash.exports("no_proxy", "localhost"));
        LoginShell asked = asking(bash);
        asked.path();
        assertThat(asked.variables(List.of("MUX_TOKEN", "http_proxy", "no_proxy")))
                .hasSize(3);
        assertThat(asking(bash).keptVariables(List.of("MUX_TOKEN", "http_proxy", "no_proxy")))
                .isEqualTo(Map.of("no_proxy", "localhost"));
        assertThat(home.resolve(".local/state/lamplighter/login-shell.json"))
                .content()
                .doesNotContain("hush");
    }

    private static String sessionOfThisProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    }
}
