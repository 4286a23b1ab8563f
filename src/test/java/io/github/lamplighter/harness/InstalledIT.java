package io.github.lamplighter.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Commands that share a process are worth as much as those that have one each.
@WithHome(inOneProcess = true)
@Tag("slow")
class InstalledIT {

    @Provided
    private ThrowAwayHome home;

    @Provided
    private Installed lamplighter;

    @Test
    void inOneProcessCommandsSayWhatTheySayInTheirOwn() {
        Installed own = new Installed(home.environment());
        for (String line : List.of(
                "--version", "list --json", "status", "doctor nobody", "--nonsense", "settings", "completion bash")) {
            String[] words = line.split(" ");
            assertThat(lamplighter.run(words)).as(line).isEqualTo(own.run(words));
        }
    }

    @Test
    void eachCommandReadsItsFilesAnew() {
        lamplighter.run("settings", "set", "doctor.interval", "12h").well();
        assertThat(lamplighter.run("settings", "get", "doctor.interval").well().out())
                .contains("12h");
        new Installed(home.environment())
                .run("settings", "set", "doctor.interval", "6h")
                .well();
        assertThat(lamplighter.run("settings", "get", "doctor.interval").well().out())
                .contains("6h");
    }
}
