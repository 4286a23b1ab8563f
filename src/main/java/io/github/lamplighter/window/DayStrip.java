package io.github.lamplighter.window;

import io.github.lamplighter.status.SeenState;
import io.github.lamplighter.status.StateDays;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

/// The last days of a tool as a row of bars: the worse a day, the higher and the stronger its bar. The text next to
/// it says the same, and its tooltip says it for the day under the pointer.
final class DayStrip extends HBox {

    private static final Duration SOON = Duration.millis(150);

    private final Tooltip tooltip = new Tooltip();
    private StateDays days = new StateDays(List.of());
    private Map<LocalDate, String> events = Map.of();

    DayStrip() {
        getStyleClass().add("day-strip");
        setMinWidth(Region.USE_PREF_SIZE);
        setMaxWidth(Region.USE_PREF_SIZE);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        tooltip.setShowDelay(SOON);
        Tooltip.install(this, tooltip);
        setOnMouseMoved(moved -> tooltip.setText(title(moved.getX())));
        setOnMouseEntered(moved -> tooltip.setText(title(moved.getX())));
    }

    /// @param events what happened on a day, for its tooltip and with a mark under its bar
    void show(StateDays days, Map<LocalDate, String> events) {
        if (this.days.equals(days) && this.events.equals(events)) {
            return;
        }
        this.days = days;
        this.events = events;
        getChildren().setAll(days.days().stream().map(this::bar).toList());
        setAccessibleText(days.sentence());
    }

    private Region bar(StateDays.Day day) {
        Region bar = new Region();
        bar.getStyleClass().addAll("day", style(day.worst()));
        Region mark = new Region();
        mark.getStyleClass().add("day-mark");
        if (events.containsKey(day.date())) {
            mark.getStyleClass().add("event");
        }
        VBox column = new VBox(bar, mark);
        column.getStyleClass().add("day-column");
        return column;
    }

    private static String style(SeenState state) {
        return switch (state) {
            case UNKNOWN -> "unknown";
            case STOPPED -> "stopped";
            case OK -> "ok";
            case WARNING -> "warning";
            case FAILED -> "failure";
        };
    }

    private String title(double x) {
        if (days.days().isEmpty()) {
            return "";
        }
        int at = (int) (x / getWidth() * days.days().size());
        StateDays.Day day = days.days().get(Math.clamp(at, 0, days.days().size() - 1));
        return day.title() + (events.containsKey(day.date()) ? "\n" + events.get(day.date()) : "");
    }
}
