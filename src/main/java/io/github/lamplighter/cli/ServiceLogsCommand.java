package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.text.JsonTimestamps;
import io.github.lamplighter.tool.Manifest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `service logs`: with `--follow`, prints lines as they come.
@Command(
        name = "logs",
        header = "Show the log of the service (-f to follow)",
        footer = {"lamplighter logs http-server -f", "lamplighter logs http-server --since \"1 hour ago\""})
final class ServiceLogsCommand extends ServiceSubcommand {

    private static final int DEFAULT_LINES = 100;
    private static final int ALL = 100_000;

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    @Option(
            names = {"-f", "--follow"},
            description = "Follow the log until Ctrl+C")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "Number of lines (default: 100; with --since: all)")
    private Optional<Integer> lines = Optional.empty();

    @Option(names = "--since", paramLabel = "WHEN", description = "Show lines since then, for example \"10 min ago\"")
    private Optional<String> since = Optional.empty();

    /// Of the line printed last.
    private Optional<String> boot = Optional.empty();

    ServiceLogsCommand(ServiceContext context) {
        super("service logs", context);
    }

    @Override
    CommandResult run(Manifest manifest) {
        ServiceControl control = context().control();
        if (follow && json()) {
            return CommandResult.usage("`--json` can't be used with `--follow`.");
        }
        if (lines.filter(number -> number < 0).isPresent()) {
            return CommandResult.usage("`-n` must be 0 or more.");
        }
        Optional<String> refused = since.flatMap(control::refusesSince);
        if (refused.isPresent()) {
            return CommandResult.usage(refused.get());
        }
        int limit = lines.orElse(since.isPresent() ? ALL : DEFAULT_LINES);
        Optional<String> elsewhere = control.logElsewhere(manifest);
        List<LogLine> found = follow ? List.of() : control.log(manifest, limit, since);
        Optional<String> gap =
                found.isEmpty() && elsewhere.isEmpty() ? control.logUnavailableReason() : Optional.empty();
        if (gap.isPresent()) {
            return CommandResult.failed(ExitCode.FAILED, "no-log", gap.get());
        }
        if (follow) {
            elsewhere.ifPresent(console()::warn);
            follow(manifest, limit);
            return CommandResult.ok(JsonFile.MAPPER::createObjectNode, _ -> {});
        }
        return CommandResult.ok(() -> json(manifest, elsewhere, found), console -> print(elsewhere, found, console));
    }

    private void follow(Manifest manifest, int limit) {
        Thread follower = Thread.currentThread();
        context().control().follow(manifest, limit, since, line -> {
            print(line, console());
            if (console().out().checkError()) {
                // The reader has exited (`logs -f | head`).
                follower.interrupt();
            }
        });
    }

    private ObjectNode json(Manifest manifest, Optional<String> elsewhere, List<LogLine> found) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", manifest.name().value());
        data.put("elsewhere", elsewhere.orElse(null));
        ArrayNode array = data.putArray("lines");
        for (LogLine line : found) {
            ObjectNode object = array.addObject();
            if (line.at() == 0) {
                object.putNull("at");
            } else {
                object.put("at", JsonTimestamps.exactly(instant(line), context().zone()));
            }
            object.put("priority", line.priority()).put("text", line.text());
        }
        return data;
    }

    private void print(Optional<String> elsewhere, List<LogLine> found, Console console) {
        elsewhere.ifPresent(console::warn);
        if (found.isEmpty() && elsewhere.isEmpty()) {
            console.err().println(since.isPresent() ? "No log lines since then." : "No log lines yet.");
        }
        found.forEach(line -> print(line, console));
    }

    private void print(LogLine line, Console console) {
        if (boot.isPresent() && line.boot().isPresent() && !boot.equals(line.boot())) {
            console.out().println("-- reboot --");
        }
        boot = line.boot();
        String when =
                line.at() == 0 ? "" : WHEN.format(instant(line).atZone(context().zone())) + "  ";
        console.out().println(when + marked(line, console));
    }

    /// Errors and warnings get a word, which a colour repeats. Priorities are those of syslog(3).
    private static String marked(LogLine line, Console console) {
        if (line.priority() <= 3) {
            return console.paint(Style.fg_red, "error: " + line.text());
        }
        return switch (line.priority()) {
            case 4 -> console.paint(Style.fg_yellow, "warning: " + line.text());
            case 5, 6 -> line.text();
            default -> console.paint(Style.faint, line.text());
        };
    }

    private static Instant instant(LogLine line) {
        return Instant.EPOCH.plus(line.at(), ChronoUnit.MICROS);
    }
}
