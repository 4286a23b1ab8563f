package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/// A start puts together the verb that it was asked for and no other; help and suggestions know them all.
class LazyCommandTest {

    private final List<String> made = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void onlyTheTypedCommandIsCreated() {
        assertThat(run("status")).isZero();
        assertThat(made).containsExactly("status");
    }

    @Test
    void anAliasIsTheSameCommand() {
        assertThat(run("check")).isZero();
        assertThat(made).containsExactly("doctor");
    }

    @Test
    void anOptionBeforeTheCommandDoesNotHideIt() {
        assertThat(run("--trace", "status")).isZero();
        assertThat(made).containsExactly("status");
    }

    @Test
    void helpListsAllCommands() {
        assertThat(run("--help")).isZero();
        assertThat(out())
                .contains("doctor         Check tools")
                .contains("status")
                .contains("upgrade");
    }

    @Test
    void aTypingErrorGetsASuggestion() {
        assertThat(run("statsu")).isEqualTo(ExitCode.USAGE);
        assertThat(err())
                .contains("Unknown command `lamplighter statsu`. Did you mean `lamplighter status`?")
                .contains("status");
    }

    @Test
    void anUnrelatedWordGetsNoSuggestion() {
        for (String word : List.of("frobnicate", "xyzzy", "pi", "qq")) {
            err.reset();
            assertThat(run(word)).isEqualTo(ExitCode.USAGE);
            assertThat(err())
                    .contains("Unknown command `lamplighter %s`.".formatted(word))
                    .doesNotContain("Did you mean");
        }
    }

    @Test
    void aCommandOfAnotherProgramGetsItsEquivalent() {
        assertThat(run("update", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("Did you mean `lamplighter upgrade NAME`, or");
        assertThat(run("delete", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("Did you mean `lamplighter forget NAME`?");
    }

    private int run(String... words) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Optional.empty());
        return new LamplighterCommand(console, "1", () -> 0)
                .with(
                        List.of(
                                new LazyCommand("doctor", List.of("check"), () -> made("doctor", new Doctor())),
                                LazyCommand.of("status", () -> made("status", new Status())),
                                LazyCommand.of("upgrade", () -> made("upgrade", new Upgrade()))),
                        List.of(words))
                .execute(words);
    }

    private Object made(String name, Object command) {
        made.add(name);
        return command;
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    abstract static class Nothing implements Callable<Integer> {
        @Override
        public Integer call() {
            return 0;
        }
    }

    @Command(name = "doctor", header = "Check tools")
    static final class Doctor extends Nothing {}

    @Command(name = "status", header = "Show status")
    static final class Status extends Nothing {}

    @Command(name = "upgrade", header = "Upgrade tools")
    static final class Upgrade extends Nothing {}
}
