package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AutostartCommandTest {

    @TempDir
    private Path home;

    private int reads;
    private final Autostart tray = new Switch("The tray icon");
    private final Autostart timer = new Switch("The timer");

    /// A server has only the timer, so `status` must not read as if nothing was on.
    @Test
    void statusAndOffTellOfTheTimerThatStaysOn() {
        assertThat(run("status")).isEqualTo("The tray icon is off.");
        assertThat(run("on", "--headless")).isEqualTo("The timer is on.");
        assertThat(run("status")).isEqualTo("The tray icon is off. The timer is on.");
        assertThat(run("off"))
                .isEqualTo("The tray icon is off. The timer is on. To turn that off, run `lamplighter autostart off"
                        + " --headless`.");
        assertThat(run("off", "--headless")).isEqualTo("The timer is off.");
        assertThat(run("off")).isEqualTo("The tray icon is off.");
    }

    /// The state of the timer takes a process of systemd's at each look.
    @Test
    void eachStateIsReadOnce() {
        run("on", "--headless");
        reads = 0;
        run("status");
        assertThat(reads).isEqualTo(2);
    }

    private String run(String... words) {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        FakeTerminal terminal = new FakeTerminal(directories);
        Console console = terminal.console(true);
        new CommandLine(new AutostartCommand(tray, timer, directories, terminal.recorder(console), console))
                .execute(words);
        return terminal.output().strip();
    }

    private final class Switch implements Autostart {
        private final String name;
        private boolean on;

        Switch(String name) {
            this.name = name;
        }

        @Override
        public State state() {
            reads++;
            return new State(on, home.resolve("file"), "%s is %s.".formatted(name, on ? "on" : "off"));
        }

        @Override
        public Change on() {
            on = true;
            return new Change.Done(state().words());
        }

        @Override
        public Change off() {
            on = false;
            return new Change.Done(state().words());
        }
    }
}
