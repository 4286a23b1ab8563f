package io.github.lamplighter.platform.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProcessTable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real processes and sockets of this machine.
class ProcTest {

    @TempDir
    Path environment;

    @Test
    void aProcessBelongsToTheEnvironmentThatItsProgramOrScriptLiesIn() throws Exception {
        Path program = Files.createDirectories(environment.resolve("bin")).resolve("sleeper");
        Files.copy(Path.of("/bin/sleep"), program);
        program.toFile().setExecutable(true);
        Path script = environment.resolve("bin/script");
        Files.writeString(script, "#!/bin/sh\nread line\n");
        script.toFile().setExecutable(true);
        ProcProcesses processes = new ProcProcesses(Path.of("/proc"), 0);
        ProcessTable before = processes.snapshot();
        assertThat(before.from(environment)).isEmpty();

        Process one = new ProcessBuilder(program.toString(), "60").start();
        Process other = new ProcessBuilder(script.toString()).start();
        try {
            Await.until(
                    Duration.ofSeconds(10), () -> processes.from(environment).size() == 2);
            assertThat(processes.from(environment))
                    .map(ProcessTable.Running::pid)
                    .containsExactlyInAnyOrder(one.pid(), other.pid());
            assertThat(processes.snapshot().from(environment)).hasSize(2);
            assertThat(before.from(environment)).as("looked at once").isEmpty();
            assertThat(processes.replacedProgram(one.pid())).isEmpty();
            Files.delete(program);
            assertThat(processes.replacedProgram(one.pid()))
                    .contains(environment.toRealPath().resolve("bin/sleeper"));
            assertThat(processes.snapshot().replacedProgram(one.pid())).isPresent();
            assertThat(processes.from(environment))
                    .as("an executable that is gone still runs")
                    .map(ProcessTable.Running::pid)
                    .contains(one.pid());
            assertThat(processes.from(environment.resolve("other"))).isEmpty();
            assertThat(processes.ancestors(one.pid())).first().asString().contains("java");
            assertThat(new ProcProcesses().from(environment))
                    .as("what this process started to ask it something")
                    .isEmpty();
            assertThat(new ProcProcesses().snapshot().from(environment)).isEmpty();
        } finally {
            one.destroyForcibly().waitFor();
            other.destroyForcibly().waitFor();
        }
        assertThat(processes.from(environment)).isEmpty();
    }

    @Test
    void aScriptThatGaveItselfATitleIsKnownByHowTheShellStartedIt() throws Exception {
        Path script = environment.resolve("titled");
        Files.writeString(
                script, "#!/usr/bin/env node\nprocess.title = 'titled'; console.log('set'); process.stdin.resume();\n");
        script.toFile().setExecutable(true);
        Process shell = new ProcessBuilder("bash", "-c", "\"$1\"; true", "bash", script.toString()).start();
        try (var said = shell.inputReader()) {
            assertThat(said.readLine()).isEqualTo("set");
            long titled = shell.children().findFirst().orElseThrow().pid();
            ProcProcesses processes = new ProcProcesses(Path.of("/proc"), 0);
            assertThat(processes.from(environment))
                    .map(ProcessTable.Running::pid)
                    .containsExactly(titled);
            Files.writeString(script, "#!/usr/bin/env python3\n");
            assertThat(processes.from(environment)).as("no script of its own").isEmpty();
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
    }

    /// A shell hands on `_` of the command before to what it replaces itself with.
    @Test
    void aProcessThatOnlyInheritedTheNameOfTheScriptIsAStranger() throws Exception {
        Path script = Files.writeString(environment.resolve("tool"), "#!/usr/bin/env python3\n");
        ProcessBuilder inherits = new ProcessBuilder("python3", "-c", "print(1, flush=True); input()");
        inherits.environment().put("_", script.toString());
        Process one = inherits.start();
        try (var said = one.inputReader()) {
            assertThat(said.readLine()).isEqualTo("1");
            assertThat(new ProcProcesses(Path.of("/proc"), 0).from(environment)).isEmpty();
        } finally {
            one.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatAnotherLamplighterAsksIsNotAtWorkEither() throws Exception {
        Path program = Files.createDirectories(environment.resolve("bin")).resolve("sleeper");
        Files.copy(Path.of("/bin/sleep"), program);
        program.toFile().setExecutable(true);
        ProcProcesses processes = new ProcProcesses(Path.of("/proc"), 0);
        ProcessTable[] before = new ProcessTable[1];
        for (String word : new String[] {"-Dlamplighter.launcher=/x", "-Dother=/x"}) {
            Process asker = new ProcessBuilder("sh", "-c", "\"$1\" 60 & wait", "sh", program.toString(), word).start();
            try {
                Await.until(
                        Duration.ofSeconds(10),
                        () -> asker.descendants()
                                .anyMatch(child -> child.info()
                                        .command()
                                        .filter(program.toString()::equals)
                                        .isPresent()));
                before[0] = processes.snapshot();
                assertThat(before[0].from(environment)).as(word).hasSize(word.equals("-Dother=/x") ? 1 : 0);
            } finally {
                asker.descendants().forEach(ProcessHandle::destroyForcibly);
                asker.destroyForcibly().waitFor();
            }
        }
        Await.until(Duration.ofSeconds(10), () -> before[0].from(environment).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "/user.slice/user-1000.slice/user@1000.service/app.slice/site.service, 1000, true",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/site.service/worker, 1000, true",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/my-site.service, 1000, false",
        "/user.slice/user-1001.slice/user@1001.service/app.slice/site.service, 1001, false"
    })
    void aUnitHasTheProcessesOfItsControlGroup(String group, int user, boolean expected) throws Exception {
        Path proc = Files.createDirectories(environment.resolve("proc"));
        Files.writeString(Files.createDirectory(proc.resolve("7")).resolve("status"), "Uid:\t1000\t1000\n");
        Path process = Files.createDirectory(proc.resolve("42"));
        Files.writeString(process.resolve("status"), "Name:\tnode\nUid:\t%1$d\t%1$d\n".formatted(user));
        Files.writeString(process.resolve("cgroup"), "0::" + group + "\n");
        assertThat(new ProcProcesses(proc, 7).hasProcess("site.service")).isEqualTo(expected);
    }

    @Test
    void everyListenerOfAProcessIsSeen() throws Exception {
        ProcListeners listeners = new ProcListeners();
        long self = ProcessHandle.current().pid();
        int gone;
        try (ServerSocket one = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                ServerSocket other = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            ListeningSockets now = listeners.snapshot();
            gone = one.getLocalPort();
            for (int port : new int[] {one.getLocalPort(), other.getLocalPort()}) {
                assertThat(listeners.on(port)).map(Listener::pid).containsExactly(Optional.of(self));
                assertThat(now.on(port)).isEqualTo(listeners.on(port));
            }
        }
        assertThat(listeners.on(gone)).isEmpty();
    }
}
