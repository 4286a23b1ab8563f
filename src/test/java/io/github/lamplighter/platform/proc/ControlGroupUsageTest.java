package io.github.lamplighter.platform.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.ResourceUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupUsageTest {

    private static final Instant NOW = Instant.parse("2026-11-23T14:06:00Z");

    @TempDir
    Path root;

    @Test
    void memoryAndProcessorTimeAreThoseOfTheGroup() throws Exception {
        Path group = Files.createDirectories(root.resolve("user.slice/x.service"));
        Files.writeString(group.resolve("memory.current"), "212000000\n");
        Files.writeString(group.resolve("cpu.stat"), "usage_usec 10150000\nuser_usec 1\nsystem_usec 2\n");
        assertThat(new ControlGroupUsage(root).usage("/user.slice/x.service", NOW))
                .hasValue(new ResourceUsage(Duration.ofMillis(10_150), 212_000_000, NOW));
    }

    @Test
    void aGroupWithoutControllersIsNotKnown() throws Exception {
        assertThat(new ControlGroupUsage(root).usage("/gone", NOW)).isEmpty();
        Path group = Files.createDirectories(root.resolve("bare"));
        Files.writeString(group.resolve("cpu.stat"), "usage_usec 1\n");
        assertThat(new ControlGroupUsage(root).usage("/bare", NOW)).isEmpty();
    }
}
