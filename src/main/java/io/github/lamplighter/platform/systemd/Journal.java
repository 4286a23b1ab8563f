package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.service.ServiceManager.LogLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a user's unit wrote, from the journal.
///
/// The fields are asked for by name instead of with `--user`: that reads the same entries, and also finds
/// those of a
/// manager that no login started, which the journal files under the system's units.
final class Journal {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Programs programs;
    private final Session session;

    Journal(Programs programs, Session session) {
        this.programs = programs;
        this.session = session;
    }

    List<LogLine> last(String unit, int lines, Optional<String> since) {
        List<String> options = new ArrayList<>(List.of("-n", Integer.toString(lines)));
        since.ifPresent(when -> options.addAll(List.of("--since", when)));
        List<LogLine> result = new ArrayList<>();
        if (programs.run(command(LIMIT, unit, options)) instanceof Answer.Exited exited) {
            exited.out().lines().forEach(text -> line(text).ifPresent(result::add));
        }
        return result;
    }

    void follow(String unit, int lines, Consumer<LogLine> consumer) {
        Command command = command(FOREVER, unit, List.of("-n", Integer.toString(lines), "-f"))
                .keeping(0);
        programs.run(command, text -> line(text).ifPresent(consumer));
    }

    /// Why there may be nothing to read, though the service wrote something.
    Optional<String> gap() {
        if (programs.find("journalctl").isEmpty()) {
            return Optional.of("There is no journalctl here, so what services write cannot be read.");
        }
        if (!Files.exists(Path.of("/run/systemd/journal/socket"))) {
            return Optional.of("The system's journal does not run, so nobody keeps what services write.");
        }
        Answer answer =
                programs.run(session.inSession(Command.of(LIMIT, "journalctl", "--no-pager", "-n", "1", "-o", "json")));
        return answer instanceof Answer.Exited exited && exited.out().isBlank()
                ? Optional.of("The journal cannot be read by this user: "
                        + exited.err().lines().findFirst().orElse("it is empty"))
                : Optional.empty();
    }

    /// Why journalctl does not take a time, if it does not.
    Optional<String> refusesSince(String when) {
        Answer answer = programs.run(session.inSession(
                Command.of(LIMIT, "journalctl", "--no-pager", "-n", "0", "--since", when, "-o", "json")));
        return answer instanceof Answer.Exited exited
                        && exited.status() != 0
                        && exited.err().contains("parse")
                ? Optional.of("`%s` is not a time that journalctl knows; `10 min ago` and `2026-11-23 14:00` are."
                        .formatted(when))
                : Optional.empty();
    }

    private Command command(Duration limit, String unit, List<String> options) {
        String user = "_UID=" + Session.userId();
        List<String> argv = new ArrayList<>(List.of("journalctl", "--no-pager", "-q", "-a", "-o", "json"));
        argv.addAll(options);
        argv.addAll(List.of("_SYSTEMD_USER_UNIT=" + unit, user, "+", "USER_UNIT=" + unit, user));
        if (unit.startsWith(SystemdServiceManager.PREFIX)) {
            argv.addAll(List.of("+", "_SYSTEMD_UNIT=" + unit, user));
        }
        return session.inSession(Command.of(limit, argv));
    }

    static Optional<LogLine> line(String text) {
        if (!text.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode entry = JsonFile.MAPPER.readTree(text);
            return Optional.of(new LogLine(
                    number(entry.path("__REALTIME_TIMESTAMP"), 0),
                    (int) number(entry.path("PRIORITY"), 6),
                    message(entry.path("MESSAGE"))));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static long number(JsonNode value, long otherwise) {
        String text = value.isArray() ? value.path(0).asString("") : value.asString("");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
    }

    /// Text with control characters comes as numbers; a field that was given twice as several texts.
    private static String message(JsonNode value) {
        if (!value.isArray()) {
            return LogLine.plain(value.asString(""));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode element : value) {
            if (element.isNumber()) {
                bytes.write(element.asInt());
            } else {
                bytes.writeBytes(element.asString("").getBytes(StandardCharsets.UTF_8));
            }
        }
        return LogLine.plain(bytes.toString(StandardCharsets.UTF_8));
    }
}
