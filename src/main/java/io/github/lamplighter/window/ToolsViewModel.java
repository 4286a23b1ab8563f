package io.github.lamplighter.window;

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

/// The tools and what is so about them: the list at the left and the overview.
final class ToolsViewModel {

    /// What the list has to show.
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

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.LOADING);
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("Looking for your tools");
    private final ReadOnlyStringWrapper meta = new ReadOnlyStringWrapper("");
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObservableList<ToolRow> tools = FXCollections.observableArrayList();
    private final ObservableList<SidebarItem> items = FXCollections.observableArrayList();
    private final ObservableList<ToolRow> needYou = FXCollections.observableArrayList();
    private final ObservableList<ToolRow> updates = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Boolean> checking = new ReadOnlyObjectWrapper<>(false);

    ToolsViewModel(WindowServices windowServices) {
        this.cliClient = windowServices.cliClient();
        this.reports = windowServices.reports();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.trust = windowServices.trust();
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

    ObservableList<ToolRow> needYou() {
        return needYou;
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

    /// Reads only the saved reports again: what a changed file asks for.
    void reread() {
        List<ToolRow> now = List.copyOf(tools);
        taskExecutor.run(
                () -> now.stream()
                        .map(row -> row.lookedAfter() ? row.with(reports.of(row.id()), this::aged) : row)
                        .toList(),
                rows -> {
                    if (state.get() == State.READY) {
                        show(rows);
                    }
                });
    }

    /// Runs the doctor on all that is looked after.
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
            problem.set(envelope.reason().orElse("The list could not be read"));
            summary.set("The list could not be read");
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
                                this::aged,
                                envelope.errors()))
                        .toList(),
                this::show);
    }

    private void show(List<ToolRow> rows) {
        needYou.setAll(rows.stream()
                .filter(row -> row.section() == ToolRow.Section.NEED_YOU)
                .toList());
        updates.setAll(rows.stream()
                .filter(row -> row.lookedAfter() && row.update().isPresent())
                .toList());
        // Last: who listens to the tools reads everything else.
        tools.setAll(rows);
        describe(rows);
        arrange();
        state.set(rows.isEmpty() ? State.EMPTY : State.READY);
    }

    private void describe(List<ToolRow> rows) {
        long cared = rows.stream().filter(ToolRow::lookedAfter).count();
        long unchecked = in(ToolRow.Section.UNKNOWN).size();
        if (rows.isEmpty()) {
            summary.set("No tools found yet");
        } else if (cared == 0) {
            summary.set("%s found".formatted(HumanFormat.count(rows.size(), "tool", "tools")));
        } else if (!needYou.isEmpty()) {
            summary.set("%d of %s %s you"
                    .formatted(
                            needYou.size(),
                            HumanFormat.count(cared, "tool", "tools"),
                            needYou.size() == 1 ? "needs" : "need"));
        } else if (unchecked == 0) {
            summary.set(cared == 1 ? "Your tool is well" : "All %d are well".formatted(cared));
        } else {
            summary.set("%d of %s could not be checked yet"
                    .formatted(unchecked, HumanFormat.count(cared, "tool", "tools")));
        }
        List<String> parts = new ArrayList<>();
        Optional<Instant> oldest = rows.stream()
                .flatMap(row -> row.report().flatMap(ToolDetails::checkedAt).stream())
                .min(Comparator.naturalOrder());
        oldest.ifPresent(instant -> parts.add("Checked " + humanFormat.ago(instant, clock.instant())));
        long setAside = rows.stream()
                .flatMap(row -> row.report().stream())
                .mapToLong(ToolDetails::setAside)
                .sum();
        if (setAside > 0) {
            parts.add(HumanFormat.count(setAside, "finding", "findings") + " set aside");
        }
        meta.set(cared == 0 && !rows.isEmpty() ? "Nothing was changed." : String.join(" · ", parts));
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

    /// What is said instead of a report that is too old to be believed.
    private Optional<String> aged(ToolDetails report) {
        Instant now = clock.instant();
        return report.checkedAt()
                .filter(at -> at.plus(trust.get()).isBefore(now))
                .map(at -> (report.problem().isPresent() ? "Last seen with a problem " : "Last seen well ")
                        + humanFormat.ago(at, now));
    }
}
