package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSizesTest {

    @TempDir
    Path home;

    @Test
    void aPreviousVersionIsMeasuredOnceByAllWindows() throws IOException {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        Path previous = Files.createDirectories(home.resolve("snapshots/1"));
        Files.writeString(previous.resolve("file"), "12345");

        assertThat(new KeptSizes(directories).of(previous)).isEqualTo(5);

        Files.writeString(previous.resolve("file"), "1234567");
        assertThat(new KeptSizes(directories).of(previous))
                .as("no file of it was read")
                .isEqualTo(5);
    }
}
