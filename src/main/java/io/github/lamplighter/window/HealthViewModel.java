package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.doctor.DiagnoseTool;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The view model of the tab Health: the findings of the last report, and the check that replaces them.
final class HealthViewModel {

    private final ShownTool shown;
    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Runnable checked;
    private final Consumer<PageBanner> banner;
    private final ReadOnlyObjectWrapper<Optional<Explanation>> explained =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper checking = new ReadOnlyBooleanWrapper(false);

    /// @param checked called after a check
    /// @param banner shows why a check failed
    HealthViewModel(WindowServices windowServices, ShownTool shown, Runnable checked, Consumer<PageBanner> banner) {
        this.shown = shown;
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.checked = checked;
        this.banner = banner;
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

    void explain(ToolDetails.Finding finding) {
        explained.set(Optional.of(new Explanation(
                finding.title(), DiagnoseTool.explanation(finding.id()).orElse("No explanation of this check yet"))));
        explained.set(Optional.empty());
    }

    LocalDate today() {
        return humanFormat.day(clock.instant());
    }

    /// The version up to which a finding of this version can be ignored.
    Optional<String> nextVersion() {
        return shown.row().flatMap(ToolRow::update).map(ToolDetails.Update::to);
    }

    String checkedSentence() {
        if (checking.get()) {
            return "Checking…";
        }
        return shown.row()
                .flatMap(ToolRow::report)
                .map(report -> "Checked " + humanFormat.at(report.checkedAt(), clock.instant()) + " · "
                        + HumanFormat.count(report.findings().size(), "check", "checks"))
                .orElse("Not checked yet");
    }

    void check() {
        shown.row().filter(_ -> !checking.get()).ifPresent(row -> {
            checking.set(true);
            taskExecutor.run(() -> cliClient.run(List.of("doctor", row.id())), envelope -> {
                checking.set(false);
                if (envelope.tools().isEmpty() || !envelope.errors().isEmpty()) {
                    shown.ifShown(
                            row,
                            () -> banner.accept(new PageBanner(
                                    ToolRow.Mark.WARNING,
                                    "%s could not be checked".formatted(row.name()),
                                    envelope.reason().orElse(""))));
                }
                checked.run();
            });
        });
    }
}
