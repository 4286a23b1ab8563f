package io.github.lamplighter.window;

import io.github.lamplighter.status.StateDays;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The last 30 days of the services on the overview: those with the most trouble first, and a count of the rest.
final class StripList extends VBox {

    private static final int SHOWN = 8;

    private final Consumer<ToolRow> open;
    private final Map<String, Line> lines = new LinkedHashMap<>();

    StripList(Consumer<ToolRow> open) {
        this.open = open;
        getStyleClass().add("strips");
    }

    private record Known(ToolRow row, StateDays days) {}

    /// @param days of the tools, by id
    void show(List<ToolRow> rows, Map<String, StateDays> days) {
        List<Known> services = rows.stream()
                .filter(row -> row.managed() && row.isService())
                .flatMap(row -> Optional.ofNullable(days.get(row.id()))
                        .filter(known -> !known.isEmpty())
                        .map(known -> new Known(row, known))
                        .stream())
                .sorted(Comparator.comparingLong((Known known) -> known.days().trouble())
                        .reversed()
                        .thenComparing(known -> known.row().name()))
                .toList();
        lines.keySet()
                .retainAll(services.stream().map(known -> known.row().id()).toList());
        List<Node> nodes = new ArrayList<>();
        services.stream().limit(SHOWN).forEach(known -> {
            Line line = lines.computeIfAbsent(known.row().id(), _ -> new Line());
            line.show(known);
            nodes.add(line);
        });
        if (services.size() > SHOWN) {
            nodes.add(StatusIcons.label(rest(services.subList(SHOWN, services.size())), "meta"));
        }
        ChildNodes.arrange(getChildren(), nodes);
    }

    private static String rest(List<Known> others) {
        long bad = others.stream().filter(known -> known.days().trouble() > 0).count();
        String count = HumanFormat.count(others.size(), "more tool", "more tools");
        return bad == 0 ? count + " without a problem" : "%s, %d with problems or warnings".formatted(count, bad);
    }

    private final class Line extends HBox {

        private final Hyperlink name = new Hyperlink();
        private final DayStrip strip = new DayStrip();
        private final Label text = StatusIcons.label("", "meta");

        Line() {
            name.getStyleClass().add("strip-name");
            // In a narrow window with large text it has two lines.
            text.setMinWidth(0);
            text.setWrapText(true);
            text.setMinHeight(Region.USE_PREF_SIZE);
            HBox.setHgrow(text, Priority.ALWAYS);
            name.setMinWidth(Region.USE_PREF_SIZE);
            getChildren().setAll(name, strip, text);
            getStyleClass().add("row");
        }

        void show(Known known) {
            ToolRow row = known.row();
            StateDays days = known.days();
            name.setText(row.name());
            name.setOnAction(_ -> open.accept(row));
            name.setAccessibleText("%s. %s".formatted(row.name(), days.sentence()));
            strip.show(days, Map.of());
            text.setText(days.brief());
        }
    }
}
