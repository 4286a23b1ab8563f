package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.LiveFacts;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.window.WindowData.KnownTool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the sidebar and of the overview.
final class ToolsViewModel implements AutoCloseable {

    private static final Duration BURST = Duration.ofMillis(50);

    private static final Comparator<ToolRow> WORST_FIRST =
            Comparator.comparing((ToolRow row) -> row.status().severity().weight(), Comparator.reverseOrder());

    enum State {
        LOADING,
        READY,
        /// Tools were found, and none of them is managed.
        NONE_MANAGED,
        EMPTY
    }

    private final CliClient cliClient;
    private final WindowData data;
    private final AppDirectories directories;
    private final TaskExecutor taskExecutor;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Supplier<Duration> trust;
    private final String version;

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.LOADING);
    private final ReadOnlyObjectWrapper<Optional<ToolRow>> itself = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("Looking for your tools…");
    private final ReadOnlyStringWrapper meta = new ReadOnlyStringWrapper("");
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObservableList<ToolRow> tools = FXCollections.observableArrayList();
    private final ObservableList<SidebarItem> items = FXCollections.observableArrayList();
    private final ObservableList<ToolRow> needingAttention = FXCollections.observableArrayList();
    private final ObservableList<ToolRow> updates = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Map<String, StateDays>> days = new ReadOnlyObjectWrapper<>(Map.of());
    private boolean held;
    private List<Tool> watched = List.of();
    private final AtomicReference<AutoCloseable> services = new AtomicReference<>(() -> {});
    private final AtomicBoolean changing = new AtomicBoolean();
    private int reads;
    /// Whether the list itself must be read, too: tools were added or removed.
    private boolean listIsOld;
    private final ReadOnlyObjectWrapper<Boolean> checking = new ReadOnlyObjectWrapper<>(false);

    ToolsViewModel(WindowServices windowServices) {
        this.cliClient = windowServices.cliClient();
        this.data = windowServices.data();
        this.directories = windowServices.directories();
        this.taskExecutor = windowServices.taskExecutor();
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.trust = windowServices.trust();
        this.version = windowServices.version();
        filter.addListener(_ -> {
            // What the user searches for is found, wherever the pointer is.
            boolean before = held;
            held = false;
            arrange();
            held = before;
        });
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Boolean> checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    /// Lamplighter itself, which is in no list and no count.
    ReadOnlyObjectProperty<Optional<ToolRow>> itselfProperty() {
        return itself.getReadOnlyProperty();
    }

    /// A sentence about this window itself; empty if there is nothing to say.
    ReadOnlyStringProperty noticeProperty() {
        return notice.getReadOnlyProperty();
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

    /// The tools with a new version on probation, and a kept version to go back to.
    List<ToolRow> onProbation() {
        Instant now = clock.instant();
        return tools.stream()
                .filter(row -> row.status().state() != ToolStatus.State.WORKING)
                .filter(row -> row.probation(now).isPresent() && row.rollback().isPresent())
                .toList();
    }

    /// `Upgraded from 1.0.0 to 1.1.0 at 14:02`.
    String upgradedSentence(ToolRow row) {
        return row.upgraded()
                .map(last -> humanFormat.upgraded(last, clock.instant()))
                .orElse("");
    }

    ObservableList<ToolRow> updates() {
        return updates;
    }

    /// The last days of the managed tools, by id.
    ReadOnlyObjectProperty<Map<String, StateDays>> daysProperty() {
        return days.getReadOnlyProperty();
    }

    /// A tool of the user's, or Lamplighter itself.
    Optional<ToolRow> tool(String id) {
        return Stream.concat(tools.stream(), itself.get().stream())
                .filter(row -> row.id().equals(id))
                .findFirst();
    }

    // Commands

    /// Reads the list and every saved report again.
    void reload() {
        listIsOld = true;
        read(data::tools);
    }

    /// Reads only the saved reports and the states of the services again, unless the list is being read.
    void reread() {
        if (listIsOld) {
            reload();
            return;
        }
        List<Tool> known = Stream.concat(itself.get().stream(), tools.stream())
                .map(ToolRow::tool)
                .toList();
        if (!known.isEmpty()) {
            read(() -> known);
        }
    }

    /// Of two that overlap, the one that started last counts.
    private void read(Callable<List<Tool>> wanted) {
        int number = ++reads;
        taskExecutor.run(() -> data.known(wanted.call()).stream().map(this::row).toList(), rows -> {
            if (number == reads) {
                listIsOld = false;
                show(rows);
            }
        });
    }

    private ToolRow row(KnownTool known) {
        Optional<Report> last =
                known.isUpgrading() ? known.report() : known.report().map(Report::afterUpgrade);
        ToolStatus status = known.tool()
                .entry()
                .flatMap(entry -> entry instanceof ManifestEntry.Broken broken
                        ? Optional.of(ToolStatus.of(broken))
                        : Optional.empty())
                .orElseGet(
                        () -> ToolStatus.of(last, known.service(), known.isUpgrading(), clock.instant(), trust.get()));
        Optional<ServiceState> service = known.service().map(LiveService::state);
        boolean isTrusted = status.freshness() == ToolStatus.Freshness.FRESH;
        Optional<ToolDetails> report = last.map(
                found -> ToolDetails.of(found, LiveFacts.of(last, service, isTrusted, clock.instant()), directories));
        return new ToolRow(known.tool(), report, service, status, known.upgraded());
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

    private void show(List<ToolRow> all) {
        itself.set(all.stream().filter(ToolRow::isLamplighter).findFirst());
        List<ToolRow> rows = all.stream().filter(row -> !row.isLamplighter()).toList();
        needingAttention.setAll(rows.stream()
                .filter(row -> row.section() == ToolRow.Section.NEEDS_ATTENTION)
                .sorted(WORST_FIRST)
                .toList());
        updates.setAll(rows.stream()
                .filter(row -> row.managed() && row.update().isPresent())
                .toList());
        state.set(
                rows.isEmpty()
                        ? State.EMPTY
                        : rows.stream().noneMatch(ToolRow::managed) ? State.NONE_MANAGED : State.READY);
        describe(rows);
        // Last: the listeners of the tools read everything else.
        tools.setAll(rows);
        arrange();
        watch(rows);
        readDays(rows);
    }

    /// After the rows: nothing waits for the files of many tools.
    private void readDays(List<ToolRow> rows) {
        List<String> managed =
                rows.stream().filter(ToolRow::managed).map(ToolRow::id).toList();
        int number = reads;
        taskExecutor.run(() -> data.days(managed), found -> {
            if (number == reads) {
                days.set(found);
            }
        });
    }

    /// Reads the states again whenever one of the services changes.
    private void watch(List<ToolRow> rows) {
        List<Tool> managed =
                rows.stream().filter(ToolRow::managed).map(ToolRow::tool).toList();
        if (managed.equals(watched)) {
            return;
        }
        watched = managed;
        taskExecutor.run(
                () -> {
                    AutoCloseable old = services.getAndSet(() -> {});
                    old.close();
                    return data.watchServices(managed, this::serviceChanged);
                },
                services::set);
    }

    /// A restart is several changes, which are read together.
    private void serviceChanged() {
        if (changing.compareAndSet(false, true)) {
            taskExecutor.run(
                    () -> {
                        Thread.sleep(BURST);
                        changing.set(false);
                        return true;
                    },
                    _ -> reread());
        }
    }

    /// Stops watching.
    @Override
    public void close() {
        try {
            services.get().close();
        } catch (Exception e) {
            // The connection ends with the process at the latest.
        }
    }

    private void describe(List<ToolRow> rows) {
        long managed = rows.stream().filter(ToolRow::managed).count();
        long unchecked = rows.stream()
                .filter(row -> row.section() == ToolRow.Section.UNKNOWN)
                .count();
        if (rows.isEmpty()) {
            summary.set("No tools found");
        } else if (managed == 0) {
            summary.set("%s found".formatted(HumanFormat.count(rows.size(), "tool", "tools")));
        } else if (!needingAttention.isEmpty()) {
            summary.set("%s %s attention"
                    .formatted(
                            ofAll(rows, needingAttention.size(), managed),
                            needingAttention.size() == 1 ? "needs" : "need"));
        } else if (unchecked == 0) {
            summary.set("No problems found");
        } else {
            summary.set(ofAll(rows, unchecked, managed) + " could not be checked");
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
        meta.set(managed == 0 && !rows.isEmpty() ? "Nothing was changed." : String.join(" · ", parts));
        notice.set(upgraded()
                .map("Lamplighter %s is installed. Reopen this window to use it."::formatted)
                .orElse(""));
    }

    /// `alpha`, if it is the only tool, else `2 of 3 tools`.
    private static String ofAll(List<ToolRow> rows, long count, long managed) {
        return managed == 1
                ? rows.stream()
                        .filter(ToolRow::managed)
                        .map(ToolRow::name)
                        .findFirst()
                        .orElse("")
                : "%d of %d tools".formatted(count, managed);
    }

    /// The version of Lamplighter that was installed while this window was open.
    private Optional<String> upgraded() {
        return itself.get()
                .map(ToolRow::version)
                .filter(installed -> !installed.isEmpty() && !installed.equals(version));
    }

    /// Lets the lines of the list keep their place while the user reads or points at them. What they say is
    /// updated in place.
    void holdOrder(boolean hold) {
        held = hold;
        if (!hold) {
            arrange();
        }
    }

    private void arrange() {
        List<SidebarItem> inOrder = inOrder();
        // A tool that has no line yet does not wait for the pointer to leave the list.
        boolean isHeld = held && !items.isEmpty() && ids(items).containsAll(ids(inOrder));
        List<SidebarItem> arranged = isHeld ? inPlace() : inOrder;
        if (arranged.size() != items.size()) {
            items.setAll(arranged);
            return;
        }
        for (int at = 0; at < arranged.size(); at++) {
            if (!items.get(at).equals(arranged.get(at))) {
                items.set(at, arranged.get(at));
            }
        }
    }

    private static Set<String> ids(List<SidebarItem> lines) {
        return lines.stream()
                .flatMap(item -> item instanceof SidebarItem.Tool(ToolRow row) ? Stream.of(row.id()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /// The lines as they are, without the tools that are gone.
    private List<SidebarItem> inPlace() {
        return items.stream()
                .flatMap(item -> item instanceof SidebarItem.Tool(ToolRow row)
                        ? tool(row.id()).map(now -> (SidebarItem) new SidebarItem.Tool(now)).stream()
                        : Stream.of(item))
                .toList();
    }

    private List<SidebarItem> inOrder() {
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
        return arranged;
    }

    private List<ToolRow> in(ToolRow.Section section) {
        Stream<ToolRow> rows = tools.stream().filter(row -> row.section() == section);
        return (section == ToolRow.Section.NEEDS_ATTENTION ? rows.sorted(WORST_FIRST) : rows).toList();
    }
}
