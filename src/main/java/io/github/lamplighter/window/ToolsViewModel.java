package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.status.ToolStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the sidebar and of the overview.
final class ToolsViewModel {

    enum State {
        LOADING,
        READY,
        EMPTY,
        UNREADABLE
    }

    private final CliClient cliClient;
    private final ReportReader reports;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Supplier<Duration> trust;
    private final String version;

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.LOADING);
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("Looking for your tools…");
    private final ReadOnlyStringWrapper meta = new ReadOnlyStringWrapper("");
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObservableList<ToolRow> tools = FXCollections.observableArrayList();
    private final ObservableList<SidebarItem> items = FXCollections.observableArrayList();
    private final ObservableList<ToolRow> needingAttention = FXCollections.observableArrayList();
    private final ObservableList<ToolRow> updates = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Boolean> checking = new ReadOnlyObjectWrapper<>(false);

    ToolsViewModel(WindowServices windowServices) {
        this.cliClient = windowServices.cliClient();
        this.reports = windowServices.reports();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.trust = windowServices.trust();
        this.version = windowServices.version();
        filter.addListener(_ -> arrange());
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Boolean> checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    ReadOnlyStringProperty metaProperty() {
        return meta.getReadOnlyProperty();
    }

    StringProperty filterProperty() {
        return filter;
    }

    ObservableList<ToolRow> tools() {
        return tools;
    }

    ObservableList<SidebarItem> items() {
        return items;
    }

    ObservableList<ToolRow> needingAttention() {
        return needingAttention;
    }

    ObservableList<ToolRow> updates() {
        return updates;
    }

    Optional<ToolRow> tool(String id) {
        return tools.stream().filter(row -> row.id().equals(id)).findFirst();
    }

    // Commands

    /// Reads the list and every saved report again.
    void reload() {
        taskExecutor.run(() -> cliClient.run(List.of("list")), this::listed);
    }

    /// Reads only the saved reports again.
    void reread() {
        List<ToolRow> now = List.copyOf(tools);
        taskExecutor.run(
                () -> now.stream()
                        .map(row -> row.managed() ? row.with(reports.of(row.id()), this::status) : row)
                        .toList(),
                rows -> {
                    if (state.get() == State.READY) {
                        show(rows);
                    }
                });
    }

    /// Runs the doctor on all managed tools.
    void checkAll() {
        if (checking.get()) {
            return;
        }
        checking.set(true);
        taskExecutor.run(() -> cliClient.run(List.of("doctor")), envelope -> {
            checking.set(false);
            reread();
            if (envelope.tools().isEmpty()) {
                envelope.reason().ifPresent(meta::set);
            }
        });
    }

    private void listed(Envelope envelope) {
        if (envelope.tools().isEmpty() && !envelope.succeeded()) {
            problem.set(envelope.reason().orElse("Could not list the tools"));
            summary.set("Could not list the tools");
            state.set(State.UNREADABLE);
            arrange();
            return;
        }
        taskExecutor.run(
                () -> envelope.tools().stream()
                        .map(listed -> ToolRow.of(
                                listed,
                                JsonFields.text(listed, "id")
                                        .or(() -> JsonFields.text(listed, "name"))
                                        .flatMap(reports::of),
                                this::status))
                        .toList(),
                this::show);
    }

    private void show(List<ToolRow> rows) {
        needingAttention.setAll(rows.stream()
                .filter(row -> row.section() == ToolRow.Section.NEEDS_ATTENTION)
                .toList());
        updates.setAll(rows.stream()
                .filter(row -> row.managed() && row.update().isPresent())
                .toList());
        // Last: the listeners of the tools read everything else.
        tools.setAll(rows);
        describe(rows);
        arrange();
        state.set(rows.isEmpty() ? State.EMPTY : State.READY);
    }

    private void describe(List<ToolRow> rows) {
        long managed = rows.stream().filter(ToolRow::managed).count();
        long unchecked = in(ToolRow.Section.UNKNOWN).size();
        if (rows.isEmpty()) {
            summary.set("No tools found");
        } else if (managed == 0) {
            summary.set("%s found".formatted(HumanFormat.count(rows.size(), "tool", "tools")));
        } else if (!needingAttention.isEmpty()) {
            summary.set("%d of %s %s attention"
                    .formatted(
                            needingAttention.size(),
                            HumanFormat.count(managed, "tool", "tools"),
                            needingAttention.size() == 1 ? "needs" : "need"));
        } else if (unchecked == 0) {
            summary.set("No problems found");
        } else {
            summary.set(
                    "%d of %s could not be checked".formatted(unchecked, HumanFormat.count(managed, "tool", "tools")));
        }
        List<String> parts = new ArrayList<>();
        Optional<Instant> oldest = rows.stream()
                .flatMap(row -> row.report().map(ToolDetails::checkedAt).stream())
                .min(Comparator.naturalOrder());
        oldest.ifPresent(instant -> parts.add("Checked " + humanFormat.ago(instant, clock.instant())));
        long ignored = rows.stream()
                .flatMap(row -> row.report().stream())
                .mapToLong(ToolDetails::ignored)
                .sum();
        if (ignored > 0) {
            parts.add(ignored + " ignored");
        }
        String text = managed == 0 && !rows.isEmpty() ? "Nothing was changed." : String.join(" · ", parts);
        meta.set(upgraded(rows)
                .map(to -> "Lamplighter %s is installed. Reopen this window to use it. · %s".formatted(to, text))
                .orElse(text));
    }

    /// The version of Lamplighter that was installed while this window was open.
    private Optional<String> upgraded(List<ToolRow> rows) {
        return rows.stream()
                .filter(row -> row.id().equals("lamplighter"))
                .map(ToolRow::version)
                .filter(installed -> !installed.isEmpty() && !installed.equals(version))
                .findFirst();
    }

    private void arrange() {
        String wanted = filter.get().strip().toLowerCase(Locale.ROOT);
        List<SidebarItem> arranged = new ArrayList<>();
        if (wanted.isEmpty()) {
            arranged.add(new SidebarItem.Overview());
        }
        for (ToolRow.Section section : ToolRow.Section.values()) {
            List<ToolRow> rows = in(section).stream()
                    .filter(row -> row.name().toLowerCase(Locale.ROOT).contains(wanted))
                    .toList();
            if (!rows.isEmpty()) {
                arranged.add(new SidebarItem.Heading(section, rows.size()));
                rows.forEach(row -> arranged.add(new SidebarItem.Tool(row)));
            }
        }
        if (!items.equals(arranged)) {
            items.setAll(arranged);
        }
    }

    private List<ToolRow> in(ToolRow.Section section) {
        return tools.stream().filter(row -> row.section() == section).toList();
    }

    private ToolStatus status(Optional<ToolDetails> details) {
        return ToolStatus.of(details.map(ToolDetails::report), clock.instant(), trust.get());
    }
}
