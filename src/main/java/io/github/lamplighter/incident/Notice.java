package io.github.lamplighter.incident;

import io.github.lamplighter.incident.Glance.State;
import io.github.lamplighter.incident.Glance.ToolGlance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Something that is worth a notification: the difference between two glances, and only a difference for
/// the worse or its end. An update is not one of them: it has its own, once a day.
///
/// @param key a later notice of the same key replaces an earlier one
public record Notice(String key, String title, String body, List<Choice> choices) {

    public Notice {
        choices = List.copyOf(choices);
    }

    /// A button of a notification.
    ///
    /// @param text what it says
    /// @param argv what it starts, beginning with `lamplighter`
    public record Choice(String text, List<String> argv) {
        public Choice {
            argv = List.copyOf(argv);
        }
    }

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

    /// @param before the glance that was known; empty when Lamplighter has just begun: then nothing is news
    /// @param since when each tool that is not well now began to be so, by name
    public static List<Notice> between(
            Optional<Glance> before, Glance now, Map<String, Instant> since, Instant at, ZoneId zone) {
        if (before.isEmpty()) {
            return List.of();
        }
        Map<String, ToolGlance> earlier = new HashMap<>();
        before.get().tools().forEach(tool -> earlier.put(tool.name(), tool));
        List<ToolGlance> begun = new ArrayList<>();
        List<Notice> notices = new ArrayList<>();
        for (ToolGlance tool : now.tools()) {
            State was = Optional.ofNullable(earlier.get(tool.name()))
                    .map(ToolGlance::state)
                    .orElse(State.UNKNOWN);
            if (tool.state() == State.FAILURE && was != State.FAILURE) {
                begun.add(tool);
            } else if (was == State.FAILURE && (tool.state() == State.WELL || tool.state() == State.UPDATE)) {
                notices.add(over(tool, Optional.ofNullable(since.get(tool.name())), at));
            }
        }
        if (begun.size() > 1) {
            notices.add(new Notice(
                    "several",
                    begun.size() + " tools need you",
                    String.join(", ", begun.stream().map(ToolGlance::name).toList()),
                    List.of(new Choice("Open", List.of("lamplighter", "window")))));
        } else {
            begun.forEach(tool -> notices.add(0, begins(tool, since.getOrDefault(tool.name(), at), zone)));
        }
        return List.copyOf(notices);
    }

    /// At most once a day: what is ready.
    public static Optional<Notice> updates(Glance now) {
        List<ToolGlance> ready =
                now.tools().stream().filter(tool -> tool.updateTo().isPresent()).toList();
        return switch (ready.size()) {
            case 0 -> Optional.empty();
            case 1 ->
                Optional.of(new Notice(
                        "updates",
                        "%s %s is ready"
                                .formatted(
                                        ready.getFirst().name(),
                                        ready.getFirst().updateTo().orElse("")),
                        "%s is installed.".formatted(ready.getFirst().version()),
                        List.of(new Choice(
                                "Open",
                                List.of(
                                        "lamplighter",
                                        "window",
                                        ready.getFirst().name())))));
            default ->
                Optional.of(new Notice(
                        "updates",
                        ready.size() + " updates are ready",
                        String.join(", ", ready.stream().map(ToolGlance::name).toList()),
                        List.of(new Choice("Open", List.of("lamplighter", "window")))));
        };
    }

    private static Notice begins(ToolGlance tool, Instant since, ZoneId zone) {
        String time = CLOCK.format(since.atZone(zone));
        boolean silent = tool.headline().startsWith("Not answering");
        return new Notice(
                tool.name(),
                silent ? tool.name() + " is not answering" : tool.name() + " needs you",
                silent
                        ? "Since %s. It is running, but does not respond.".formatted(time)
                        : "%s. Since %s.".formatted(tool.headline(), time),
                List.of(
                        tool.unit().isPresent()
                                ? new Choice("Restart", List.of("lamplighter", "restart", tool.name()))
                                : new Choice("Check again", List.of("lamplighter", "doctor", tool.name())),
                        new Choice("Open", List.of("lamplighter", "window", tool.name()))));
    }

    private static Notice over(ToolGlance tool, Optional<Instant> since, Instant at) {
        return new Notice(
                tool.name(),
                tool.endpoint().isPresent() ? tool.name() + " answers again" : tool.name() + " is well again",
                since.map(begin -> "After %s.".formatted(words(Duration.between(begin, at))))
                        .orElse("Nothing is needed."),
                List.of(new Choice("Open", List.of("lamplighter", "window", tool.name()))));
    }

    private static String words(Duration duration) {
        long minutes = duration.toMinutes();
        if (minutes < 1) {
            return Math.max(1, duration.toSeconds()) + " s";
        }
        return minutes == 1 ? "1 minute" : minutes < 120 ? minutes + " minutes" : duration.toHours() + " hours";
    }
}
