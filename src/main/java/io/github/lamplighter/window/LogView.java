package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import java.util.Optional;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import org.kordamp.ikonli.feather.Feather;

/// The tab Log.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class LogView {

    private final LogViewModel model;

    @FXML
    private ChoiceBox<LogViewModel.Span> span;

    @FXML
    private ToggleButton follow;

    @FXML
    private TextArea log;

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
        span.getItems().setAll(LogViewModel.Span.values());
        span.setValue(LogViewModel.Span.LAST_300);
        span.valueProperty().addListener((_, _, wanted) -> model.show(wanted));
        model.followsProperty().subscribe(follows -> {
            follow.setSelected(follows);
            follow.setGraphic(StatusIcons.icon(follows ? Feather.PAUSE : Feather.PLAY, "info"));
        });
        model.linesProperty().subscribe(this::fill);
    }

    @FXML
    void follow() {
        if (follow.isSelected()) {
            model.follow();
        } else {
            model.stopFollowing();
        }
    }

    private void fill(Optional<CliClient.Lines> lines) {
        String text = lines.map(said -> String.join("\n", said.lines())).orElse("");
        log.setText(text);
        log.positionCaret(text.length());
        StatusIcons.show(log, !text.isEmpty());
        message.setText(lines.map(said -> said.problem().isEmpty() ? "No log entries yet" : said.problem())
                .orElse("Loading the log…"));
        StatusIcons.show(message, text.isEmpty());
    }
}
