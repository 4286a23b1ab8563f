package io.github.lamplighter.window;

import atlantafx.base.controls.Popover;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/// The line of facts of a tool: each a button that shows its details. The same button stays for a fact, so that it
/// keeps the focus.
final class FactChips {

    private final FlowPane pane;
    private final Map<ToolDetails.FactName, Button> buttons = new EnumMap<>(ToolDetails.FactName.class);

    FactChips(FlowPane pane) {
        this.pane = pane;
    }

    void show(ToolRow row) {
        List<Button> shown = new ArrayList<>();
        for (ToolDetails.FactName name : ToolDetails.FactName.values()) {
            if (row.expectedRunning() || name == ToolDetails.FactName.INSTALLED) {
                row.report()
                        .flatMap(report -> Optional.ofNullable(report.facts().get(name)))
                        .ifPresent(value ->
                                shown.add(fill(buttons.computeIfAbsent(name, _ -> new Button()), name, value)));
            }
        }
        ChildNodes.arrange(pane.getChildren(), shown);
        StatusIcons.show(pane, !shown.isEmpty());
    }

    private static Button fill(Button button, ToolDetails.FactName fact, ToolDetails.Fact value) {
        String role = value.value().map(known -> known ? "ok" : "failure").orElse("unknown");
        Feather shape =
                value.value().map(known -> known ? Feather.CHECK : Feather.X).orElse(Feather.HELP_CIRCLE);
        button.setText(fact.title());
        button.setGraphic(StatusIcons.icon(shape, role));
        button.getStyleClass().setAll("button", "fact", role);
        button.setAccessibleText(fact.title() + ": " + value.word());
        button.setOnAction(_ -> {
            VBox details = new VBox(StatusIcons.label(fact.title() + ": " + value.word(), "name"));
            List<String> lines = value.evidence().isEmpty() ? List.of("No details recorded") : value.evidence();
            lines.forEach(line -> details.getChildren().add(StatusIcons.wrapped(line, "evidence")));
            details.getStyleClass().add("popover-details");
            Popover popover = new Popover(details);
            popover.setHeaderAlwaysVisible(false);
            popover.setDetachable(false);
            popover.setArrowLocation(Popover.ArrowLocation.TOP_CENTER);
            popover.show(button);
        });
        return button;
    }
}
