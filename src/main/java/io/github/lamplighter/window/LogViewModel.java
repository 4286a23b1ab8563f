package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The view model of the tab Log.
final class LogViewModel {

    enum Span {
        LAST_100("Last 100 lines", 100),
        LAST_300("Last 300 lines", 300),
        LAST_1000("Last 1000 lines", 1000),
        SINCE_START("Since it started", 1000);

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

    /// The number of lines kept of a log that is followed.
    private static final int MAX_LINES = 2000;

    private final ShownTool shown;
    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final HumanFormat humanFormat;
    private final Supplier<Optional<Instant>> startedAt;
    private final ReadOnlyObjectWrapper<Optional<CliClient.Lines>> lines =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper follows = new ReadOnlyBooleanWrapper(false);
    private Span span = Span.LAST_300;
    private Optional<CliClient.Following> following = Optional.empty();
    private int run;

    /// @param startedAt when the service started, if it is running
    LogViewModel(WindowServices windowServices, ShownTool shown, Supplier<Optional<Instant>> startedAt) {
        this.shown = shown;
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
        this.humanFormat = windowServices.humanFormat();
        this.startedAt = startedAt;
    }

    /// Empty until it was read.
    ReadOnlyObjectProperty<Optional<CliClient.Lines>> linesProperty() {
        return lines.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty followsProperty() {
        return follows.getReadOnlyProperty();
    }

    void clear() {
        stopFollowing();
        lines.set(Optional.empty());
    }

    /// Reads the log, and stops following it.
    void load() {
        stopFollowing();
        shown.with(row -> taskExecutor.run(
                () -> cliClient.lines(arguments(row, true)),
                read -> shown.ifShown(row, () -> {
                    if (following.isEmpty()) {
                        lines.set(Optional.of(read));
                    }
                })));
    }

    void show(Span wanted) {
        span = wanted;
        if (following.isPresent()) {
            follow();
        } else {
            load();
        }
    }

    /// Shows new log lines until it is stopped, or until another tool is shown.
    void follow() {
        stopFollowing();
        shown.with(row -> {
            Queue<String> fresh = new ConcurrentLinkedQueue<>();
            AtomicBoolean scheduled = new AtomicBoolean();
            List<String> all = new ArrayList<>();
            List<String> arguments = new ArrayList<>(arguments(row, false));
            arguments.add("-f");
            int now = ++run;
            following = Optional.of(cliClient.follow(arguments, line -> {
                fresh.add(line);
                // One redraw for all lines that arrive together.
                if (scheduled.compareAndSet(false, true)) {
                    taskExecutor.ui().execute(() -> {
                        scheduled.set(false);
                        for (String next = fresh.poll(); next != null; next = fresh.poll()) {
                            all.add(next);
                        }
                        if (now == run && following.isPresent()) {
                            int from = Math.max(0, all.size() - MAX_LINES);
                            lines.set(Optional.of(new CliClient.Lines(all.subList(from, all.size()), "")));
                        }
                    });
                }
            }));
            follows.set(true);
        });
    }

    void stopFollowing() {
        following.ifPresent(CliClient.Following::close);
        following = Optional.empty();
        follows.set(false);
    }

    private List<String> arguments(ToolRow row, boolean since) {
        List<String> arguments =
                new ArrayList<>(List.of("service", "logs", row.id(), "-n", String.valueOf(span.lines)));
        if (since && span == Span.SINCE_START) {
            startedAt.get().ifPresent(start -> arguments.addAll(List.of("--since", humanFormat.exact(start))));
        }
        return arguments;
    }
}
