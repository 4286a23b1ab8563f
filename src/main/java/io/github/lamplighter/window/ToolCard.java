package io.github.lamplighter.window;

import java.util.List;
import java.util.Optional;
import javafx.geometry.VPos;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// A tool on the overview, with the fix of its worst problem, or its update. It shows another state in the same
/// nodes, so that the focus stays on its button.
final class ToolCard extends TextRow {

    private static final List<String> ROLES = List.of("failure", "warning", "update");

    private final OverviewView.Clicks clicks;
    private final StackPane icon;
    private final Label name;
    private final Label headline;
    private final Button button = new Button();
    private final Hyperlink show;
    private String id = "";
    private Optional<ToolDetails.Finding> problem = Optional.empty();

    ToolCard(OverviewView.Clicks clicks) {
        this(
                clicks,
                new StackPane(),
                StatusIcons.label("", "name"),
                StatusIcons.wrapped("", "headline"),
                new Hyperlink("Show ›"));
    }

    private ToolCard(OverviewView.Clicks clicks, StackPane icon, Label name, Label headline, Hyperlink show) {
        super(icon, new VBox(name, headline), show, VPos.CENTER);
        this.clicks = clicks;
        this.icon = icon;
        this.name = name;
        this.headline = headline;
        this.show = show;
        icon.getStyleClass().add("icon-box");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setMnemonicParsing(false);
        show.setMinWidth(Region.USE_PREF_SIZE);
        buttons().getChildren().setAll(button);
        getStyleClass().addAll("card-row");
    }

    String id() {
        return id;
    }

    /// The problem that it shows; empty for an update.
    Optional<ToolDetails.Finding> problem() {
        return problem;
    }

    /// Shows the worst problem, and its first fix.
    void showProblem(ToolRow row) {
        problem = row.problem();
        show(row, row.mark(), row.headline(), row.fix());
        role(row.mark() == ToolRow.Mark.FAILURE ? "failure" : "warning");
    }

    void showUpdate(ToolRow row) {
        String to = row.update().map(ToolDetails.Update::to).orElse("");
        show(
                row,
                ToolRow.Mark.UPDATE,
                "%s → %s".formatted(row.version(), to),
                Optional.of(Action.of("Upgrade to " + to, "upgrade", row.id())));
        role("update");
    }

    /// Shows the new version of a tool that was upgraded lately, and the way back.
    ///
    /// @param sentence which version it was before, and when
    void showUpgraded(ToolRow row, String sentence) {
        show(row, ToolRow.Mark.INFO, sentence, row.rollback());
        getStyleClass().removeAll(ROLES);
    }

    private void show(ToolRow row, ToolRow.Mark mark, String text, Optional<Action> action) {
        id = row.id();
        icon.getChildren().setAll(StatusIcons.icon(mark));
        name.setText(row.isLamplighter() ? "Lamplighter" : row.name());
        headline.setText(text);
        StatusIcons.show(button, action.isPresent());
        action.ifPresent(offered -> {
            button.setText(offered.label());
            button.setOnAction(_ -> clicks.act().accept(row, offered));
        });
        show.setAccessibleText("Show " + row.name());
        show.setOnAction(_ -> clicks.open().accept(row));
        setAccessibleText(row.spoken());
    }

    private void role(String role) {
        getStyleClass().removeAll(ROLES);
        getStyleClass().add(role);
    }
}
