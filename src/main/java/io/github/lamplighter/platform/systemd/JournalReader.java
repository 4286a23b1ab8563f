package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.LogLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads the log of a unit from the journal.
///
/// It matches fields instead of using `--user`, to include units of a manager without a login, which the
/// journal files under the system's units.
final class JournalReader {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final ProcessRunner runner;
    private final UserManagerClient userManagerClient;

    JournalReader(ProcessRunner runner, UserManagerClient userManagerClient) {
        this.runner = runner;
        this.userManagerClient = userManagerClient;
    }

    List<LogLine> last(String unit, int lines, Optional<String> since) {
        return read(LIMIT, options(lines, since), all(unit));
    }

    /// Without the lines that the manager writes about the unit.
    List<LogLine> lastLogLines(String unit, int lines) {
        return read(LIMIT, options(lines, Optional.empty()), byTheService(unit));
    }

    /// Only the lines that the manager writes about the unit.
    List<LogLine> managerLines(String unit, int lines) {
        return read(LIMIT, options(lines, Optional.empty()), byTheManager(unit));
    }

    void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> consumer) {
        List<String> options = options(lines, since);
        options.add("-f");
        runner.run(
                command(FOREVER, options, all(unit)).keeping(0),
                text -> lines(text).forEach(consumer));
    }

    private List<LogLine> read(Duration limit, List<String> options, List<String> matches) {
        List<LogLine> result = new ArrayList<>();
        runner.run(command(limit, options, matches).keeping(0), text -> result.addAll(lines(text)));
        return result;
    }

    private static List<String> options(int lines, Optional<String> since) {
        List<String> options = new ArrayList<>(List.of("-n", Integer.toString(lines)));
        since.ifPresent(when -> options.addAll(List.of("--since", when)));
        return options;
    }

    /// Why the log may be empty although the service wrote something. Without persistent storage journald has
    /// no files for single users (journald.conf(5), `SplitMode=`), so only members of its group can read them.
    Optional<String> unavailableReason() {
        if (runner.find("journalctl").isEmpty()) {
            return Optional.of(
                    "journalctl is not available, so the logs of services can't be read. To see the output of the tool,"
                            + " run it in a terminal.");
        }
        ProcessResult result = runner.run(userManagerClient.inSession(
                Command.of(LIMIT, "journalctl", "--no-pager", "-n", "1", "-o", "json", "--output-fields=MESSAGE")));
        if (result instanceof ProcessResult.Exited exited && !exited.out().isBlank()) {
            return Optional.empty();
        }
        if (!Files.exists(Path.of("/run/systemd/journal/socket"))) {
            return Optional.of(
                    "The system's journal (systemd-journald) is not running, so there are no logs of services. To see"
                            + " the output of the tool, run it in a terminal.");
        }
        String why = result instanceof ProcessResult.Exited exited
                ? reason(exited.err())
                : UserManagerClient.sentence(result);
        return Optional.of(
                "The journal shows no entries to this user (%s). To read it, run `sudo usermod -aG systemd-journal"
                                .formatted(why)
                        + " \"$USER\"` and log in again.");
    }

    private static String reason(String said) {
        return said.lines()
                .map(line -> line.replaceFirst("^Hint: ", "").strip().replaceFirst("\\.$", ""))
                .filter(line -> !line.isEmpty() && !line.startsWith("-- "))
                .findFirst()
                .orElse("it is empty");
    }

    /// Why journalctl does not accept a time, as a sentence.
    Optional<String> refusesSince(String when) {
        ProcessResult result = runner.run(userManagerClient.inSession(
                Command.of(LIMIT, "journalctl", "--no-pager", "-n", "0", "--since", when, "-o", "json")));
        return result instanceof ProcessResult.Exited exited
                        && exited.status() != 0
                        && exited.err().contains("parse")
                ? Optional.of("journalctl doesn't accept the time `%s`. Examples: `10 min ago`, `2026-11-23 14:00`."
                        .formatted(when))
                : Optional.empty();
    }

    private Command command(Duration limit, List<String> options, List<String> matches) {
        List<String> argv = new ArrayList<>(
                List.of("journalctl", "--no-pager", "-q", "-a", "-o", "json", "--output-fields=MESSAGE,PRIORITY"));
        argv.addAll(options);
        argv.addAll(matches);
        return userManagerClient.inSession(Command.of(limit, argv));
    }

    private static List<String> all(String unit) {
        return Stream.of(byTheService(unit), List.of("+"), byTheManager(unit))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> byTheService(String unit) {
        if (ForeignUnit.isOfTheSystem(unit)) {
            return List.of("_SYSTEMD_UNIT=" + ForeignUnit.plain(unit));
        }
        String user = user();
        return unit.startsWith(SystemdServiceManager.PREFIX)
                ? List.of("_SYSTEMD_USER_UNIT=" + unit, user, "+", "_SYSTEMD_UNIT=" + unit, user)
                : List.of("_SYSTEMD_USER_UNIT=" + unit, user);
    }

    private static List<String> byTheManager(String unit) {
        return ForeignUnit.isOfTheSystem(unit)
                ? List.of("_PID=1", "UNIT=" + ForeignUnit.plain(unit))
                : List.of("USER_UNIT=" + unit, user());
    }

    private static String user() {
        return "_UID=" + UserManagerClient.userId();
    }

    /// One entry, which may hold several lines.
    static List<LogLine> lines(String text) {
        if (!text.startsWith("{")) {
            return List.of();
        }
        try {
            JsonNode entry = JsonFile.MAPPER.readTree(text);
            long at = number(entry.path("__REALTIME_TIMESTAMP"), 0);
            int priority = (int) number(entry.path("PRIORITY"), 6);
            Optional<String> boot =
                    Optional.of(entry.path("_BOOT_ID").asString("")).filter(id -> !id.isEmpty());
            return message(entry.path("MESSAGE"))
                    .lines()
                    .map(line -> new LogLine(at, priority, LogLine.plain(line), boot))
                    .toList();
        } catch (JacksonException e) {
            return List.of();
        }
    }

    private static long number(JsonNode value, long otherwise) {
        String text = value.isArray() ? value.path(0).asString("") : value.asString("");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
    }

    /// Text with control characters is an array of numbers; a field with two values is an array of texts.
    private static String message(JsonNode value) {
        if (!value.isArray()) {
            return value.asString("");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode element : value) {
            if (element.isNumber()) {
                bytes.write(element.asInt());
            } else {
                bytes.writeBytes(element.asString("").getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
