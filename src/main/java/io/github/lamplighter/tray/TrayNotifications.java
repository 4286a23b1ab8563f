package io.github.lamplighter.tray;

import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.tray.NotificationPolicy.Notification;
import io.github.lamplighter.tray.TrayView.ToolView;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// Sends the notifications that the user wants. A later one about the same tool replaces the one before.
final class TrayNotifications {

    /// Shows a notification.
    interface Sink {
        /// @param replaces the id of an earlier one, or 0
        /// @param shown receives its id, in any thread
        void send(Notification notification, long replaces, LongConsumer shown);
    }

    private final Settings settings;
    private final NotificationPolicy policy;
    private final UpdateDigest updateDigest;
    private final Sink sink;

    /// The id of the last notification about each tool.
    private final Map<String, Long> ids = new ConcurrentHashMap<>();

    TrayNotifications(Settings settings, NotificationPolicy policy, UpdateDigest updateDigest, Sink sink) {
        this.settings = settings;
        this.policy = policy;
        this.updateDigest = updateDigest;
        this.sink = sink;
    }

    /// Tells of problems that began or ended.
    void problems(List<ToolView> tools, Instant now) {
        policy.of(tools, now).forEach(this::send);
    }

    /// Tells that the service manager started a tool again.
    ///
    /// @param exit how it ended, if that is known
    void restarted(String name, Optional<LastExit> exit, Instant now) {
        policy.restarted(name, exit, now).ifPresent(this::send);
    }

    /// Tells of an upgrade or a rollback that ended.
    ///
    /// @param seen whether a window shows the result
    void ended(UpgradeOutcome outcome, boolean seen) {
        NotificationPolicy.of(outcome, seen).ifPresent(this::send);
    }

    /// Tells that a command of the menu failed.
    void result(MenuAction.RunCommand click, Envelope result) {
        NotificationPolicy.of(click, result).ifPresent(this::send);
    }

    /// Tells of new updates, at most once a day.
    void updates(List<ToolGlance> tools, Instant now) {
        Map<String, String> offered = new TreeMap<>();
        tools.stream()
                .filter(tool -> UserTools.isOne(tool.name()))
                .forEach(tool -> tool.update().ifPresent(update -> offered.put(tool.name(), update.version())));
        Set<String> updates = offered.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue())
                .collect(Collectors.toSet());
        if (!offered.isEmpty() && settings.isOn(Setting.NOTIFY_UPDATES) && updateDigest.tell(updates, now)) {
            send(NotificationPolicy.updates(List.copyOf(offered.keySet())));
        }
    }

    private void send(Notification notification) {
        if (notification.choice().filter(choice -> !settings.isOn(choice)).isEmpty()) {
            sink.send(
                    notification, ids.getOrDefault(notification.about(), 0L), id -> ids.put(notification.about(), id));
        }
    }

    /// What a notification that is shown is about; empty if it is not one of ours.
    Optional<String> about(long id) {
        return ids.entrySet().stream()
                .filter(entry -> entry.getValue() == id)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void closed(long id) {
        ids.values().remove(id);
    }

    /// Another notification service gives other numbers.
    void forget() {
        ids.clear();
    }
}
