package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {

    @TempDir
    Path folder;

    @Test
    void whatAPackageSaysOfItselfDoesNotReachTheTerminalAsAnOrder() throws IOException {
        Files.writeString(
                folder.resolve("METADATA"),
                "Metadata-Version: 2.1\n"
                        + "Name: clock\u001b]0;x\u0007\n"
                        + "Version: 1.0\u202e.0\u001b[31m\n"
                        + "Requires-Python: >=3.9\u0000\n");
        Distribution clock = new Distribution(folder);
        assertThat(clock.name()).isEqualTo("clock]0;x");
        assertThat(clock.version()).isEqualTo("1.0.0[31m");
        assertThat(clock.requiresPython()).isEqualTo(">=3.9");
    }
}
