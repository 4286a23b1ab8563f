package io.github.lamplighter.tray;

import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.doctor.ServiceVerdict;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.tray.TrayView.LiveProblem;
import io.github.lamplighter.tray.TrayView.ToolView;
import io.github.lamplighter.upgrade.UpgradeOutcome;
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

/// Decides what is worth a notification: a problem that has just begun, and its end.
final class NotificationPolicy {

    /// One notification.
    ///
    /// @param about the tool; an earlier notification about it is replaced
    /// @param actions pairs of an action's key and its label
    /// @param urgency 0 low, 1 normal, 2 critical
    /// @param choice the setting that turns it off; empty if it is always shown
    record Notification(
            String about,
            State state,
            String title,
            String body,
            List<String> actions,
            byte urgency,
            Optional<Setting> choice) {
        Notification {
            actions = List.copyOf(actions);
        }

        private Notification unless(Setting off) {
            return new Notification(about, state, title, body, actions, urgency, Optional.of(off));
        }
    }

    private static final byte LOW = 0;
    private static final byte NORMAL = 1;
    private static final byte CRITICAL = 2;

    private final Function<Instant, String> clock;
    private final Map<String, LiveProblem> problems = new HashMap<>();
    private final Map<String, Instant> restarts = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    NotificationPolicy(Function<Instant, String> clock) {
        this.clock = clock;
    }

    /// Returns the notifications for what has changed. A problem that a tool has from the start only shows in
    /// the icon.
    List<Notification> of(List<ToolView> tools, Instant now) {
        List<Notification> notices = new ArrayList<>();
        for (ToolView tool : tools) {
            if (!tool.isServiceKnown() && !seen.contains(tool.name())) {
                // Its first check is not finished.
                continue;
            }
            boolean first = seen.add(tool.name());
            Optional<LiveProblem> before = Optional.ofNullable(problems.get(tool.name()));
            if (tool.problem().isPresent()) {
                LiveProblem problem = tool.problem().get();
                problems.put(tool.name(), problem);
                if (!first
                        && before.map(LiveProblem::kind)
                                .filter(problem.kind()::equals)
                                .isEmpty()) {
                    notices.add(started(tool.name(), problem).unless(Setting.NOTIFY_FAILURE));
                }
            } else if (before.filter(problem -> isOver(problem, tool)).isPresent()) {
                problems.remove(tool.name());
                notices.add(ended(tool.name(), before.get(), now).unless(Setting.NOTIFY_RECOVERED));
            }
        }
        return notices;
    }

    private static boolean isOver(LiveProblem problem, ToolView now) {
        return now.state() != State.WORKING
                && switch (problem.kind()) {
                    case STOPPED, KEEPS_CRASHING -> now.isServiceKnown();
                    case NOT_RESPONDING -> now.isServiceKnown() && now.isResponseKnown();
                };
    }

    private Notification started(String name, LiveProblem problem) {
        String since = clock.apply(problem.since());
        return switch (problem.kind()) {
            case NOT_RESPONDING ->
                notification(
                        name,
                        State.FAILURE,
                        name + " is not responding",
                        "Since %s. The process is running.".formatted(since),
                        RESTART_OPEN,
                        NORMAL);
            case STOPPED ->
                notification(
                        name,
                        State.FAILURE,
                        name + " stopped unexpectedly",
                        "At %s (%s).".formatted(since, problem.detail()),
                        RESTART_OPEN,
                        NORMAL);
            case KEEPS_CRASHING ->
                notification(
                        name,
                        State.FAILURE,
                        name + " keeps crashing",
                        "Restarted repeatedly since %s (%s).".formatted(since, problem.detail()),
                        LOG_OPEN,
                        NORMAL);
        };
    }

    /// Returns the notification of a crash that the service manager mended, at most one in the time in which the doctor
    /// warns of it. A longer one has notifications of its own.
    ///
    /// @param exit how it ended, if that is known
    Optional<Notification> restarted(String name, Optional<LastExit> exit, Instant now) {
        boolean told = Optional.ofNullable(restarts.get(name))
                .filter(at -> at.plus(ServiceVerdict.STABLE_AFTER).isAfter(now))
                .isPresent();
        boolean asItShould = exit.filter(how -> !how.isFailure()).isPresent();
        if (told || asItShould || problems.containsKey(name)) {
            return Optional.empty();
        }
        restarts.put(name, now);
        return Optional.of(notification(
                        name,
                        State.ATTENTION,
                        exit.isPresent() ? name + " crashed and was restarted" : name + " stopped and was restarted",
                        "At %s%s."
                                .formatted(
                                        clock.apply(now),
                                        exit.map(how -> " (%s)".formatted(how.words()))
                                                .orElse("")),
                        LOG_OPEN,
                        NORMAL)
                .unless(Setting.NOTIFY_FAILURE));
    }

    private static Notification ended(String name, LiveProblem problem, Instant now) {
        String title = switch (problem.kind()) {
            case NOT_RESPONDING -> name + " is responding again";
            case STOPPED, KEEPS_CRASHING -> name + " is running again";
        };
        return notification(
                name,
                State.OK,
                title,
                "Down for %s.".formatted(HumanTime.age(Duration.between(problem.since(), now))),
                List.of(),
                LOW);
    }

    /// Returns the notification for the result of a command from the menu. A success that shows in the icon
    /// has none.
    static Optional<Notification> of(MenuAction.RunCommand click, Envelope result) {
        String name = click.tool().orElse("Lamplighter");
        return problem(result)
                .map(problem -> notification(name, State.ATTENTION, failed(name, click), problem, OPEN, NORMAL));
    }

    private static Optional<String> problem(Envelope result) {
        return result.exitCode() == 0
                ? Optional.empty()
                : result.errors().stream()
                        .findFirst()
                        .or(() -> Optional.of("The command failed (exit code %d).".formatted(result.exitCode())));
    }

    /// Returns the notification for an upgrade or a rollback that has ended, whoever started it.
    ///
    /// @param seen whether a window shows the result
    static Optional<Notification> of(UpgradeOutcome outcome, boolean seen) {
        String name = UserTools.isOne(outcome.name()) ? outcome.name() : "Lamplighter";
        String reason = outcome.reason().orElse("");
        String downtime = outcome.downtimeMillis() > 0
                ? "Down for %s.".formatted(HumanTime.duration(Duration.ofMillis(outcome.downtimeMillis())))
                : "";
        if (outcome.isCancelled()) {
            return seen
                    ? Optional.empty()
                    : Optional.of(notification(
                                    outcome.name(),
                                    State.OK,
                                    "%s of %s cancelled"
                                            .formatted(
                                                    outcome.asked() == UpgradeOutcome.Asked.ROLLBACK
                                                            ? "Rollback"
                                                            : "Upgrade",
                                                    name),
                                    "Still at %s.".formatted(outcome.from()),
                                    OPEN,
                                    LOW)
                            .unless(Setting.NOTIFY_DONE));
        }
        return switch (outcome.result()) {
            case UPGRADED ->
                seen
                        ? Optional.empty()
                        : Optional.of(notification(
                                        outcome.name(),
                                        State.OK,
                                        "%s upgraded to %s".formatted(name, outcome.to()),
                                        downtime,
                                        OPEN,
                                        LOW)
                                .unless(Setting.NOTIFY_DONE));
            case ROLLED_BACK ->
                outcome.asked() == UpgradeOutcome.Asked.ROLLBACK
                        ? seen
                                ? Optional.empty()
                                : Optional.of(notification(
                                                outcome.name(),
                                                State.OK,
                                                "%s rolled back to %s".formatted(name, outcome.to()),
                                                downtime,
                                                OPEN,
                                                LOW)
                                        .unless(Setting.NOTIFY_DONE))
                        : Optional.of(notification(
                                outcome.name(),
                                State.ATTENTION,
                                "Upgrade of %s failed".formatted(name),
                                "Rolled back to %s: %s %s"
                                        .formatted(outcome.from(), reason, downtime)
                                        .strip(),
                                WHY,
                                NORMAL));
            case NEEDS_ATTENTION ->
                Optional.of(notification(
                        outcome.name(),
                        State.FAILURE,
                        name + " needs manual repair",
                        reason.isEmpty() ? "Open Lamplighter for the steps." : reason,
                        OPEN,
                        CRITICAL));
            case FAILED ->
                Optional.of(notification(
                        outcome.name(), State.ATTENTION, name + " was not upgraded", reason, OPEN, NORMAL));
            case CURRENT, REFUSED, BUSY, NEEDS_CONSENT -> Optional.empty();
        };
    }

    /// Returns the daily notification of updates.
    ///
    /// @param tools their names
    static Notification updates(List<String> tools) {
        return notification(
                        UPDATES,
                        State.UPDATE,
                        tools.size() == 1
                                ? "An update of %s is available".formatted(tools.getFirst())
                                : "%d updates are available".formatted(tools.size()),
                        tools.size() == 1 ? "" : String.join(", ", tools),
                        OPEN,
                        LOW)
                .unless(Setting.NOTIFY_UPDATES);
    }

    private static String failed(String name, MenuAction.RunCommand click) {
        return switch (String.join(
                " ", click.arguments().subList(0, Math.min(2, click.arguments().size())))) {
            case "service restart" -> name + " was not restarted";
            case "service start" -> name + " was not started";
            case "service stop" -> name + " was not stopped";
            case "autostart on", "autostart off" -> "Start at login was not changed";
            default ->
                click.arguments().getFirst().equals("open") ? name + " was not opened" : name + ": the action failed";
        };
    }

    /// A click on the notification itself is `default`. Some daemons draw it as a button too, so there is no
    /// second one.
    private static final List<String> OPEN = List.of("default", "Open");

    private static final List<String> WHY = List.of("why", "Show log", "default", "Open");

    private static final List<String> LOG_OPEN = List.of("log", "Show log", "default", "Open");

    /// What the notification of updates is about; no tool has this name.
    static final String UPDATES = "";

    private static final List<String> RESTART_OPEN = List.of("restart", "Restart", "default", "Open");

    private static Notification notification(
            String about, State state, String title, String body, List<String> actions, byte urgency) {
        return new Notification(about, state, title, body, actions, urgency, Optional.empty());
    }
}
