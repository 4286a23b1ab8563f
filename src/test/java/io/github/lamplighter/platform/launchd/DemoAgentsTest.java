package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoAgentsTest {

    /// The user may manage a tool of the same name.
    @Test
    void theDemosLabelsAreItsOwn() {
        Path home = Path.of("/Users/ada");
        AppDirectories directories = AppDirectories.macos(Map.of(), home);
        LocalProcessRunner runner = new LocalProcessRunner(Map.of());
        LaunchdServiceManager own = new LaunchdServiceManager(runner, Map.of(), directories, List.of("lamplighter"));
        LaunchdServiceManager demo =
                LaunchdServiceManager.untilLogout(runner, Map.of(), directories, List.of("lamplighter"));

        assertThat(own.unitOf("lamp-clock")).isEqualTo("io.github.lamplighter.lamp-clock");
        assertThat(demo.unitOf("lamp-clock")).isEqualTo("io.github.lamplighter.demo.lamp-clock");
        assertThat(own.endsAtLogout()).isEmpty();
        assertThat(demo.endsAtLogout()).isPresent();
    }
}
