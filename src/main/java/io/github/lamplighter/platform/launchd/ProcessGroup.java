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

/// The processes that launchd ends with a job: its process group, as ps(1) shows it. Empty too where ps gives no
/// answer.
final class ProcessGroup {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// One `-o` a column: a heading (here none) goes on to the end of its argument, where ps is POSIX's.
    private static final List<String> PS =
            List.of("/bin/ps", "-axww", "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "stat=", "-o", "command=");

    private static final Pattern LINE = Pattern.compile("\\s*(\\d{1,9})\\s+(\\d{1,9})\\s+(\\d{1,9})\\s+(\\S+)\\s+(.*)");

    private final ProcessRunner runner;

    ProcessGroup(ProcessRunner runner) {
        this.runner = runner;
    }

    private record Row(long parent, long group, boolean ended, String command) {}

    /// Those in the group of `main` that it did not start, directly or not: they outlived who started them.
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
        // No chain is longer than there are processes, whatever ps saw change while it looked.
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
