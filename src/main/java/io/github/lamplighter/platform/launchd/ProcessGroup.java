package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.CoResidentProcesses.CoResident;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The process group of a job, from ps(1), which launchd ends with the job. Empty if ps fails.
final class ProcessGroup {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// One `-o` per column: in POSIX a heading (here empty) extends to the end of its argument.
    private static final List<String> PS =
            List.of("/bin/ps", "-axww", "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "stat=", "-o", "command=");

    private static final Pattern LINE = Pattern.compile("\\s*(\\d{1,9})\\s+(\\d{1,9})\\s+(\\d{1,9})\\s+(\\S+)\\s+(.*)");

    private final ProcessRunner runner;

    ProcessGroup(ProcessRunner runner) {
        this.runner = runner;
    }

    private record Row(long parent, long group, boolean ended, String command) {}

    /// The processes in the group of `main` that do not descend from it: they outlived their parents.
    List<CoResident> guests(long main) {
        Map<Long, Row> rows = rows();
        Row first = rows.get(main);
        return first == null
                ? List.of()
                : rows.entrySet().stream()
                        .filter(entry -> entry.getValue().group() == first.group()
                                && !entry.getValue().ended()
                                && !descends(entry.getKey(), main, rows))
                        .map(entry ->
                                new CoResident(entry.getKey(), entry.getValue().command()))
                        .toList();
    }

    private static boolean descends(long pid, long main, Map<Long, Row> rows) {
        long next = pid;
        // Limited, because a changing process list may contain a loop.
        for (int i = 0; i <= rows.size() && next != main; i++) {
            Row row = rows.get(next);
            if (row == null) {
                return false;
            }
            next = row.parent();
        }
        return next == main;
    }

    private Map<Long, Row> rows() {
        Map<Long, Row> rows = new TreeMap<>();
        Command command = Command.of(LIMIT, PS).with("LC_ALL", "C.UTF-8");
        if (runner.run(command) instanceof ProcessResult.Exited exited) {
            exited.out()
                    .lines()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .forEach(line -> rows.put(
                            Long.valueOf(line.group(1)),
                            new Row(
                                    Long.parseLong(line.group(2)),
                                    Long.parseLong(line.group(3)),
                                    line.group(4).startsWith("Z"),
                                    line.group(5).strip())));
        }
        return rows;
    }
}
