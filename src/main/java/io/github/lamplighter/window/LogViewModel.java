package io.github.lamplighter.window;

import io.github.lamplighter.service.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the tab Log: the lines of a time, of a level, and with a text.
final class LogViewModel {

    /// How much of the log is read.
    enum Span {
        LAST_100("Last 100 lines", 100),
        LAST_300("Last 300 lines", 300),
        LAST_1000("Last 1000 lines", 1000),
        SINCE_START("Since it started", MAX_LINES),
        LAST_HOUR("Last hour", MAX_LINES),
        LAST_DAY("Last 24 hours", MAX_LINES);

        private final String title;
        private final int lines;

        Span(String title, int lines) {
            this.title = title;
            this.lines = lines;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /// From which priority on lines are shown (syslog(3): a lower number is more severe).
    enum Level {
        ALL("All levels", 7),
        WARNINGS("Warnings and errors", 4),
        ERRORS("Errors", 3);

        private final String title;
        private final int priority;

        Level(String title, int priority) {
            this.title = title;
            this.priority = priority;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /// The number of lines kept of a log that is followed.
    private static final int MAX_LINES = 2000;

    private final ShownTool shown;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Supplier<Optional<Instant>> startedAt;
    private final List<LogLine> read = new ArrayList<>();
    private final ObservableList<LogLine> lines = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper follows = new ReadOnlyBooleanWrapper(false);
    private Span span = Span.LAST_300;
    private Level level = Level.ALL;
    private String wanted = "";
    private String about = "";
    private Optional<WindowData.Following> following = Optional.empty();
    private int run;

    /// @param startedAt when the service started, if it is running
    LogViewModel(WindowServices windowServices, ShownTool shown, Supplier<Optional<Instant>> startedAt) {
        this.shown = shown;
        this.data = windowServices.data();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.startedAt = startedAt;
    }

    /// The lines of the level and with the text, oldest first.
    ObservableList<LogLine> lines() {
        return lines;
    }

    /// Why there is nothing to see, or how many lines there are.
    ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty followsProperty() {
        return follows.getReadOnlyProperty();
    }

    /// The line as text: its time, its level if it matters, and what the service wrote.
    String text(LogLine line) {
        String when = line.at() == 0 ? "" : humanFormat.exact(Instant.EPOCH.plus(line.at(), ChronoUnit.MICROS)) + "  ";
        return when + word(line).map(word -> word + ": ").orElse("") + line.text();
    }

    static Optional<String> word(LogLine line) {
        return line.priority() <= Level.ERRORS.priority
                ? Optional.of("error")
                : line.priority() == Level.WARNINGS.priority ? Optional.of("warning") : Optional.empty();
    }

    void clear() {
        stopFollowing();
        read.clear();
        about = "";
        show();
        message.set("");
    }

    void show(Span chosen) {
        span = chosen;
        reload();
    }

    void show(Level chosen) {
        level = chosen;
        show();
    }

    /// Shows only the lines with this text, in any case.
    void find(String text) {
        wanted = text.strip().toLowerCase(Locale.ROOT);
        show();
    }

    private void reload() {
        if (following.isPresent()) {
            follow();
        } else {
            load();
        }
    }

    /// Reads the log, and stops following it.
    void load() {
        stopFollowing();
        Optional<Instant> since = since();
        if (read.isEmpty()) {
            message.set("Loading the log…");
        }
        shown.with(row -> taskExecutor.run(
                () -> data.log(row.id(), span.lines, since),
                reading -> shown.ifShown(row, () -> {
                    if (following.isEmpty()) {
                        read.clear();
                        read.addAll(reading.lines());
                        about = reading.elsewhere()
                                .or(reading::unavailable)
                                .orElse(since.map(at -> "Nothing written since " + humanFormat.at(at, clock.instant()))
                                        .orElse("No log entries yet"));
                        show();
                    }
                })));
    }

    private Optional<Instant> since() {
        return switch (span) {
            case LAST_100, LAST_300, LAST_1000 -> Optional.empty();
            case SINCE_START -> startedAt.get();
            case LAST_HOUR -> Optional.of(clock.instant().minus(Duration.ofHours(1)));
            case LAST_DAY -> Optional.of(clock.instant().minus(Duration.ofDays(1)));
        };
    }

    /// Shows new log lines until it is stopped, or until another tool is shown.
    void follow() {
        stopFollowing();
        shown.with(row -> {
            Queue<LogLine> fresh = new ConcurrentLinkedQueue<>();
            AtomicBoolean scheduled = new AtomicBoolean();
            int now = ++run;
            read.clear();
            about = "No log entries yet";
            show();
            following = Optional.of(data.followLog(row.id(), Math.min(span.lines, MAX_LINES), line -> {
                fresh.add(line);
                // One redraw for all lines that arrive together.
                if (scheduled.compareAndSet(false, true)) {
                    taskExecutor.ui().execute(() -> {
                        scheduled.set(false);
                        List<LogLine> arrived = new ArrayList<>();
                        for (LogLine next = fresh.poll(); next != null; next = fresh.poll()) {
                            arrived.add(next);
                        }
                        if (now == run && following.isPresent()) {
                            append(arrived);
                        }
                    });
                }
            }));
            follows.set(true);
        });
    }

    void stopFollowing() {
        following.ifPresent(WindowData.Following::close);
        following = Optional.empty();
        follows.set(false);
    }

    private void append(List<LogLine> arrived) {
        read.addAll(arrived);
        if (read.size() > MAX_LINES) {
            read.subList(0, read.size() - MAX_LINES).clear();
            show();
            return;
        }
        lines.addAll(arrived.stream().filter(this::isWanted).toList());
        describe();
    }

    private void show() {
        lines.setAll(read.stream().filter(this::isWanted).toList());
        describe();
    }

    private void describe() {
        if (read.isEmpty()) {
            message.set(about);
        } else if (lines.isEmpty()) {
            message.set(wanted.isEmpty() ? "No line of this level" : "No line matches \"%s\"".formatted(wanted));
        } else {
            String all = HumanFormat.count(read.size(), "line", "lines");
            message.set(lines.size() == read.size() ? all : "%d of %s".formatted(lines.size(), all));
        }
    }

    private boolean isWanted(LogLine line) {
        return line.priority() <= level.priority
                && (wanted.isEmpty() || line.text().toLowerCase(Locale.ROOT).contains(wanted));
    }
}
