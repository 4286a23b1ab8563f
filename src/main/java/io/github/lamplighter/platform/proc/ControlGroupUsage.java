package io.github.lamplighter.platform.proc;

import io.github.lamplighter.service.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What the processes of a control group use (cgroup v2: `cpu.stat`, `memory.current`).
public final class ControlGroupUsage {

    private final Path root;

    /// @param root `/sys/fs/cgroup`
    public ControlGroupUsage(Path root) {
        this.root = root;
    }

    /// Empty without the controllers of CPU and memory.
    public Optional<ResourceUsage> usage(String group, Instant now) {
        Path folder = root.resolve(group.replaceFirst("^/+", ""));
        try {
            long memory = Long.parseLong(
                    Files.readString(folder.resolve("memory.current")).strip());
            return Files.readString(folder.resolve("cpu.stat"))
                    .lines()
                    .filter(line -> line.startsWith("usage_usec "))
                    .findFirst()
                    .map(line -> Duration.of(Long.parseLong(line.substring("usage_usec ".length())), ChronoUnit.MICROS))
                    .map(cpu -> new ResourceUsage(cpu, memory, now));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
