package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.service.ResourceUsage;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/// The view model of a tool's page: its header, the commands of the page, and the view models of its tabs.
final class ToolViewModel {

    private final CliClient cliClient;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final ShownTool shown = new ShownTool();
    private final HealthViewModel health;
    private final ServiceViewModel service;
    private final LogViewModel log;
    private final HistoryViewModel history;

    private final ReadOnlyStringWrapper usage = new ReadOnlyStringWrapper("");
    private Optional<ResourceUsage> measured = Optional.empty();
    private final ReadOnlyObjectWrapper<Optional<PageBanner>> banner = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Question>> question = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<UpgradeViewModel>> upgrade =
            new ReadOnlyObjectWrapper<>(Optional.empty());

    /// @param checked called after a check from this page
    ToolViewModel(WindowServices windowServices, Runnable checked) {
        this.cliClient = windowServices.cliClient();
        this.data = windowServices.data();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.health = new HealthViewModel(windowServices, shown, checked, this::show);
        this.service = new ServiceViewModel(windowServices, shown, this::run);
        this.log =
                new LogViewModel(windowServices, shown, () -> service.details().flatMap(ServiceDetails::since));
        this.history = new HistoryViewModel(windowServices, shown);
    }

    HealthViewModel health() {
        return health;
    }

    ServiceViewModel service() {
        return service;
    }

    LogViewModel log() {
        return log;
    }

    HistoryViewModel history() {
        return history;
    }

    ReadOnlyObjectProperty<Optional<ToolRow>> toolProperty() {
        return shown.rowProperty();
    }

    ReadOnlyObjectProperty<Optional<PageBanner>> bannerProperty() {
        return banner.getReadOnlyProperty();
    }

    void dismissBanner() {
        banner.set(Optional.empty());
    }

    /// The upgrade of this tool that is in progress, or whose result was not shown yet.
    ReadOnlyObjectProperty<Optional<UpgradeViewModel>> upgradeProperty() {
        return upgrade.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return shown.busyProperty();
    }

    /// The line under the name: the worst finding, and since when. An update has a line of its own.
    String sentence() {
        return shown.row()
                .map(ToolRow::withoutUpdate)
                .map(row -> row.since()
                        .map(since -> row.headline() + ", " + humanFormat.since(since, clock.instant()))
                        .orElse(row.headline()))
                .orElse("");
    }

    String updateSentence() {
        return shown.row()
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

    /// `2.0.0 was tried at 15:06 and rolled back`.
    String triedSentence() {
        return history.tried()
                .map(past -> "%s was tried %sand rolled back"
                        .formatted(
                                past.to().orElse("A newer version"),
                                past.startedAt()
                                        .map(at -> "%s ".formatted(humanFormat.when(at, clock.instant())))
                                        .orElse("")))
                .orElse("");
    }

    /// Since when the present version is installed, as long as it counts as new.
    String probationSentence() {
        return shown.row()
                .flatMap(row -> row.probation(clock.instant()))
                .map(last -> humanFormat.upgraded(last, clock.instant()))
                .orElse("");
    }

    /// Memory and processor time of the service; empty while they are not known.
    ReadOnlyStringProperty usageProperty() {
        return usage.getReadOnlyProperty();
    }

    // Commands

    /// Measures what the service uses, while its page is shown.
    void measure() {
        shown.row()
                .filter(ToolRow::managed)
                .ifPresent(row ->
                        taskExecutor.run(() -> data.usage(row.id()), now -> shown.ifShown(row, () -> showUsage(now))));
    }

    private void showUsage(Optional<ResourceUsage> now) {
        usage.set(now.map(found -> HumanFormat.bytes(found.memory())
                        + measured.filter(earlier -> found.cpu().compareTo(earlier.cpu()) >= 0)
                                .map(earlier -> " · %.1f %% CPU".formatted(found.percentSince(earlier)))
                                .orElse(""))
                .orElse(""));
        measured = now;
    }

    /// Opens the last report in the browser, as a page with headings for screen readers.
    void readAsText() {
        shown.with(row -> taskExecutor.run(
                () -> cliClient.lines(List.of("report", row.id(), "--open")),
                said -> shown.ifShown(row, () -> {
                    if (!said.problem().isEmpty()) {
                        show(new PageBanner(ToolRow.Mark.WARNING, "Read as text: failed", said.problem()));
                    }
                })));
    }

    /// Shows another tool, or the same one with a newer report.
    void show(ToolRow row) {
        boolean another = !shown.isShown(row.id());
        if (another) {
            dismissBanner();
            measured = Optional.empty();
            usage.set("");
            service.clear();
            log.clear();
            history.clear();
        }
        shown.show(row);
        // The same signals that read the rows again: a unit, a report or a journal has changed.
        if (row.managed() && row.broken().isEmpty()) {
            service.load();
            history.load();
        }
    }

    void showUpgrade(Optional<UpgradeViewModel> model) {
        shown.setUpgrading(model.filter(UpgradeViewModel::isRunning).isPresent());
        upgrade.set(model);
    }

    void skipped(String version) {
        show(new PageBanner(
                ToolRow.Mark.INFO,
                version + " is skipped until there is a newer one",
                "To stop skipping it, open Health > Version and use its menu."));
    }

    void check() {
        health.check();
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
        if (busyProperty().get()) {
            return;
        }
        shown.with(row -> {
            shown.setBusy(true);
            dismissBanner();
            question.set(Optional.empty());
            taskExecutor.run(() -> cliClient.run(action.confirmed()), envelope -> {
                shown.setBusy(false);
                if (envelope.consent().isPresent()) {
                    // Nothing was changed, so there is nothing to check.
                    shown.ifShown(
                            row,
                            () -> question.set(Optional.of(new Question(
                                    action.withYes(), envelope.consent().get()))));
                    return;
                }
                shown.ifShown(row, () -> {
                    if (!isReported(action)) {
                        report(action, envelope);
                    }
                    service.load();
                    history.loadKept();
                });
                check();
            });
        });
    }

    /// A rollback that was followed has a line of its own.
    private boolean isReported(Action action) {
        return action.asksItself()
                && upgrade.get()
                        .flatMap(followed -> followed.resultProperty().get())
                        .filter(UpgradeRecord::isRollback)
                        .isPresent();
    }

    private void report(Action action, Envelope envelope) {
        show(
                envelope.succeeded()
                        ? new PageBanner(
                                ToolRow.Mark.OK,
                                action.text() + ": done",
                                envelope.reason().orElse(""))
                        : new PageBanner(
                                ToolRow.Mark.WARNING,
                                action.text() + ": failed",
                                envelope.reason().orElse("No reason given")));
    }

    private void show(PageBanner shownBanner) {
        banner.set(Optional.of(shownBanner));
    }
}
