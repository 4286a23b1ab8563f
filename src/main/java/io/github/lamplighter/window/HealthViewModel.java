package io.github.lamplighter.window;

import io.github.lamplighter.doctor.DiagnoseTool;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The view model of the tab Health: the findings of the last report, and the check that replaces them.
final class HealthViewModel {

    private final ShownTool shown;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Runnable checked;
    private final Consumer<PageBanner> banner;
    private final ReadOnlyObjectWrapper<Optional<Explanation>> explained =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper checking = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyIntegerWrapper answered = new ReadOnlyIntegerWrapper(0);
    private CheckProgress progress;
    private volatile Optional<Thread> worker = Optional.empty();

    /// @param checked called after a check
    /// @param banner shows why a check failed
    HealthViewModel(WindowServices windowServices, ShownTool shown, Runnable checked, Consumer<PageBanner> banner) {
        this.shown = shown;
        this.data = windowServices.data();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.checked = checked;
        this.banner = banner;
        this.progress = new CheckProgress(clock);
    }

    ShownTool shown() {
        return shown;
    }

    ReadOnlyBooleanProperty checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    /// What a finding means.
    record Explanation(String title, String text) {}

    ReadOnlyObjectProperty<Optional<Explanation>> explainedProperty() {
        return explained.getReadOnlyProperty();
    }

    /// What the check of a finding means, as `explain` prints it.
    static String explanation(ToolDetails.Finding finding) {
        return DiagnoseTool.explanation(finding.id()).orElse("No explanation of this check yet");
    }

    void explain(ToolDetails.Finding finding) {
        explained.set(Optional.of(new Explanation(finding.title(), explanation(finding))));
        explained.set(Optional.empty());
    }

    LocalDate today() {
        return humanFormat.day(clock.instant());
    }

    /// When and how much was checked, or how far the check is.
    String checkedSentence() {
        if (checking.get()) {
            return progress.sentence(clock.instant());
        }
        return shown.row()
                .flatMap(row -> row.report()
                        .map(report -> "Checked %s · %s"
                                .formatted(
                                        humanFormat.at(report.checkedAt(), clock.instant()),
                                        row.hasChangedSinceReport()
                                                ? "its service has changed since"
                                                : HumanFormat.count(
                                                        report.findings().size(), "check", "checks"))))
                .orElse("Not checked yet");
    }

    /// Whether what a finding says is being checked again.
    boolean isWaiting(ToolDetails.Finding finding) {
        return checking.get() && progress.isWaiting(finding.id());
    }

    /// Changes with every answer.
    ReadOnlyIntegerProperty answeredProperty() {
        return answered.getReadOnlyProperty();
    }

    void check() {
        shown.row().filter(_ -> !checking.get()).ifPresent(row -> {
            CheckProgress now = new CheckProgress(clock);
            progress = now;
            answered.set(0);
            checking.set(true);
            taskExecutor.run(
                    () -> {
                        worker = Optional.of(Thread.currentThread());
                        try {
                            return data.check(
                                    row.id(),
                                    now.reporting(() -> taskExecutor.ui().execute(this::count)));
                        } finally {
                            worker = Optional.empty();
                            boolean _ = Thread.interrupted();
                        }
                    },
                    problem -> {
                        checking.set(false);
                        problem.filter(_ -> !now.isStopped())
                                .ifPresent(why -> shown.ifShown(
                                        row,
                                        () -> banner.accept(new PageBanner(
                                                ToolRow.Mark.WARNING,
                                                "%s could not be checked".formatted(row.name()),
                                                why))));
                        checked.run();
                    });
        });
    }

    private void count() {
        answered.set(answered.get() + 1);
    }

    /// Stops the check; what was known stays.
    ///
    /// @return whether there was one
    boolean stop() {
        if (!checking.get()) {
            return false;
        }
        progress.stop();
        worker.ifPresent(Thread::interrupt);
        return true;
    }
}
