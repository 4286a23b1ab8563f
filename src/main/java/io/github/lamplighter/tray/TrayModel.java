package io.github.lamplighter.tray;

import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.State;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.tray.TrayMenuItem.Action;
import io.github.lamplighter.tray.TrayMenuItem.Separator;
import io.github.lamplighter.tray.TrayMenuItem.Submenu;
import io.github.lamplighter.tray.TrayMenuItem.Text;
import io.github.lamplighter.tray.TrayMenuItem.Toggle;
import io.github.lamplighter.tray.TrayView.ToolView;
import io.github.lamplighter.tray.TrayView.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// From what is known to what is shown; nothing else happens here.
final class TrayModel {

    /// How long a state that may pass by itself is kept from the icon.
    static final Duration GRACE = Duration.ofSeconds(30);

    /// A service that runs this long is no longer starting over and over.
    static final Duration SETTLED = Duration.ofSeconds(5);

    private static final int TOOLS_IN_MENU = 8;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private final ZoneId zone;

    TrayModel(ZoneId zone) {
        this.zone = zone;
    }

    TrayView view(TrayState trayState) {
        List<ToolGlance> known = trayState.glance().map(Glance::tools).orElse(List.of());
        boolean stale = trayState
                .glance()
                .filter(glance -> !trayState.now().isAfter(glance.staleAfter()))
                .isEmpty();
        List<ToolView> tools =
                known.stream().map(tool -> tool(tool, trayState, stale)).toList();
        State state = tools.stream()
                .map(ToolView::state)
                .max(Comparator.comparingInt(TrayModel::weight))
                .orElse(stale ? State.UNKNOWN : State.WELL);
        String title = title(trayState, tools, stale);
        return new TrayView(state, title, details(known, tools), menu(trayState, known, tools, title, stale), tools);
    }

    /// What the service manager and the socket say now comes before what the doctor said then.
    private ToolView tool(ToolGlance tool, TrayState trayState, boolean stale) {
        if (trayState.working().contains(tool.name())) {
            return new ToolView(tool.name(), State.WORKING, "is being upgraded", Optional.empty());
        }
        Optional<TrayState.Watched> watched = tool.unit()
                .flatMap(unit -> Optional.ofNullable(trayState.services().get(unit)));
        boolean isWatched = tool.expectedRunning() && tool.unit().isPresent();
        if (isWatched) {
            if (watched.isEmpty()) {
                return new ToolView(tool.name(), State.UNKNOWN, "is being asked", Optional.empty());
            }
            Optional<ToolView> live = live(tool, watched.get(), trayState);
            if (live.isPresent() && !isAside(live.get(), tool)) {
                return live.get();
            }
        }
        if (stale) {
            return new ToolView(tool.name(), State.UNKNOWN, "not checked for a while", Optional.empty());
        }
        return new ToolView(
                tool.name(),
                tool.state(),
                headline(tool, trayState.now()),
                Optional.empty(),
                isWatched || tool.state() != State.UNKNOWN);
    }

    /// What the user set aside counts for nothing, until the doctor has looked again and finds something else.
    private static boolean isAside(ToolView live, ToolGlance tool) {
        if (live.state() != State.FAILURE) {
            return false;
        }
        Set<String> checks = live.trouble()
                .map(trouble -> switch (trouble.kind()) {
                    case STOPPED -> Set.of("process");
                    case RESTARTING -> Set.of("process", "unstable");
                    case SILENT -> Set.of("answering");
                })
                .orElse(Set.of("process"));
        return checks.stream().anyMatch(tool.aside()::contains);
    }

    private Optional<ToolView> live(ToolGlance tool, TrayState.Watched watched, TrayState trayState) {
        Instant now = trayState.now();
        Instant since =
                watched.restlessSince().or(() -> watched.state().since()).orElse(now);
        String exit = watched.state().lastExit().orElse(watched.state().words());
        boolean overdue = watched.restlessSince()
                .filter(start -> !start.plus(GRACE).isAfter(now))
                .isPresent();
        return switch (watched.state().phase()) {
            case FAILED ->
                Optional.of(trouble(
                        tool,
                        "stopped by itself",
                        new Trouble(
                                Trouble.Kind.STOPPED, watched.state().since().orElse(since), exit)));
            case RUNNING, STARTING, RESTARTING ->
                overdue
                        ? Optional.of(
                                trouble(tool, "does not stay up", new Trouble(Trouble.Kind.RESTARTING, since, exit)))
                        : silent(tool, trayState);
            case STOPPED ->
                // Whether the user stopped it is the doctor's to say; until it has looked, nothing is claimed.
                isOlder(trayState, watched)
                        ? Optional.of(new ToolView(tool.name(), State.UNKNOWN, "is stopped", Optional.empty()))
                        : Optional.empty();
            case NOT_INSTALLED ->
                Optional.of(new ToolView(tool.name(), State.FAILURE, "has lost its service", Optional.empty()));
            case UNKNOWN ->
                Optional.of(
                        new ToolView(tool.name(), State.UNKNOWN, "its service could not be asked", Optional.empty()));
        };
    }

    private static boolean isOlder(TrayState trayState, TrayState.Watched watched) {
        return trayState
                .glance()
                .filter(glance -> watched.state()
                        .since()
                        .filter(since -> since.isAfter(glance.writtenAt()))
                        .isPresent())
                .isPresent();
    }

    private Optional<ToolView> silent(ToolGlance tool, TrayState trayState) {
        return Optional.ofNullable(trayState.silent().get(tool.name()))
                .filter(unansweredState -> unansweredState.times() > 1
                        && !unansweredState.since().plus(GRACE).isAfter(trayState.now()))
                .map(unansweredState -> trouble(
                        tool,
                        "is not answering",
                        new Trouble(Trouble.Kind.SILENT, unansweredState.since(), unansweredState.detail())));
    }

    private ToolView trouble(ToolGlance tool, String headline, Trouble trouble) {
        return new ToolView(
                tool.name(), State.FAILURE, headline + " since " + clock(trouble.since()), Optional.of(trouble));
    }

    private String headline(ToolGlance tool, Instant now) {
        return switch (tool.state()) {
            case UPDATE ->
                tool.updateTo()
                        .map(to -> to + " is ready"
                                + tool.updateAsked()
                                        .map(at -> ", asked " + when(at, now))
                                        .orElse(""))
                        .orElse("is well");
            // What is well in another way than running says how: `Stopped by you`.
            case WELL -> tool.headline().equals("well") ? "is well" : tool.headline();
            default -> tool.headline();
        };
    }

    private String title(TrayState trayState, List<ToolView> tools, boolean stale) {
        if (trayState.glance().isEmpty()) {
            return trayState.checking() ? "Checking for the first time" : "Not checked yet";
        }
        if (tools.isEmpty()) {
            return stale ? "Not checked for a while" : "No tools are looked after yet";
        }
        long needing = count(tools, State.FAILURE) + count(tools, State.ATTENTION);
        if (needing > 0) {
            return tools.size() == 1
                    ? tools.getFirst().name() + " needs you"
                    : "%d of %d tools %s you".formatted(needing, tools.size(), needing == 1 ? "needs" : "need");
        }
        List<String> working = tools.stream()
                .filter(tool -> tool.state() == State.WORKING)
                .map(ToolView::name)
                .toList();
        if (!working.isEmpty()) {
            return "Upgrading " + String.join(", ", working);
        }
        if (stale) {
            return "Last checked " + when(trayState.glance().get().writtenAt(), trayState.now());
        }
        long unclear = count(tools, State.UNKNOWN);
        if (unclear > 0) {
            return tools.size() == 1
                    ? tools.getFirst().name() + " could not be checked"
                    : "%d of %d tools could not be checked".formatted(unclear, tools.size());
        }
        String well = tools.size() == 1 ? tools.getFirst().name() + " is well" : "All " + tools.size() + " are well";
        long updates = updates(trayState);
        return updates == 0
                ? well
                : well + " · " + (updates == 1 ? "1 update is" : updates + " updates are") + " ready";
    }

    private static List<String> details(List<ToolGlance> known, List<ToolView> tools) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < tools.size(); at++) {
            ToolView tool = tools.get(at);
            if (tool.state() != State.WELL) {
                String version = tool.state() == State.UPDATE ? known.get(at).version() + ": " : "";
                lines.add("%s %s %s%s".formatted(mark(tool.state()), tool.name(), version, tool.headline()));
            }
        }
        return lines;
    }

    private List<TrayMenuItem> menu(
            TrayState trayState, List<ToolGlance> known, List<ToolView> tools, String title, boolean stale) {
        List<TrayMenuItem> items = new ArrayList<>();
        items.add(new Action("open", "Open Lamplighter", true, new MenuAction.OpenWindow(List.of())));
        items.add(new Text("summary", title));
        if (trayState.glance().isPresent() && !stale) {
            items.add(new Text(
                    "checked",
                    trayState.checking()
                            ? "Checking now"
                            : "Checked " + when(trayState.glance().get().writtenAt(), trayState.now())));
        }
        items.add(new Separator("above-tools"));
        List<Integer> order = order(tools);
        order.stream().limit(TOOLS_IN_MENU).forEach(at -> items.add(submenu(known.get(at), tools.get(at), trayState)));
        if (tools.size() > TOOLS_IN_MENU) {
            items.add(new Submenu(
                    "more",
                    "All tools (%d)".formatted(tools.size()),
                    order.stream()
                            .skip(TOOLS_IN_MENU)
                            .map(at -> (TrayMenuItem) submenu(known.get(at), tools.get(at), trayState))
                            .toList()));
        }
        if (!tools.isEmpty()) {
            items.add(new Separator("below-tools"));
        }
        items.add(new Action("check", "Check now", !trayState.checking(), new MenuAction.CheckNow()));
        items.add(new Action(
                "upgrade-all", "Upgrade all…", updates(trayState) > 0, new MenuAction.OpenWindow(List.of())));
        items.add(new Toggle(
                "login",
                "Start when I log in",
                trayState.startsAtLogin(),
                new MenuAction.RunVerb(
                        List.of("autostart", trayState.startsAtLogin() ? "off" : "on", "--json"), Optional.empty())));
        items.add(new Separator("above-quit"));
        items.add(new Action("quit", "Quit (tools keep running)", true, new MenuAction.Quit()));
        return items;
    }

    private static Submenu submenu(ToolGlance tool, ToolView view, TrayState trayState) {
        String name = tool.name();
        String key = "tool/" + name;
        boolean free = view.state() != State.WORKING;
        List<TrayMenuItem> items = new ArrayList<>();
        String version = tool.version().isEmpty() ? "" : " " + tool.version();
        items.add(new Text(key + "/state", name + version + ": " + view.headline()));
        items.add(new Separator(key + "/line"));
        items.add(new Action(key + "/show", "Show", true, new MenuAction.OpenWindow(List.of(name))));
        if (tool.endpoint().filter(url -> url.startsWith("http")).isPresent()) {
            items.add(new Action(
                    key + "/open", "Open in the browser", true, MenuAction.RunVerb.about(name, "open", name)));
        }
        tool.unit().ifPresent(unit -> {
            boolean down = Optional.ofNullable(trayState.services().get(unit))
                    .filter(watched -> switch (watched.state().phase()) {
                        case STOPPED, FAILED -> true;
                        default -> false;
                    })
                    .isPresent();
            items.add(new Action(key + "/restart", "Restart", free && !down, verb(name, "restart")));
            items.add(
                    down
                            ? new Action(key + "/start", "Start", free, verb(name, "start"))
                            : new Action(key + "/stop", "Stop", free, verb(name, "stop")));
        });
        tool.updateTo().ifPresent(to -> {
            items.add(new Separator(key + "/above-upgrade"));
            items.add(new Action(
                    key + "/upgrade",
                    "Upgrade to " + to,
                    free,
                    MenuAction.RunVerb.about(name, "upgrade", name, "--to", to, "--yes", "--json")));
            items.add(new Action(
                    key + "/plan",
                    "What the upgrade does…",
                    free,
                    new MenuAction.OpenWindow(List.of(name, "--upgrade"))));
        });
        return new Submenu(key, mark(view.state()) + " " + name + " " + view.headline(), items);
    }

    /// Without consent: what else would end is for a person to read first, and a menu has no room for it.
    private static MenuAction verb(String name, String verb) {
        return MenuAction.RunVerb.about(name, "service", verb, name, "--json");
    }

    /// What needs a person first; else as the report has them, so that lines do not jump.
    private static List<Integer> order(List<ToolView> tools) {
        List<Integer> order = new ArrayList<>();
        for (int at = 0; at < tools.size(); at++) {
            order.add(at);
        }
        order.sort(Comparator.comparing(at -> switch (tools.get(at).state()) {
            case FAILURE -> 0;
            case ATTENTION -> 1;
            case WORKING -> 2;
            case UNKNOWN -> 3;
            case UPDATE -> 4;
            case WELL -> 5;
        }));
        return order;
    }

    /// A failure of one tool is not hidden by the upgrade of another.
    private static int weight(State state) {
        return switch (state) {
            case WELL -> 0;
            case UPDATE -> 1;
            case UNKNOWN -> 2;
            case ATTENTION -> 3;
            case WORKING -> 4;
            case FAILURE -> 5;
        };
    }

    static String mark(State state) {
        return switch (state) {
            case WELL -> "✓";
            case UPDATE -> "↑";
            case UNKNOWN -> "?";
            case ATTENTION -> "!";
            case FAILURE -> "✗";
            case WORKING -> "…";
        };
    }

    private static long count(List<ToolView> tools, State state) {
        return tools.stream().filter(tool -> tool.state() == state).count();
    }

    private static long updates(TrayState trayState) {
        return trayState.glance().map(Glance::tools).orElse(List.of()).stream()
                .filter(tool -> tool.updateTo().isPresent())
                .count();
    }

    String clock(Instant at) {
        return CLOCK.format(at.atZone(zone));
    }

    /// An hour rather than an age: a menu that is not open need not be drawn again each minute.
    private String when(Instant then, Instant now) {
        ZonedDateTime at = then.atZone(zone);
        boolean today = at.toLocalDate().equals(now.atZone(zone).toLocalDate());
        return today ? "at " + CLOCK.format(at) : "on " + DAY.format(at) + ", " + CLOCK.format(at);
    }
}
