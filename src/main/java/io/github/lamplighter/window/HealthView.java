package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Group;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The tab Health: the findings of the last report by group, each with its fix.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class HealthView {

    private final HealthViewModel model;
    private final WindowServices windowServices;
    private final HumanFormat humanFormat;
    private final Consumer<URI> browse;
    private final DialogHost dialogHost;
    private final BiConsumer<ToolRow, Action> act;

    @FXML
    private Label checked;

    @FXML
    private StackPane spinner;

    @FXML
    private Button checkAgain;

    @FXML
    private VBox groups;

    private final Parent root;
    private final Map<Group, FindingGroup> panes = new EnumMap<>(Group.class);
    private final FxTimer seconds = FxTimer.every(Duration.ofSeconds(1), this::fillProgress);
    private String tool = "";

    HealthView(
            HealthViewModel model,
            WindowServices windowServices,
            DialogHost dialogHost,
            BiConsumer<ToolRow, Action> act) {
        this.model = model;
        this.windowServices = windowServices;
        this.humanFormat = windowServices.humanFormat();
        this.browse = windowServices.browse();
        this.dialogHost = dialogHost;
        this.act = act;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        model.shown().rowProperty().subscribe(row -> row.ifPresent(this::fill));
        model.explainedProperty()
                .subscribe(explained -> explained.ifPresent(page -> dialogHost.tell(page.title(), page.text())));
        model.checkingProperty().subscribe(checking -> {
            boolean focused = checkAgain.isFocused();
            StatusIcons.show(spinner, checking);
            checkAgain.setDisable(checking);
            if (focused && checking) {
                checked.requestFocus();
            }
            if (checking) {
                seconds.start();
            } else {
                seconds.stop();
            }
            fillProgress();
        });
        model.answeredProperty().subscribe(_ -> fillProgress());
        spinner.getChildren().setAll(StatusIcons.spinner());
    }

    @FXML
    void checkAgain() {
        model.check();
    }

    /// Explains the finding that has the focus.
    ///
    /// @return whether there was one
    boolean explainFocused() {
        return panes.values().stream().anyMatch(FindingGroup::explainIfFocused);
    }

    private void fillProgress() {
        checked.setText(model.checkedSentence());
        panes.values().forEach(FindingGroup::fillWaiting);
    }

    private void fill(ToolRow row) {
        if (!tool.equals(row.id())) {
            tool = row.id();
            panes.clear();
        }
        checked.setText(model.checkedSentence());
        boolean known = row.managed() && row.broken().isEmpty();
        StatusIcons.show(checkAgain, known);
        StatusIcons.show(checked, known);
        checkAgain.setText(row.report().isPresent() ? "Check again" : "Check now");
        List<Node> nodes = new ArrayList<>();
        if (row.broken().isPresent()) {
            nodes.addAll(broken(row, row.broken().get()));
        } else if (!row.managed()) {
            Button manage = new Button("Manage…");
            manage.setId("manage");
            manage.getStyleClass().add("accent");
            manage.setOnAction(_ -> act.accept(row, Action.of("Manage", "add", row.id())));
            nodes.add(StatusIcons.wrapped("Lamplighter doesn't manage this tool yet.", "text-muted"));
            nodes.add(manage);
            nodes.add(StatusIcons.wrapped("The same in a terminal:", "text-muted"));
            nodes.add(CopyLine.of("lamplighter add " + row.id()));
        }
        List<ToolDetails.Finding> findings =
                row.report().map(ToolDetails::findings).orElse(List.of());
        for (Group group : Group.values()) {
            List<ToolDetails.Finding> own = findings.stream()
                    .filter(finding -> finding.group() == group)
                    .toList();
            if (!own.isEmpty()) {
                FindingGroup pane = panes.computeIfAbsent(
                        group,
                        _ -> new FindingGroup(
                                group,
                                row.name(),
                                _ -> new FindingRow(
                                        model,
                                        windowServices,
                                        action -> model.shown().with(now -> act.accept(now, action)))));
                pane.show(own);
                nodes.add(pane.root());
            }
        }
        ChildNodes.arrange(groups.getChildren(), nodes);
        fillProgress();
    }

    private List<Node> broken(ToolRow row, ToolRow.Broken broken) {
        List<Node> nodes = new ArrayList<>();
        String file = humanFormat.path(broken.file());
        String place = broken.line() > 0 ? "%s:%d:%d".formatted(file, broken.line(), broken.column()) : file;
        nodes.add(StatusIcons.wrapped(place + ": " + broken.why(), "text-muted"));
        Button button = new Button("Open " + file);
        button.setOnAction(_ -> browse.accept(Path.of(broken.file()).toUri()));
        nodes.add(button);
        nodes.add(StatusIcons.wrapped(
                "Lamplighter can't check, upgrade or start %s until the manifest is fixed. To see the problem, run:"
                        .formatted(row.name()),
                "text-muted"));
        nodes.add(CopyLine.of("lamplighter manifest lint " + row.id()));
        return nodes;
    }
}
