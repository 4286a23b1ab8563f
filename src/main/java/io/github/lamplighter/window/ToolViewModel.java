package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of a tool's page: report, service, log and history.
final class ToolViewModel {

    /// The result of a command, shown above the tabs until the next one.
    record Banner(ToolRow.Mark mark, String title, String detail) {}

    enum LogSpan {
        LAST_100("Last 100 lines", 100),
        LAST_300("Last 300 lines", 300),
        LAST_1000("Last 1000 lines", 1000),
        SINCE_START("Since it started", 1000);

        private final String title;
        private final int lines;

        LogSpan(String title, int lines) {
            this.title = title;
            this.lines = lines;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /// The number of lines kept of a log that is followed.
    private static final int MAX_LOG_LINES = 2000;

    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Runnable checked;

    private final ReadOnlyObjectWrapper<Optional<ToolRow>> tool = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<ServiceDetails>> service =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Banner>> banner = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Question>> question = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<CliClient.Lines>> log = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<UpgradeViewModel>> upgrade =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper checking = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyBooleanWrapper historyRead = new ReadOnlyBooleanWrapper(false);
    private final ObservableList<UpgradeRecord> history = FXCollections.observableArrayList();

    private LogSpan span = LogSpan.LAST_300;
    private Optional<CliClient.Following> following = Optional.empty();
    private int follows;
    private final ReadOnlyBooleanWrapper followsLog = new ReadOnlyBooleanWrapper(false);

    /// @param checked called after a check from this page
    ToolViewModel(WindowServices windowServices, Runnable checked) {
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.checked = checked;
    }

    ReadOnlyObjectProperty<Optional<ToolRow>> toolProperty() {
        return tool.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<ServiceDetails>> serviceProperty() {
        return service.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<Banner>> bannerProperty() {
        return banner.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<CliClient.Lines>> logProperty() {
        return log.getReadOnlyProperty();
    }

    /// The upgrade of this tool that is in progress, or whose result was not shown yet.
    ReadOnlyObjectProperty<Optional<UpgradeViewModel>> upgradeProperty() {
        return upgrade.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty followsLogProperty() {
        return followsLog.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty historyReadProperty() {
        return historyRead.getReadOnlyProperty();
    }

    ObservableList<UpgradeRecord> history() {
        return history;
    }

    /// The line under the name: the worst finding, and since when. An update has a line of its own.
    String sentence() {
        return tool.get()
                .map(ToolRow::withoutUpdate)
                .map(row -> row.problem()
                        .flatMap(ToolDetails.Finding::since)
                        .map(since -> row.headline() + ", " + humanFormat.since(since, clock.instant()))
                        .orElse(row.headline()))
                .orElse("");
    }

    String checkedSentence() {
        if (checking.get()) {
            return "Checking…";
        }
        return tool.get()
                .flatMap(ToolRow::report)
                .map(report -> "Checked " + humanFormat.at(report.checkedAt(), clock.instant()) + " · "
                        + HumanFormat.count(report.findings().size(), "check", "checks"))
                .orElse("Not checked yet");
    }

    String updateSentence() {
        return tool.get()
                .flatMap(ToolRow::update)
                .map(update -> update.to() + " is available"
                        + update.publishedAt()
                                .map(at -> " · published " + humanFormat.ago(at, clock.instant()))
                                .orElse("")
                        + update.checkedAt()
                                .map(at -> " · as of " + humanFormat.ago(at, clock.instant()))
                                .orElse(""))
                .orElse("");
    }

    // Commands

    /// Shows another tool, or the same one with a newer report.
    void show(ToolRow row) {
        boolean another =
                tool.get().filter(shown -> shown.id().equals(row.id())).isEmpty();
        if (another) {
            stopFollowing();
            banner.set(Optional.empty());
            service.set(Optional.empty());
            log.set(Optional.empty());
            historyRead.set(false);
            history.clear();
        }
        tool.set(Optional.of(row));
        if (another && row.managed()) {
            loadService();
        }
    }

    void showUpgrade(Optional<UpgradeViewModel> model) {
        upgrade.set(model);
    }

    void skipped(String version) {
        show(
                ToolRow.Mark.INFO,
                version + " is skipped until there is a newer one",
                "To stop skipping it, open Health > Version and use its menu.");
    }

    void check() {
        tool.get().filter(_ -> !checking.get()).ifPresent(row -> {
            checking.set(true);
            taskExecutor.run(() -> cliClient.run(List.of("doctor", row.id())), envelope -> {
                checking.set(false);
                if (envelope.tools().isEmpty() || !envelope.errors().isEmpty()) {
                    ifShown(
                            row,
                            () -> show(
                                    ToolRow.Mark.WARNING,
                                    "%s could not be checked".formatted(row.name()),
                                    envelope.reason().orElse("")));
                }
                checked.run();
            });
        });
    }

    /// A confirmation that a command requires before it does anything.
    ///
    /// @param action the same command with `--yes`
    record Question(Action action, String text) {}

    ReadOnlyObjectProperty<Optional<Question>> questionProperty() {
        return question.getReadOnlyProperty();
    }

    /// Runs a command that the user has confirmed, shows its result, and checks the tool again.
    void run(Action action) {
        if (busy.get()) {
            return;
        }
        tool.get().ifPresent(row -> {
            busy.set(true);
            banner.set(Optional.empty());
            question.set(Optional.empty());
            taskExecutor.run(() -> cliClient.run(action.confirmed()), envelope -> {
                busy.set(false);
                if (envelope.consent().isPresent()) {
                    // Nothing was changed, so there is nothing to check.
                    ifShown(
                            row,
                            () -> question.set(Optional.of(new Question(
                                    action.withYes(), envelope.consent().get()))));
                    return;
                }
                ifShown(row, () -> {
                    report(action, envelope);
                    loadService();
                });
                check();
            });
        });
    }

    void loadService() {
        tool.get()
                .ifPresent(row -> taskExecutor.run(
                        () -> ServiceDetails.of(cliClient.run(List.of("service", "status", row.id()))),
                        details -> ifShown(row, () -> service.set(Optional.of(details)))));
    }

    /// Reads the log, and stops following it.
    void loadLog() {
        stopFollowing();
        tool.get()
                .ifPresent(row -> taskExecutor.run(
                        () -> cliClient.lines(logArguments(row, true)),
                        lines -> ifShown(row, () -> {
                            if (following.isEmpty()) {
                                log.set(Optional.of(lines));
                            }
                        })));
    }

    void show(LogSpan wanted) {
        span = wanted;
        if (following.isPresent()) {
            followLog();
        } else {
            loadLog();
        }
    }

    /// Shows new log lines until it is stopped, or until another tool is shown.
    void followLog() {
        stopFollowing();
        tool.get().ifPresent(row -> {
            Queue<String> fresh = new ConcurrentLinkedQueue<>();
            AtomicBoolean scheduled = new AtomicBoolean();
            List<String> all = new ArrayList<>();
            List<String> arguments = new ArrayList<>(logArguments(row, false));
            arguments.add("-f");
            int run = ++follows;
            following = Optional.of(cliClient.follow(arguments, line -> {
                fresh.add(line);
                // One redraw for all lines that arrive together.
                if (scheduled.compareAndSet(false, true)) {
                    taskExecutor.ui().execute(() -> {
                        scheduled.set(false);
                        for (String next = fresh.poll(); next != null; next = fresh.poll()) {
                            all.add(next);
                        }
                        if (run == follows && following.isPresent()) {
                            int from = Math.max(0, all.size() - MAX_LOG_LINES);
                            log.set(Optional.of(new CliClient.Lines(all.subList(from, all.size()), "")));
                        }
                    });
                }
            }));
            followsLog.set(true);
        });
    }

    void stopFollowing() {
        following.ifPresent(CliClient.Following::close);
        following = Optional.empty();
        followsLog.set(false);
    }

    private List<String> logArguments(ToolRow row, boolean since) {
        List<String> arguments =
                new ArrayList<>(List.of("service", "logs", row.id(), "-n", String.valueOf(span.lines)));
        if (since && span == LogSpan.SINCE_START) {
            service.get()
                    .flatMap(ServiceDetails::since)
                    .ifPresent(start -> arguments.addAll(List.of("--since", humanFormat.exact(start))));
        }
        return arguments;
    }

    void loadHistory() {
        tool.get()
                .ifPresent(row -> taskExecutor.run(() -> cliClient.run(List.of("history", row.id())), envelope -> {
                    ifShown(row, () -> {
                        List<UpgradeRecord> past =
                                envelope.tools().stream().map(UpgradeRecord::of).toList();
                        history.setAll(past);
                        historyRead.set(true);
                    });
                }));
    }

    private void report(Action action, Envelope envelope) {
        if (envelope.succeeded()) {
            show(ToolRow.Mark.OK, action.text() + ": done", envelope.reason().orElse(""));
        } else {
            show(
                    ToolRow.Mark.WARNING,
                    action.text() + ": failed",
                    envelope.reason().orElse("No reason given"));
        }
    }

    private void show(ToolRow.Mark mark, String title, String detail) {
        banner.set(Optional.of(new Banner(mark, title, detail)));
    }

    private void ifShown(ToolRow row, Runnable then) {
        if (tool.get().filter(shown -> shown.id().equals(row.id())).isPresent()) {
            then.run();
        }
    }
}
