package io.github.lamplighter.tray;

import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.status.Glance.State;
import io.github.lamplighter.tray.TrayView.ToolView;
import io.github.lamplighter.tray.TrayView.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// What is worth a notification: a difference that just came about, and its end.
final class NotificationPolicy {

    /// One notification.
    ///
    /// @param about the tool that an earlier one about it is replaced for
    /// @param urgency 0 low, 1 normal, 2 critical
    /// @param choice which of the user's choices switches it off; empty for what nobody may miss
    record Notification(
            String about,
            State picture,
            String title,
            String body,
            List<String> actions,
            byte urgency,
            Optional<Setting> choice) {
        Notification {
            actions = List.copyOf(actions);
        }

        private Notification unless(Setting off) {
            return new Notification(about, picture, title, body, actions, urgency, Optional.of(off));
        }
    }

    private static final byte LOW = 0;
    private static final byte NORMAL = 1;
    private static final byte CRITICAL = 2;

    private final Function<Instant, String> clock;
    private final Map<String, Trouble> troubled = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    NotificationPolicy(Function<Instant, String> clock) {
        this.clock = clock;
    }

    /// What is new in this view. What was so when a tool was first seen is in the icon and needs no bubble.
    List<Notification> of(List<ToolView> tools, Instant now) {
        List<Notification> notices = new ArrayList<>();
        for (ToolView tool : tools) {
            if (!tool.isSeen() && !seen.contains(tool.name())) {
                // Still being asked for the first time.
                continue;
            }
            boolean first = seen.add(tool.name());
            Optional<Trouble> before = Optional.ofNullable(troubled.get(tool.name()));
            if (tool.trouble().isPresent()) {
                Trouble trouble = tool.trouble().get();
                troubled.put(tool.name(), trouble);
                if (!first
                        && before.map(Trouble::kind)
                                .filter(trouble.kind()::equals)
                                .isEmpty()) {
                    notices.add(begun(tool.name(), trouble).unless(Setting.NOTIFY_FAILURE));
                }
            } else if (before.isPresent() && tool.state() != State.WORKING && tool.isSeen()) {
                troubled.remove(tool.name());
                notices.add(over(tool.name(), before.get(), now).unless(Setting.NOTIFY_RECOVERED));
            }
        }
        return notices;
    }

    private Notification begun(String name, Trouble trouble) {
        String since = clock.apply(trouble.since());
        return switch (trouble.kind()) {
            case SILENT ->
                bubble(
                        name,
                        State.FAILURE,
                        name + " is not answering",
                        "Since %s. It is running, but does not respond.".formatted(since),
                        RESTART_OPEN,
                        NORMAL);
            case STOPPED ->
                bubble(
                        name,
                        State.FAILURE,
                        name + " has stopped",
                        "At %s, by itself: %s.".formatted(since, trouble.detail()),
                        RESTART_OPEN,
                        NORMAL);
            case RESTARTING ->
                bubble(
                        name,
                        State.FAILURE,
                        name + " does not stay up",
                        "Started again and again since %s: %s.".formatted(since, trouble.detail()),
                        OPEN,
                        NORMAL);
        };
    }

    private static Notification over(String name, Trouble trouble, Instant now) {
        String title = switch (trouble.kind()) {
            case SILENT -> name + " answers again";
            case STOPPED, RESTARTING -> name + " runs again";
        };
        return bubble(name, State.WELL, title, "After %s.".formatted(duration(trouble.since(), now)), List.of(), LOW);
    }

    /// What came of a verb that was started here; what the icon shows by itself is not said.
    static Optional<Notification> of(MenuAction.RunVerb click, TrayCommands.Result result) {
        String name = click.tool().orElse("Lamplighter");
        if (click.arguments().getFirst().equals("upgrade")) {
            return Optional.of(upgrade(name, result));
        }
        return result.problem()
                .map(problem -> bubble(name, State.ATTENTION, undone(name, click), problem, OPEN, NORMAL));
    }

    private static Notification upgrade(String name, TrayCommands.Result result) {
        JsonNode tool = result.data().map(data -> data.path("tools").path(0)).orElse(NOTHING);
        String from = tool.path("from").asString("");
        String to = tool.path("to").asString("");
        String reason = Optional.of(tool.path("reason").asString(""))
                .filter(text -> !text.isEmpty())
                .or(result::problem)
                .orElse("");
        long down = tool.path("downtimeMillis").asLong(0);
        String downtime = down > 0 ? "Down for %s.".formatted(seconds(down)) : "";
        return switch (tool.path("outcome").asString("")) {
            case "upgraded" ->
                bubble(name, State.WELL, name + " is now " + to, downtime, List.of(), LOW)
                        .unless(Setting.NOTIFY_DONE);
            case "current" ->
                bubble(name, State.WELL, name + " is at " + from, "Nothing newer was there.", List.of(), LOW)
                        .unless(Setting.NOTIFY_DONE);
            case "rolled-back" ->
                bubble(
                        name,
                        State.ATTENTION,
                        name + " stays at " + from,
                        "%s was taken back: %s %s"
                                .formatted(to, reason, downtime)
                                .strip(),
                        OPEN,
                        NORMAL);
            case "needs-attention" ->
                bubble(
                        name,
                        State.FAILURE,
                        name + " is stopped and needs you",
                        reason.isEmpty() ? "Steps to put it right are waiting." : reason,
                        OPEN,
                        CRITICAL);
            default -> bubble(name, State.ATTENTION, name + " was not upgraded", reason, OPEN, NORMAL);
        };
    }

    private static String undone(String name, MenuAction.RunVerb click) {
        return switch (String.join(
                " ", click.arguments().subList(0, Math.min(2, click.arguments().size())))) {
            case "service restart" -> name + " was not restarted";
            case "service start" -> name + " was not started";
            case "service stop" -> name + " was not stopped";
            case "autostart on", "autostart off" -> "Starting at login was not changed";
            default ->
                click.arguments().getFirst().equals("open")
                        ? name + " was not opened"
                        : "%s did not do that".formatted(name);
        };
    }

    private static final JsonNode NOTHING = io.github.lamplighter.file.JsonFile.MAPPER.createObjectNode();
    /// A click on the bubble itself is `default`. Some daemons draw it as a button too: a second one that says the
    /// same would be shown twice.
    private static final List<String> OPEN = List.of("default", "Open");

    private static final List<String> RESTART_OPEN = List.of("restart", "Restart", "default", "Open");

    private static Notification bubble(
            String about, State picture, String title, String body, List<String> actions, byte urgency) {
        return new Notification(about, picture, title, body, actions, urgency, Optional.empty());
    }

    private static String duration(Instant from, Instant to) {
        Duration took = Duration.between(from, to);
        if (took.toMinutes() < 1) {
            return Math.max(1, took.toSeconds()) + " s";
        }
        long minutes = took.toMinutes();
        return minutes < 60
                ? minutes + (minutes == 1 ? " minute" : " minutes")
                : "%d h %d min".formatted(took.toHours(), took.toMinutesPart());
    }

    private static String seconds(long millis) {
        return millis < 10_000 ? String.format(java.util.Locale.ROOT, "%.1f s", millis / 1000.0) : millis / 1000 + " s";
    }
}
