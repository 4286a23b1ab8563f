package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.settings.Autostart;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SessionAutostartTest {

    private final Switch unit = new Switch("unit");
    private final Switch entry = new Switch("entry");
    private boolean hasTarget = true;
    private final SessionAutostart autostart = new SessionAutostart(unit, entry, () -> hasTarget);

    @Test
    void aSessionWithTheTargetHasTheUnitAndAnotherOneTheEntryNeverBoth() {
        assertThat(autostart.on()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(unit.on).isTrue();
        assertThat(entry.on).isFalse();

        hasTarget = false;
        autostart.settle();

        assertThat(unit.on).isFalse();
        assertThat(entry.on).isTrue();
        assertThat(autostart.state().file()).hasFileName("entry");
    }

    @Test
    void aStartLeavesWhatIsOffAsItIs() {
        autostart.settle();

        assertThat(autostart.state().on()).isFalse();
    }

    @Test
    void bothBecomeOne() {
        unit.on = true;
        entry.on = true;
        autostart.settle();

        assertThat(entry.on).isFalse();
        assertThat(unit.on).isTrue();
    }

    @Test
    void offTurnsOffWhateverIsOn() {
        entry.on = true;
        assertThat(autostart.off()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(autostart.off()).isInstanceOf(Autostart.Change.Already.class);
        assertThat(autostart.state().on()).isFalse();
    }

    private static final class Switch implements Autostart {
        private final String name;
        private boolean on;

        Switch(String name) {
            this.name = name;
        }

        @Override
        public State state() {
            return new State(on, Path.of(name), name);
        }

        @Override
        public Change on() {
            on = true;
            return new Change.Done(name);
        }

        @Override
        public Change off() {
            boolean was = on;
            on = false;
            return was ? new Change.Done(name) : new Change.Already(name);
        }
    }
}
