package io.github.lamplighter.status;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The states that each tool was seen in: `states/NAME.jsonl`, one JSON object on each line, the newest last, for 35
/// days. The doctor writes what it finds, and the tray icon what it sees between two runs. A time without a look has
/// no line, so that it is never shown as a state.
public final class StateHistory {

    private static final Duration KEPT = Duration.ofDays(35);

    /// A state that did not change is written again after it: it is known to have lasted.
    private static final Duration REPEATED = Duration.ofHours(1);

    /// A service that starts and stops all day must not fill the disk.
    private static final int LARGEST = 256 * 1024;

    private static final JsonMapper LINES = JsonMapper.builder().build();

    /// Two threads of one process cannot wait for the same [FileLock].
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path folder;

    /// The window shows the days of all tools again after each change of one.
    private final Map<ToolName, Counted> counted = new ConcurrentHashMap<>();

    public StateHistory(AppDirectories directories) {
        this.folder = directories.states();
    }

    record Seen(Instant at, SeenState state) {}

    /// The days of a file as it was.
    private record Counted(FileTime at, long size, LocalDate today, ZoneId zone, StateDays days) {

        boolean isOf(BasicFileAttributes file, LocalDate date, ZoneId place) {
            return at.equals(file.lastModifiedTime())
                    && size == file.size()
                    && today.equals(date)
                    && zone.equals(place);
        }
    }

    /// Records a state, unless the same one was recorded within the last hour.
    ///
    /// @throws IOException if it could not be written
    public void record(ToolName tool, SeenState state, Instant now) throws IOException {
        AtomicFile.makeFolder(folder);
        THREADS.lock();
        try (FileChannel channel = open(lock(tool), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                FileLock _ = channel.lock()) {
            append(file(tool), new Seen(now.truncatedTo(ChronoUnit.SECONDS), state));
        } finally {
            THREADS.unlock();
        }
    }

    /// Removes what was seen of a tool that is no longer managed.
    ///
    /// @throws IOException if it could not be removed
    public void forget(ToolName tool) throws IOException {
        Files.deleteIfExists(file(tool));
        Files.deleteIfExists(damaged(file(tool)));
        Files.deleteIfExists(lock(tool));
    }

    private Path lock(ToolName tool) {
        return folder.resolve("." + tool + ".lock");
    }

    private static Path damaged(Path file) {
        return file.resolveSibling(file.getFileName() + ".damaged");
    }

    private static void append(Path file, Seen now) throws IOException {
        String text = read(file);
        List<Seen> seen = parsed(text);
        if (seen.isEmpty() && !text.isBlank()) {
            // Not written by this program, or damaged beyond reading.
            Files.move(file, damaged(file), StandardCopyOption.REPLACE_EXISTING);
            text = "";
        }
        boolean isKnown = !seen.isEmpty()
                && seen.getLast().state() == now.state()
                && seen.getLast().at().plus(REPEATED).isAfter(now.at())
                && !seen.getLast().at().isAfter(now.at());
        if (isKnown) {
            return;
        }
        boolean isOld = !seen.isEmpty()
                && seen.getFirst().at().plus(KEPT).plus(Duration.ofDays(1)).isBefore(now.at());
        if (isOld || text.length() > LARGEST) {
            AtomicFile.write(file, lines(pruned(seen, now)));
            return;
        }
        try (FileChannel channel = open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            // A line that was torn by a full disk is ended first.
            String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            channel.write(ByteBuffer.wrap((end + line(now)).getBytes(StandardCharsets.UTF_8)));
        }
    }

    /// The last 35 days, and of each state in each hour the newest.
    private static List<Seen> pruned(List<Seen> seen, Seen now) {
        Instant from = now.at().minus(KEPT);
        Set<Seen> hours = new HashSet<>();
        List<Seen> kept = new ArrayList<>(List.of(now));
        for (Seen earlier : seen.reversed()) {
            boolean isFirst = hours.add(new Seen(earlier.at().truncatedTo(ChronoUnit.HOURS), earlier.state()));
            if (isFirst && !earlier.at().isBefore(from)) {
                kept.add(earlier);
            }
        }
        return kept.reversed();
    }

    /// The worst state of each of the last days.
    public StateDays days(ToolName tool, Instant now, ZoneId zone) {
        LocalDate today = now.atZone(zone).toLocalDate();
        try {
            BasicFileAttributes file = Files.readAttributes(file(tool), BasicFileAttributes.class);
            Optional<Counted> known =
                    Optional.ofNullable(counted.get(tool)).filter(days -> days.isOf(file, today, zone));
            if (known.isPresent()) {
                return known.get().days();
            }
            StateDays days = StateDays.of(parsed(read(file(tool))), today, zone);
            counted.put(tool, new Counted(file.lastModifiedTime(), file.size(), today, zone, days));
            return days;
        } catch (IOException _) {
            // Without data, as if nothing had been recorded.
            return StateDays.of(List.of(), today, zone);
        }
    }

    private Path file(ToolName tool) {
        return folder.resolve(tool + ".jsonl");
    }

    private static FileChannel open(Path file, Set<StandardOpenOption> options) throws IOException {
        return FileChannel.open(
                file,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)));
    }

    /// Not with readString, which fails at bytes that are not UTF-8.
    private static String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return "";
        }
    }

    private static List<Seen> parsed(String text) {
        return text.lines().flatMap(line -> seen(line).stream()).toList();
    }

    private static Optional<Seen> seen(String line) {
        try {
            JsonNode json = LINES.readTree(line);
            return SeenState.of(json.path("state").asString(""))
                    .map(state -> new Seen(Instant.parse(json.path("at").asString("")), state));
        } catch (JacksonException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String lines(List<Seen> seen) {
        StringBuilder text = new StringBuilder();
        seen.forEach(one -> text.append(line(one)));
        return text.toString();
    }

    private static String line(Seen seen) {
        return LINES.writeValueAsString(JsonFile.MAPPER
                        .createObjectNode()
                        .put("at", seen.at().toString())
                        .put("state", seen.state().word()))
                + "\n";
    }
}
