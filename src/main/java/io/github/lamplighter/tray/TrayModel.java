package io.github.lamplighter.tray;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.ServiceVerdict;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ServiceProblem;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.tray.TrayMenuItem.Action;
import io.github.lamplighter.tray.TrayMenuItem.Separator;
import io.github.lamplighter.tray.TrayMenuItem.Submenu;
import io.github.lamplighter.tray.TrayMenuItem.Text;
import io.github.lamplighter.tray.TrayMenuItem.Toggle;
import io.github.lamplighter.tray.TrayState.WatchedService;
import io.github.lamplighter.tray.TrayView.LiveProblem;
import io.github.lamplighter.tray.TrayView.ToolView;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Turns the state of the tray into what the panel shows.
final class TrayModel {

    /// How long a state that may pass by itself is kept from the icon.
    static final Duration GRACE = Duration.ofSeconds(30);

    /// A service that has been running this long is stable again.
    static final Duration SETTLED = Duration.ofSeconds(5);

    private static final int TOOLS_IN_MENU = 8;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private final ZoneId zone;

    TrayModel(ZoneId zone) {
        this.zone = zone;
    }

    TrayView view(TrayState trayState) {
        List<ToolGlance> all = trayState.glance().map(Glance::tools).orElse(List.of());
        List<ToolGlance> known = UserTools.of(all, ToolGlance::name);
        boolean stale = trayState
                .glance()
                .filter(glance -> !trayState.now().isAfter(glance.staleAfter()))
                .isEmpty();
        List<ToolView> tools =
                known.stream().map(tool -> tool(tool, trayState, stale)).toList();
        Optional<ToolGlance> lamplighter =
                all.stream().filter(tool -> !UserTools.isOne(tool.name())).findFirst();
        // It counts in no summary, but a problem of its own is not hidden.
        Optional<ToolView> ownProblem = lamplighter
                .map(tool -> tool(tool, trayState, stale))
                .filter(tool -> tool.state().needsAttention() || tool.state() == State.WORKING);
        State state = Stream.concat(tools.stream(), ownProblem.stream())
                .map(ToolView::state)
                .max(Comparator.naturalOrder())
                .orElse(stale ? State.UNKNOWN : State.OK);
        String title = title(trayState, tools, ownProblem, stale);
        List<String> details = new ArrayList<>(details(known, tools));
        ownProblem.ifPresent(own -> details.add(own(own)));
        return new TrayView(
                state, title, details, menu(trayState, known, tools, lamplighter, ownProblem, title, stale), tools);
    }

    /// When the view changes although nothing happens: a report becomes too old, a new version is no longer new, or a
    /// new day begins, since times of other days have a date.
    Instant shownUntil(TrayState trayState) {
        Instant now = trayState.now();
        Stream<Instant> stale =
                trayState.glance().stream().map(glance -> glance.staleAfter().plusSeconds(1));
        Stream<Instant> probation = trayState.glance().stream()
                .flatMap(glance -> glance.tools().stream())
                .flatMap(tool -> tool.upgraded().stream())
                .map(UpgradeHistory.Upgraded::probationEnds);
        Instant tomorrow =
                now.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
        return Stream.concat(stale, probation)
                .filter(now::isBefore)
                .min(Comparator.naturalOrder())
                .filter(tomorrow::isAfter)
                .orElse(tomorrow);
    }

    private static String own(ToolView lamplighter) {
        return "%s Lamplighter: %s".formatted(mark(lamplighter.state()), lamplighter.headline());
    }

    /// The answers of the service manager and of the probes are newer than the doctor's, and replace them.
    private ToolView tool(ToolGlance tool, TrayState trayState, boolean stale) {
        if (trayState.upgrading().contains(tool.name())) {
            return new ToolView(tool.name(), State.WORKING, "Being upgraded", Optional.empty());
        }
        Optional<WatchedService> service = tool.unit()
                .flatMap(unit -> Optional.ofNullable(trayState.services().get(unit)));
        boolean isWatched = tool.expectedRunning() && tool.unit().isPresent();
        if (isWatched) {
            if (service.isEmpty()) {
                return new ToolView(tool.name(), State.UNKNOWN, "Checking…", Optional.empty());
            }
            Optional<ToolView> live = live(tool, service.get(), trayState);
            if (live.isPresent() && !isIgnored(live.get(), tool)) {
                return live.get();
            }
        }
        if (stale) {
            return new ToolView(tool.name(), State.UNKNOWN, "Not checked recently", Optional.empty());
        }
        return new ToolView(
                tool.name(),
                tool.state(),
                headline(tool, trayState.now()),
                Optional.empty(),
                isWatched || tool.state() != State.UNKNOWN,
                tool.problemOfRun().isEmpty()
                        && service.filter(now -> changedSinceLook(tool, trayState, now.state()))
                                .isEmpty());
    }

    /// Ignored findings don't count until the doctor finds something else.
    private static boolean isIgnored(ToolView live, ToolGlance tool) {
        if (live.state() != State.FAILURE && live.state() != State.ATTENTION) {
            return false;
        }
        Set<String> checks = live.problem()
                .map(problem -> switch (problem.kind()) {
                    case STOPPED -> Set.of(CheckId.PROCESS);
                    case KEEPS_CRASHING -> Set.of(CheckId.PROCESS, CheckId.UNSTABLE);
                    case NOT_RESPONDING -> Set.of(CheckId.ANSWERING);
                })
                .orElse(Set.of(CheckId.PROCESS));
        return checks.stream().anyMatch(tool.ignoredChecks()::contains);
    }

    private Optional<ToolView> live(ToolGlance tool, WatchedService service, TrayState trayState) {
        ServiceState state = service.state();
        Instant now = trayState.now();
        Instant since = service.unstableSince().or(state::since).orElse(now);
        String exit = state.lastExit().map(LastExit::words).orElse(state.words());
        boolean overdue = service.unstableSince()
                .filter(start -> !start.plus(GRACE).isAfter(now))
                .isPresent();
        return switch (state.phase()) {
            case FAILED -> {
                Instant at = state.since().orElse(since);
                yield Optional.of(problem(
                        tool,
                        "%s at %s".formatted(ServiceVerdict.of(state).title(), clock(at)),
                        new LiveProblem(LiveProblem.Kind.STOPPED, at, exit)));
            }
            case RUNNING, STARTING, RESTARTING ->
                overdue
                        ? Optional.of(problem(
                                tool,
                                "Keeps crashing since " + clock(since),
                                new LiveProblem(LiveProblem.Kind.KEEPS_CRASHING, since, exit)))
                        : notResponding(tool, trayState).or(() -> restarted(tool, state));
            // Only the doctor knows whether the user stopped it.
            case STOPPED ->
                changedSinceLook(tool, trayState, state)
                        ? Optional.of(live(tool, state, State.UNKNOWN))
                        : Optional.empty();
            // A warning, as in the doctor: it has no service between `add` and `service install`.
            case NOT_INSTALLED -> Optional.of(live(tool, state, State.ATTENTION));
            case UNKNOWN -> Optional.of(live(tool, state, State.UNKNOWN));
        };
    }

    /// The problem that the report has is one of the run before.
    private static Optional<ToolView> restarted(ToolGlance tool, ServiceState service) {
        return tool.problemOfRun()
                .filter(looked -> service.phase() == ServiceState.Phase.RUNNING
                        && service.restarts() == 0
                        && service.since().filter(looked::isBefore).isPresent())
                .map(_ -> new ToolView(tool.name(), State.UNKNOWN, ToolStatus.STARTED, Optional.empty(), true, false));
    }

    private static ToolView live(ToolGlance tool, ServiceState service, State state) {
        return new ToolView(
                tool.name(),
                state,
                service.phase() == ServiceState.Phase.STOPPED && !service.masked()
                        ? ServiceVerdict.stopped().title()
                        : ServiceProblem.of(service, false)
                                .map(ServiceProblem::headline)
                                .orElse(""),
                Optional.empty());
    }

    /// Whether the doctor has seen another state of the service. The glance itself may be newer than its look: it is
    /// written whenever any tool was checked.
    private static boolean changedSinceLook(ToolGlance tool, TrayState trayState, ServiceState service) {
        return tool.look()
                .map(Glance.ServiceLook::at)
                .or(() -> trayState.glance().map(Glance::writtenAt))
                .filter(looked -> service.since().filter(looked::isBefore).isPresent())
                .isPresent();
    }

    private Optional<ToolView> notResponding(ToolGlance tool, TrayState trayState) {
        return Optional.ofNullable(trayState.failedProbes().get(tool.name()))
                .filter(failed ->
                        failed.count() > 1 && !failed.since().plus(GRACE).isAfter(trayState.now()))
                .map(failed -> problem(
                        tool,
                        "Not responding since " + clock(failed.since()),
                        new LiveProblem(LiveProblem.Kind.NOT_RESPONDING, failed.since(), failed.detail())));
    }

    private static ToolView problem(ToolGlance tool, String headline, LiveProblem problem) {
        return new ToolView(tool.name(), State.FAILURE, headline, Optional.of(problem));
    }

    /// The glance's headline; an age in it is replaced by a time, which stays true while the menu is not
    /// redrawn.
    private String headline(ToolGlance tool, Instant now) {
        return tool.update()
                .filter(_ -> tool.state() == State.UPDATE)
                .map(update -> update.version() + " is available"
                        + update.checkedAt()
                                .map(at -> ", as of " + when(at, now))
                                .orElse(""))
                .orElse(tool.headline());
    }

    private String title(TrayState trayState, List<ToolView> tools, Optional<ToolView> ownProblem, boolean stale) {
        if (trayState.glance().isEmpty()) {
            return trayState.checking() ? "Checking for the first time" : "Not checked yet";
        }
        Optional<String> own = ownProblem.map(lamplighter ->
                lamplighter.state() == State.WORKING ? "Upgrading Lamplighter" : "Lamplighter needs attention");
        if (tools.isEmpty()) {
            return own.orElse(stale ? "Not checked recently" : "No tools are managed yet");
        }
        long problems =
                tools.stream().filter(tool -> tool.state().needsAttention()).count();
        if (problems > 0) {
            return ofAll(tools, problems) + (problems == 1 ? " needs attention" : " need attention");
        }
        List<String> upgrading = tools.stream()
                .filter(tool -> tool.state() == State.WORKING)
                .map(ToolView::name)
                .toList();
        if (!upgrading.isEmpty()) {
            return "Upgrading " + String.join(", ", upgrading);
        }
        if (own.isPresent()) {
            return own.get();
        }
        if (stale) {
            return "Last checked " + at(trayState.glance().get().writtenAt(), trayState.now());
        }
        long unknown =
                tools.stream().filter(tool -> tool.state() == State.UNKNOWN).count();
        if (unknown > 0) {
            return ofAll(tools, unknown) + " could not be checked";
        }
        long updates = updates(trayState);
        return "No problems found"
                + switch ((int) updates) {
                    case 0 -> "";
                    case 1 -> " · 1 update available";
                    default -> " · " + updates + " updates available";
                };
    }

    /// `alpha`, if it is the only tool, else `2 of 3 tools`.
    private static String ofAll(List<ToolView> tools, long count) {
        return tools.size() == 1 ? tools.getFirst().name() : "%d of %d tools".formatted(count, tools.size());
    }

    private static List<String> details(List<ToolGlance> known, List<ToolView> tools) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < tools.size(); at++) {
            ToolView tool = tools.get(at);
            if (tool.state() != State.OK) {
                String version =
                        tool.state() == State.UPDATE ? " " + known.get(at).version() : "";
                lines.add("%s %s%s: %s".formatted(mark(tool.state()), tool.name(), version, tool.headline()));
            }
        }
        return lines;
    }

    private List<TrayMenuItem> menu(
            TrayState trayState,
            List<ToolGlance> known,
            List<ToolView> tools,
            Optional<ToolGlance> lamplighter,
            Optional<ToolView> ownProblem,
            String title,
            boolean stale) {
        List<TrayMenuItem> items = new ArrayList<>();
        items.add(new Action("open", "Open Lamplighter", true, MenuAction.OpenWindow.overview()));
        items.add(new Text("summary", title));
        if (trayState.glance().isPresent() && !stale) {
            items.add(new Text(
                    "checked",
                    trayState.checking()
                            ? "Checking…"
                            : "Checked " + at(trayState.glance().get().writtenAt(), trayState.now())));
        }
        trayState.leftOut().ifPresent(reason -> items.add(new Text("left-out", reason)));
        items.add(new Separator("above-tools"));
        List<Integer> order = order(tools, trayState.pinned());
        int top = top(tools, trayState.pinned());
        order.stream().limit(top).forEach(at -> items.add(submenu(known.get(at), tools.get(at), trayState)));
        if (tools.size() > top) {
            items.add(new Submenu(
                    "more",
                    "All tools (%d)".formatted(tools.size()),
                    order.stream()
                            .skip(top)
                            .map(at -> (TrayMenuItem) submenu(known.get(at), tools.get(at), trayState))
                            .toList()));
        }
        if (!tools.isEmpty()) {
            items.add(new Separator("below-tools"));
        }
        items.add(new Action("check", "Check now", !trayState.checking(), new MenuAction.CheckNow()));
        items.add(new Action(
                "upgrade-all", "Upgrade all…", updates(trayState) > 0, MenuAction.OpenWindow.asking("upgrade-all")));
        items.add(new Toggle(
                "login",
                "Start when I log in",
                trayState.startsAtLogin(),
                new MenuAction.RunCommand(
                        List.of("autostart", trayState.startsAtLogin() ? "off" : "on"), Optional.empty())));
        items.addAll(ownItems(lamplighter, ownProblem));
        items.add(new Separator("above-quit"));
        items.add(new Action("quit", "Quit (tools keep running)", true, new MenuAction.Quit()));
        return items;
    }

    private Submenu submenu(ToolGlance tool, ToolView view, TrayState trayState) {
        String name = tool.name();
        String key = "tool/" + name;
        boolean free = view.state() != State.WORKING;
        List<TrayMenuItem> items = new ArrayList<>();
        String version = tool.version().isEmpty() ? "" : " " + tool.version();
        items.add(new Text(key + "/state", name + version + ": " + view.headline()));
        Optional<UpgradeHistory.Upgraded> upgraded =
                tool.upgraded().filter(last -> last.to().equals(tool.version()));
        upgraded.filter(last -> last.isOnProbation(trayState.now()))
                .ifPresent(last -> items.add(new Text(
                        key + "/new", "Upgraded from %s %s".formatted(last.from(), at(last.at(), trayState.now())))));
        items.add(new Separator(key + "/line"));
        items.add(new Action(key + "/show", "Show", true, MenuAction.OpenWindow.of(name)));
        if (tool.endpoint().filter(url -> url.startsWith("http")).isPresent()) {
            items.add(new Action(
                    key + "/open", "Open in browser", true, MenuAction.RunCommand.about(name, "open", name)));
        }
        tool.unit().ifPresent(unit -> {
            boolean down = Optional.ofNullable(trayState.services().get(unit))
                    .filter(service -> switch (service.state().phase()) {
                        case STOPPED, FAILED -> true;
                        default -> false;
                    })
                    .isPresent();
            items.add(new Action(
                    key + "/restart", "Restart…", free && !down, MenuAction.OpenWindow.asking("restart", name)));
            items.add(
                    down
                            ? new Action(
                                    key + "/start",
                                    "Start",
                                    free,
                                    MenuAction.RunCommand.about(name, "service", "start", name))
                            : new Action(key + "/stop", "Stop…", free, MenuAction.OpenWindow.asking("stop", name)));
            items.add(new Action(key + "/log", "Log", true, MenuAction.OpenWindow.asking("log", name)));
        });
        items.add(new Action(key + "/doctor", "Doctor", free, MenuAction.OpenWindow.checking(name)));
        tool.update().map(ToolStatus.Update::version).ifPresent(to -> {
            items.add(new Separator(key + "/above-upgrade"));
            items.add(new Action(
                    key + "/upgrade", "Upgrade to " + to + "…", free, MenuAction.OpenWindow.asking("upgrade", name)));
        });
        upgraded.flatMap(UpgradeHistory.Upgraded::previous)
                .ifPresent(before -> items.add(new Action(
                        key + "/rollback",
                        "Roll back to " + before + "…",
                        free,
                        MenuAction.OpenWindow.asking("rollback", name))));
        tool.rolledBack()
                .ifPresent(tried -> items.add(new Action(
                        key + "/tried",
                        "%s was rolled back %s".formatted(tried.version(), at(tried.at(), trayState.now())),
                        true,
                        MenuAction.OpenWindow.of(name))));
        return new Submenu(key, mark(view.state()) + " " + name + ": " + view.headline(), items);
    }

    /// A problem of Lamplighter itself, and its update.
    private static List<TrayMenuItem> ownItems(Optional<ToolGlance> lamplighter, Optional<ToolView> ownProblem) {
        List<TrayMenuItem> items = new ArrayList<>();
        ownProblem.ifPresent(problem -> items.add(
                new Action("own-problem", own(problem), true, MenuAction.OpenWindow.of(UserTools.LAMPLIGHTER))));
        lamplighter
                .flatMap(ToolGlance::update)
                .ifPresent(update -> items.add(new Action(
                        "own-upgrade",
                        "Upgrade Lamplighter to " + update.version() + "…",
                        ownProblem
                                .filter(problem -> problem.state() == State.WORKING)
                                .isEmpty(),
                        MenuAction.OpenWindow.asking("upgrade", UserTools.LAMPLIGHTER))));
        return items;
    }

    /// The tools that need attention first, then the pinned ones; the rest in the order of the report, so that lines
    /// don't move.
    private static List<Integer> order(List<ToolView> tools, List<String> pinned) {
        Comparator<Integer> attention = Comparator.comparing((Integer at) ->
                tools.get(at).state().needsAttention() ? tools.get(at).state() : State.OK);
        Comparator<Integer> place = Comparator.comparing((Integer at) -> {
            int index = pinned.indexOf(tools.get(at).name());
            return index < 0 ? Integer.MAX_VALUE : index;
        });
        Comparator<Integer> state =
                Comparator.comparing((Integer at) -> tools.get(at).state());
        return IntStream.range(0, tools.size())
                .boxed()
                .sorted(attention.reversed().thenComparing(place).thenComparing(state.reversed()))
                .toList();
    }

    /// How many tools are in the menu itself: the eight first, or, if the user pinned some, these and those with
    /// problems.
    private static int top(List<ToolView> tools, List<String> pinned) {
        long wanted = tools.stream()
                .filter(tool -> tool.state().needsAttention() || pinned.contains(tool.name()))
                .count();
        boolean isChosen = tools.stream().anyMatch(tool -> pinned.contains(tool.name()));
        return isChosen ? (int) Math.min(wanted, TOOLS_IN_MENU) : TOOLS_IN_MENU;
    }

    static String mark(State state) {
        return switch (state) {
            case OK, STOPPED -> "✓";
            case UPDATE -> "↑";
            case UNKNOWN -> "?";
            case ATTENTION -> "!";
            case FAILURE -> "✗";
            case WORKING -> "…";
        };
    }

    private static long updates(TrayState trayState) {
        return trayState.glance().map(Glance::tools).orElse(List.of()).stream()
                .filter(tool -> UserTools.isOne(tool.name()) && tool.update().isPresent())
                .count();
    }

    String clock(Instant at) {
        return CLOCK.format(at.atZone(zone));
    }

    private String at(Instant then, Instant now) {
        return (isToday(then, now) ? "at " : "on ") + when(then, now);
    }

    /// A time instead of an age, so that a closed menu need not be redrawn every minute.
    private String when(Instant then, Instant now) {
        String clock = clock(then);
        return isToday(then, now) ? clock : DAY.format(then.atZone(zone)) + ", " + clock;
    }

    private boolean isToday(Instant then, Instant now) {
        return then.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
    }
}
