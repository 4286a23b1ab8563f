package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.cli.CompletionCommand;
import io.github.lamplighter.cli.Console;
import io.github.lamplighter.harness.Child;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The completion scripts in real shells: commands, options, values, and the tools that are managed when the key is
/// pressed.
class CompletionTest {

    @TempDir
    Path home;

    private Map<String, String> environment;

    @BeforeEach
    void twoTools() throws IOException {
        environment = Map.of("HOME", home.toString(), "PATH", System.getenv("PATH"), "TERM", "dumb");
        Path tools = Files.createDirectories(home.resolve(".config/lamplighter/tools"));
        Files.writeString(tools.resolve("muxplex.json"), "{}");
        Files.writeString(tools.resolve("http-server.json"), "{}");
    }

    @Test
    void bash() throws IOException {
        script("bash");
        // The function that `complete` names works without Readline.
        String asked = said("bash", """
            source ./script
            complete -p lamplighter
            ask() {
              COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
              read -ra COMP_WORDS <<< "$1"
              [ "${1%% }" = "$1" ] || COMP_WORDS+=("")
              COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
              _lamplighter 2> /dev/null
              echo "$1: ${COMPREPLY[*]}"
            }
            ask "lamplighter doct"
            ask "lamplighter doctor --off"
            ask "lamplighter upgrade "
            ask "lamplighter service restart mux"
            ask "lamplighter service st"
            ask "lamplighter status --format "
            ask "lamplighter explain service-p"
            ask "lamplighter list "
            """);
        assertThat(asked.lines())
                .contains(
                        "complete -o default -F _lamplighter lamplighter",
                        "lamplighter doct: doctor",
                        "lamplighter doctor --off: --offline",
                        "lamplighter service restart mux: muxplex",
                        "lamplighter status --format : waybar",
                        "lamplighter explain service-p: service-path",
                        "lamplighter list : ");
        assertThat(asked)
                .containsPattern("upgrade : (http-server muxplex|muxplex http-server)\n")
                .containsPattern("service st: start stop( restart)? status\n");
    }

    @Test
    void zsh() throws IOException {
        assumeThat(Files.exists(Path.of("/usr/bin/zsh"))).isTrue();
        script("zsh");
        // A shell on its own terminal, with key presses.
        String seen = said("zsh", """
            zmodload zsh/zpty
            zpty -b shell zsh -f -i
            seen() {
              local out= part n=0
              while (( n++ < 200 )); do
                if zpty -r -t shell part; then out+=$part; else sleep 0.05; fi
                [[ $out == *$1* ]] && { print -r -- "saw $1"; return }
              done
              print -r -- "did not see $1 in ${(V)out}"
            }
            zpty -w -n shell $'PS1=; source ./script; echo rea""dy\\n'
            seen ready
            zpty -w -n shell $'lamplighter doct\\t'
            seen doctor
            zpty -w -n shell $'\\C-ulamplighter service restart mux\\t'
            seen muxplex
            zpty -w -n shell $'\\C-ulamplighter doctor --off\\t'
            seen --offline
            zpty -d shell
            """);
        assertThat(seen.lines()).containsExactly("saw ready", "saw doctor", "saw muxplex", "saw --offline");
    }

    @Test
    void fish() throws IOException {
        assumeThat(Files.exists(Path.of("/usr/bin/fish"))).isTrue();
        script("fish");
        String offered = said("fish", """
            source script
            for line in "lamplighter doct" "lamplighter doctor --off" "lamplighter upgrade " "lamplighter service restart mux" "lamplighter service sta"
                echo "$line: "(complete -C $line | cut -f1 | sort | string join " ")
            end
            """);
        assertThat(offered.lines())
                .containsExactly(
                        "lamplighter doct: doctor",
                        "lamplighter doctor --off: --offline",
                        "lamplighter upgrade : http-server muxplex",
                        "lamplighter service restart mux: muxplex",
                        "lamplighter service sta: start status");
    }

    private void script(String shell) throws IOException {
        ProcessEnvironment host = TestHost.at(home, environment);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Console console = new Console(out, System.err, false, false, Optional.empty());
            CommandLine command = new CommandLine(new CompletionCommand(
                    () -> new CompositionRoot(host).commandLine(List.of()), host.directories(), console));
            command.setCaseInsensitiveEnumValuesAllowed(true);
            assertThat(command.execute(shell)).isZero();
        }
        Files.write(home.resolve("script"), bytes.toByteArray());
    }

    private String said(String shell, String text) throws IOException {
        Path file = home.resolve("asks");
        Files.writeString(file, text);
        try (Child child = Child.start(environment, home, List.of(shell, file.toString()))) {
            Child.Ended ended = child.end(Duration.ofSeconds(60));
            assertThat(ended.exitCode()).as(ended.toString()).isZero();
            return ended.out();
        }
    }
}
