package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.service.CoResidentProcesses.CoResident;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The processes of a unit's control group (cgroups(7)); empty if they cannot be read.
final class ControlGroup {

    /// The mount points of control groups: version 2, hybrid, version 1.
    private static final List<Path> HIERARCHIES =
            List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup/systemd"));

    private static final Path PROC = Path.of("/proc");

    private ControlGroup() {}

    /// The processes in `group` and below it.
    static List<Long> processes(Optional<String> group) {
        List<Long> found = new ArrayList<>();
        for (Path hierarchy : group.isPresent() ? HIERARCHIES : List.<Path>of()) {
            Path top = hierarchy.resolve(group.get().replaceFirst("^/", ""));
            if (group.get().length() < 2 || !Files.isDirectory(top)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(top)) {
                for (Path file :
                        files.filter(path -> path.endsWith("cgroup.procs")).toList()) {
                    Files.readAllLines(file).forEach(line -> found.add(Long.valueOf(line)));
                }
            } catch (IOException | UncheckedIOException e) {
                // It disappeared while it was read, so it is empty.
            }
        }
        return found.stream().distinct().toList();
    }

    /// The processes that are not workers of `main`. A worker descends from it and is in its session; a
    /// process that called setsid(2), or whose parent has ended, is on its own.
    static List<CoResident> guests(Optional<String> group, long main) {
        Map<Long, Stat> seen = new HashMap<>();
        for (long pid : processes(group)) {
            stat(pid).ifPresent(stat -> seen.put(pid, stat));
        }
        return seen.keySet().stream()
                .sorted()
                .filter(pid -> pid != main && !isWorker(pid, main, seen))
                .map(pid -> new CoResident(pid, command(pid)))
                .filter(coResident -> !coResident.command().isEmpty())
                .toList();
    }

    private static boolean isWorker(long pid, long main, Map<Long, Stat> seen) {
        Stat first = seen.get(main);
        long next = pid;
        while (first != null && next != main) {
            Stat stat = seen.get(next);
            if (stat == null || stat.session() != first.session() || stat.parent() == next) {
                return false;
            }
            next = stat.parent();
        }
        return first != null;
    }

    private record Stat(long parent, long session) {}

    /// proc_pid_stat(5): after the name, which may hold spaces and parentheses: state, parent, group, session.
    private static Optional<Stat> stat(long pid) {
        try {
            String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] field = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", 5);
            return field[0].equals("Z")
                    ? Optional.empty()
                    : Optional.of(new Stat(Long.parseLong(field[1]), Long.parseLong(field[3])));
        } catch (IOException | RuntimeException e) {
            // It has ended meanwhile.
            return Optional.empty();
        }
    }

    private static String command(long pid) {
        try {
            return new String(Files.readAllBytes(PROC.resolve(pid + "/cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }
}
