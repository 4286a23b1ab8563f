package io.github.lamplighter.window;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;

/// The menu of a finding: copy, what it means, and how long to ignore it.
final class FindingMenu {

    private static final int DAYS = 7;

    private FindingMenu() {}

    static List<MenuItem> items(HealthViewModel model, ToolDetails.Finding finding, Consumer<Action> act) {
        List<MenuItem> items = new ArrayList<>();
        items.add(item("Copy", () -> DialogHost.copy(finding.asText())));
        items.add(item("Explain", () -> model.explain(finding)));
        String tool = model.shown().row().map(ToolRow::id).orElse("");
        if (finding.ignored()) {
            items.add(item(
                    "Stop ignoring", () -> act.accept(Action.of("Stop ignoring", "unignore", tool, finding.id()))));
        } else if (finding.needsAttention()) {
            Menu ignore = new Menu("Ignore");
            ignore.getItems().add(ignore(act, tool, finding, "Until it changes", "change"));
            LocalDate day = model.today().plusDays(DAYS);
            ignore.getItems().add(ignore(act, tool, finding, "For %d days".formatted(DAYS), day.toString()));
            if (model.shown().row().filter(row -> !row.version().isEmpty()).isPresent()) {
                ignore.getItems().add(ignore(act, tool, finding, "In this version", "upgrade"));
            }
            ignore.getItems().add(ignore(act, tool, finding, "Always", "always"));
            items.add(ignore);
        }
        return items;
    }

    private static MenuItem ignore(
            Consumer<Action> act, String tool, ToolDetails.Finding finding, String text, String until) {
        return item(
                text,
                () -> act.accept(Action.of(
                        "Ignore “%s”".formatted(finding.title()), "ignore", tool, finding.id(), "--until", until)));
    }

    private static MenuItem item(String text, Runnable chosen) {
        MenuItem item = new MenuItem(text);
        item.setOnAction(_ -> chosen.run());
        return item;
    }
}
