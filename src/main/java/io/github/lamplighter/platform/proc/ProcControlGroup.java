package io.github.lamplighter.platform.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The control group of a process in the service manager's hierarchy (cgroups(7)): the only one (version 2), or
/// `systemd` (version 1, hybrid).
final class ProcControlGroup {

    private ProcControlGroup() {}

    /// @param process its folder in `/proc`
    static Optional<String> of(Path process) {
        Optional<String> unified = Optional.empty();
        for (String line : lines(process.resolve("cgroup"))) {
            String[] field = line.split(":", 3);
            // A container with the unified hierarchy has "/" in the unused older one.
            if (field.length == 3 && field[1].equals("name=systemd") && !field[2].equals("/")) {
                return Optional.of(field[2]);
            }
            if (field.length == 3 && field[0].equals("0")) {
                unified = Optional.of(field[2]);
            }
        }
        return unified;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
