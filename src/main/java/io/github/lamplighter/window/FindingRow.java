package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Severity;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.css.PseudoClass;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TitledPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/// One finding of the tab Health. A newer report changes it in place, so that it keeps the focus and its
/// unfolded details.
final class FindingRow {

    private static final PseudoClass WAITING = PseudoClass.getPseudoClass("waiting");

    private final HealthViewModel model;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
    private final Consumer<Action> act;

    private final BooleanProperty waiting = new SimpleBooleanProperty(false);
    private final StackPane icon = new StackPane();
    private final Label title = StatusIcons.wrapped("", "finding-title");
    private final Label meta = StatusIcons.label("", "meta");
    private final VBox text = new VBox(title);
    private final MenuButton menu = new MenuButton("", StatusIcons.icon(Feather.MORE_HORIZONTAL, "info"));
    private final TextRow line = new TextRow(icon, text, menu, VPos.TOP);
    private Optional<ToolDetails.Finding> shown = Optional.empty();
    private Optional<TitledPane> details = Optional.empty();

    FindingRow(HealthViewModel model, WindowServices windowServices, Consumer<Action> act) {
        this.model = model;
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.act = act;
        icon.getStyleClass().add("icon-box");
        text.getStyleClass().add("finding-text");
        menu.getStyleClass().addAll("button-icon", "flat", "dots");
        menu.setMinWidth(Region.USE_PREF_SIZE);
        line.setFocusTraversable(true);
        line.setAccessibleRole(AccessibleRole.LIST_ITEM);
        line.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        line.setOnMousePressed(_ -> line.requestFocus());
    }

    Region root() {
        return line;
    }

    /// Explains the finding if the focus is on it or inside of it.
    boolean explainIfFocused() {
        boolean focused = ChildNodes.hasFocus(line);
        shown.filter(_ -> focused).ifPresent(model::explain);
        return focused;
    }

    void focus() {
        line.requestFocus();
    }

    void show(ToolDetails.Finding finding) {
        fillMeta(finding);
        if (shown.filter(finding::equals).isPresent()) {
            return;
        }
        boolean unfolded = details.map(TitledPane::isExpanded).orElse(false);
        boolean focused = ChildNodes.hasFocus(line);
        shown = Optional.of(finding);
        ToolRow.Mark mark = StatusIcons.of(finding.severity());
        icon.getChildren().setAll(StatusIcons.icon(mark));
        title.setText(finding.title() + (finding.ignored() ? " (ignored)" : ""));
        List<Node> texts = new ArrayList<>(List.of(title));
        boolean titleSaysSo = finding.title().startsWith("Could not");
        if (finding.needsAttention() || mark == ToolRow.Mark.UNKNOWN && !titleSaysSo) {
            texts.add(meta);
        }
        finding.effect().ifPresent(effect -> texts.add(StatusIcons.wrapped(effect, "text-muted")));
        finding.notes().forEach(note -> texts.add(StatusIcons.wrapped(note, "text-muted")));
        finding.copies().forEach(copy -> texts.add(CopyLine.of(copy.text())));
        details = finding.evidence().isEmpty() ? Optional.empty() : Optional.of(details(finding, unfolded));
        details.ifPresent(texts::add);
        text.getChildren().setAll(texts);
        line.getStyleClass().setAll("finding", mark.style());
        boolean isToDo = !finding.ignored() && finding.severity() != Severity.OK;
        line.buttons()
                .getChildren()
                .setAll(isToDo ? finding.actions().stream().map(this::remedy).toList() : List.of());
        fillMenu(finding);
        line.setAccessibleText(spoken(finding, mark));
        if (focused && !ChildNodes.hasFocus(line)) {
            focus();
        }
    }

    private String spoken(ToolDetails.Finding finding, ToolRow.Mark mark) {
        String since = finding.since()
                .filter(_ -> finding.needsAttention())
                .map(at -> ", " + humanFormat.since(at, clock.instant()))
                .orElse("");
        return "%s: %s%s%s".formatted(mark.word(), finding.title(), since, finding.ignored() ? ", ignored" : "");
    }

    /// Dims the finding while it is being checked again, and disables its fix, which may not be needed any more.
    void fillWaiting() {
        boolean now = shown.filter(model::isWaiting).isPresent();
        if (now && !waiting.get() && ChildNodes.hasFocus(line)) {
            focus();
        }
        waiting.set(now);
        line.pseudoClassStateChanged(WAITING, waiting.get());
    }

    /// Its age grows without a new report.
    private void fillMeta(ToolDetails.Finding finding) {
        ToolRow.Mark mark = StatusIcons.of(finding.severity());
        List<String> parts = new ArrayList<>(List.of(mark.word()));
        finding.since()
                .filter(_ -> finding.needsAttention())
                .ifPresent(since -> parts.add(humanFormat.since(since, clock.instant())));
        meta.setText(String.join(" · ", parts));
        meta.getStyleClass().setAll("label", "meta", mark.style());
    }

    /// The focus waits on the line: the button is disabled while its command runs.
    private Button remedy(Action action) {
        return ActionButton.of(action, waiting.or(model.shown().busyProperty()), () -> {
            focus();
            act.accept(action);
        });
    }

    private static TitledPane details(ToolDetails.Finding finding, boolean unfolded) {
        VBox lines = new VBox();
        lines.getStyleClass().add("evidence-lines");
        finding.evidence().forEach(text -> lines.getChildren().add(StatusIcons.wrapped(text, "evidence")));
        TitledPane fold = new TitledPane("Details", lines);
        fold.getStyleClass().addAll("dense", "fold");
        fold.setAnimated(false);
        fold.setExpanded(unfolded);
        fold.setFocusTraversable(false);
        return fold;
    }

    private void fillMenu(ToolDetails.Finding finding) {
        menu.setAccessibleText("More actions for: " + finding.title());
        menu.getItems().setAll(FindingMenu.items(model, finding, act));
    }

    private void key(KeyEvent event) {
        if (event.getTarget() != line) {
            return;
        }
        if (event.getCode() == KeyCode.SPACE || event.getCode() == KeyCode.ENTER) {
            details.ifPresent(fold -> fold.setExpanded(!fold.isExpanded()));
            event.consume();
        } else if (new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN).match(event)) {
            shown.ifPresent(finding -> DialogHost.copy(finding.asText()));
            event.consume();
        } else if (event.getCode() == KeyCode.CONTEXT_MENU) {
            menu.show();
            event.consume();
        }
    }
}
