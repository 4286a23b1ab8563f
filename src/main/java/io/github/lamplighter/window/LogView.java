package io.github.lamplighter.window;

import io.github.lamplighter.service.LogLine;
import java.util.stream.Collectors;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// The tab Log.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class LogView {

    private final LogViewModel model;

    @FXML
    private TextField find;

    @FXML
    private ChoiceBox<LogViewModel.Level> level;

    @FXML
    private ChoiceBox<LogViewModel.Span> span;

    @FXML
    private ToggleButton follow;

    @FXML
    private ListView<LogLine> log;

    @FXML
    private Label message;

    private final Parent root;

    LogView(LogViewModel model) {
        this.model = model;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        find.textProperty().addListener((_, _, text) -> model.find(text));
        level.getItems().setAll(LogViewModel.Level.values());
        level.setValue(LogViewModel.Level.ALL);
        level.valueProperty().addListener((_, _, chosen) -> model.show(chosen));
        span.getItems().setAll(LogViewModel.Span.values());
        span.setValue(LogViewModel.Span.LAST_300);
        span.valueProperty().addListener((_, _, chosen) -> model.show(chosen));
        model.followsProperty().subscribe(follows -> {
            follow.setSelected(follows);
            follow.setText(follows ? "Pause" : "Follow");
            follow.setGraphic(StatusIcons.icon(follows ? Feather.PAUSE : Feather.PLAY, "info"));
        });
        message.textProperty().bind(model.messageProperty());
        log.setItems(model.lines());
        log.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        log.setCellFactory(_ -> new LineCell(model));
        log.setPlaceholder(new Label());
        log.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        model.lines().addListener((ListChangeListener<LogLine>) _ -> {
            if (!model.lines().isEmpty()) {
                log.scrollTo(model.lines().size() - 1);
            }
        });
    }

    @FXML
    void follow() {
        if (follow.isSelected()) {
            model.follow();
        } else {
            model.stopFollowing();
        }
    }

    /// Copies the selected lines.
    private void key(KeyEvent event) {
        if (new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN).match(event)) {
            DialogHost.copy(log.getSelectionModel().getSelectedItems().stream()
                    .map(model::text)
                    .collect(Collectors.joining("\n")));
            event.consume();
        }
    }

    private static final class LineCell extends ListCell<LogLine> {

        private final LogViewModel model;

        LineCell(LogViewModel model) {
            this.model = model;
        }

        @Override
        protected void updateItem(@Nullable LogLine line, boolean empty) {
            super.updateItem(line, empty);
            getStyleClass().removeAll("error", "warning");
            if (empty || line == null) {
                setText("");
                return;
            }
            setText(model.text(line));
            LogViewModel.word(line).ifPresent(getStyleClass()::add);
        }
    }
}
