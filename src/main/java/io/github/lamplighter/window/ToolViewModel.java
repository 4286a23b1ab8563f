package io.github.lamplighter.window;

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

/// One tool: its report, its service, its log and its history.
final class ToolViewModel {

    /// What a verb came to, shown above the tabs until the next one.
    record Banner(ToolRow.Mark mark, String title, String detail) {}

    /// How much of the log is shown.
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

    /// More is not kept of a log that is followed.
    private static final int LONGEST_LOG = 2000;

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

    /// @param checked called when a check from this page has left a new report
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

    /// The upgrade of this tool that runs, or whose end nobody has seen.
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

    /// The sentence under the name: the worst that is so, and since when. What its source offers has a line of
    /// its own.
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
                .map(report -> report.checkedAt()
                                .map(at -> "Checked " + humanFormat.at(at, clock.instant()) + " · ")
                                .orElse("")
                        + HumanFormat.count(report.findings().size(), "check", "checks"))
                .orElse("Not checked yet");
    }

    String updateSentence() {
        return tool.get()
                .flatMap(ToolRow::update)
                .map(update -> update.to() + " is ready"
                        + update.publishedAt()
                                .map(at -> " · published " + humanFormat.ago(at, clock.instant()))
                                .orElse("")
                        + update.askedAt()
                                .map(at -> " · asked " + humanFormat.ago(at, clock.instant()))
                                .orElse(""))
                .orElse("");
    }

    // Commands

    /// Shows another tool, or the same one with newer news.
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
        if (another && row.lookedAfter()) {
            loadService();
        }
    }

    void showUpgrade(Optional<UpgradeViewModel> model) {
        upgrade.set(model);
    }

    void skipped(String version) {
        say(
                ToolRow.Mark.INFO,
                version + " is skipped until there is a newer one",
                "To count it again: Health, Version, the menu of its line.");
    }

    void check() {
        tool.get().filter(_ -> !checking.get()).ifPresent(row -> {
            checking.set(true);
            taskExecutor.run(() -> cliClient.run(List.of("doctor", row.id())), envelope -> {
                checking.set(false);
                if (envelope.tools().isEmpty() || !envelope.errors().isEmpty()) {
                    ifShown(
                            row,
                            () -> say(
                                    ToolRow.Mark.WARNING,
                                    "%s could not be checked".formatted(row.name()),
                                    envelope.reason().orElse("")));
                }
                checked.run();
            });
        });
    }

    /// What a verb wants to be agreed to before it does anything.
    ///
    /// @param action the same verb with consent
    record Question(Action action, String text) {}

    ReadOnlyObjectProperty<Optional<Question>> questionProperty() {
        return question.getReadOnlyProperty();
    }

    /// Runs a catalogued verb that a person has agreed to, says what came of it, and checks again.
    void run(Action action) {
        if (busy.get()) {
            return;
        }
        tool.get().ifPresent(row -> {
            busy.set(true);
            banner.set(Optional.empty());
            question.set(Optional.empty());
            taskExecutor.run(() -> cliClient.run(action.agreed()), envelope -> {
                busy.set(false);
                if (envelope.consent().isPresent()) {
                    // Nothing was done yet, so there is nothing to check.
                    ifShown(
                            row,
                            () -> question.set(Optional.of(new Question(
                                    action.agreedTo(), envelope.consent().get()))));
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

    /// Reads the log; one that is followed is no longer.
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

    /// Goes on showing what is written, until it is stopped, or another tool is shown.
    void followLog() {
        stopFollowing();
        tool.get().ifPresent(row -> {
            Queue<String> fresh = new ConcurrentLinkedQueue<>();
            AtomicBoolean asked = new AtomicBoolean();
            List<String> all = new ArrayList<>();
            List<String> arguments = new ArrayList<>(logArguments(row, false));
            arguments.add("-f");
            int run = ++follows;
            following = Optional.of(cliClient.follow(arguments, line -> {
                fresh.add(line);
                // One drawing for all the lines that come at once.
                if (asked.compareAndSet(false, true)) {
                    taskExecutor.ui().execute(() -> {
                        asked.set(false);
                        for (String next = fresh.poll(); next != null; next = fresh.poll()) {
                            all.add(next);
                        }
                        if (run == follows && following.isPresent()) {
                            int from = Math.max(0, all.size() - LONGEST_LOG);
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
        String said = action.text().replace("…", "");
        if (envelope.succeeded()) {
            say(ToolRow.Mark.OK, said + ": done", envelope.reason().orElse(""));
        } else {
            say(ToolRow.Mark.WARNING, said + ": not done", envelope.reason().orElse("It gave no reason"));
        }
    }

    private void say(ToolRow.Mark mark, String title, String detail) {
        banner.set(Optional.of(new Banner(mark, title, detail)));
    }

    private void ifShown(ToolRow row, Runnable then) {
        if (tool.get().filter(shown -> shown.id().equals(row.id())).isPresent()) {
            then.run();
        }
    }
}
