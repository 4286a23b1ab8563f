package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The findings of one group. It is unfolded if it has a problem when the page opens, and when it gets its
/// first one; it never folds by itself.
final class FindingGroup {

    private final String title;
    private final Function<ToolDetails.Finding, FindingRow> newRow;
    private final Map<String, FindingRow> rows = new LinkedHashMap<>();
    private final VBox lines = new VBox();
    private final StackPane tallyIcon = new StackPane();
    private final Label tally = StatusIcons.label("", "meta");
    private final TitledPane pane = new TitledPane();
    private boolean hadProblems;

    FindingGroup(Group group, String tool, Function<ToolDetails.Finding, FindingRow> newRow) {
        this.title = group == Group.OWN_DOCTOR ? tool + "'s own doctor" : group.title();
        this.newRow = newRow;
        lines.getStyleClass().add("findings");
        HBox right = new HBox(tallyIcon, tally);
        right.getStyleClass().add("tally");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox header = new HBox(StatusIcons.label(title, "group-title"), space, right);
        header.getStyleClass().add("group-header");
        header.prefWidthProperty().bind(pane.widthProperty().subtract(44));
        // Its header is as wide as the pane, which must still shrink with the window.
        pane.setMinWidth(0);
        pane.setContent(lines);
        pane.getStyleClass().addAll("dense", "group");
        pane.setAnimated(false);
        pane.setExpanded(false);
        pane.setGraphic(header);
        pane.setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    }

    TitledPane root() {
        return pane;
    }

    void show(List<ToolDetails.Finding> findings) {
        boolean hasProblems = findings.stream().anyMatch(ToolDetails.Finding::needsAttention);
        boolean focused = ChildNodes.hasFocus(lines);
        rows.keySet().retainAll(findings.stream().map(ToolDetails.Finding::id).toList());
        List<Region> nodes = new ArrayList<>();
        for (ToolDetails.Finding finding : findings) {
            FindingRow row = rows.computeIfAbsent(finding.id(), _ -> newRow.apply(finding));
            row.show(finding);
            nodes.add(row.root());
        }
        ChildNodes.arrange(lines.getChildren(), nodes);
        fillTally(findings);
        if (hasProblems && !hadProblems) {
            pane.setExpanded(true);
        }
        hadProblems = hasProblems;
        if (focused && !ChildNodes.hasFocus(lines)) {
            // The finding with the focus is gone.
            pane.requestFocus();
        }
    }

    boolean explainIfFocused() {
        return rows.values().stream().anyMatch(FindingRow::explainIfFocused);
    }

    /// Dims the findings that are being checked again.
    void fillWaiting() {
        rows.values().forEach(FindingRow::fillWaiting);
    }

    private void fillTally(List<ToolDetails.Finding> findings) {
        long problems = count(findings, finding -> finding.needsAttention() && finding.severity() != Severity.WARNING);
        long warnings = count(findings, ToolDetails.Finding::needsAttention) - problems;
        long unknown = count(findings, finding -> !finding.ignored() && finding.severity() == Severity.UNKNOWN);
        long ignored = count(findings, ToolDetails.Finding::ignored);
        List<String> parts = new ArrayList<>();
        if (problems > 0) {
            parts.add(HumanFormat.count(problems, "problem", "problems"));
        }
        if (warnings > 0) {
            parts.add(HumanFormat.count(warnings, "warning", "warnings"));
        }
        if (parts.isEmpty()) {
            parts.add(
                    unknown > 0
                            ? "%d of %d could not be checked".formatted(unknown, findings.size())
                            : HumanFormat.count(findings.size(), "check", "checks"));
        }
        if (ignored > 0) {
            parts.add(ignored + " ignored");
        }
        ToolRow.Mark mark = problems > 0
                ? ToolRow.Mark.FAILURE
                : warnings > 0 ? ToolRow.Mark.WARNING : unknown > 0 ? ToolRow.Mark.UNKNOWN : ToolRow.Mark.OK;
        tallyIcon.getChildren().setAll(StatusIcons.icon(mark));
        tally.setText(String.join(", ", parts));
        pane.setAccessibleText(title + ": " + tally.getText());
    }

    private static long count(List<ToolDetails.Finding> findings, Predicate<ToolDetails.Finding> matching) {
        return findings.stream().filter(matching).count();
    }
}
