package io.github.lamplighter.window;

import atlantafx.base.controls.ToggleSwitch;
import atlantafx.base.theme.Styles;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.window.SettingsViewModel.Ignored;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import javafx.beans.binding.Bindings;
import javafx.collections.FXCollections;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

/// The settings page: every setting of the command line, with a control of its kind, and what the user ignores.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class SettingsView {

    /// The headings, by the first part of a setting's key.
    private static final Map<String, List<String>> GROUPS = Map.of(
            "Checks", List.of("doctor", "probe", "network"),
            "Updates", List.of("updates", "snapshots"),
            "Notifications", List.of("notify"),
            "Window and tray icon", List.of("theme", "tray"));

    private static final List<String> ORDER = List.of("Checks", "Updates", "Notifications", "Window and tray icon");

    private final SettingsViewModel model;
    private final DoubleSupplier textSize;
    private final DoubleConsumer setTextSize;

    /// Shows a value in the control of a setting.
    private final Map<Setting, Consumer<String>> controls = new EnumMap<>(Setting.class);

    @FXML
    private ToggleSwitch autostart;

    @FXML
    private Label autostartWords;

    @FXML
    private Label message;

    @FXML
    private VBox groups;

    @FXML
    private VBox ignoredGroup;

    @FXML
    private VBox ignored;

    @FXML
    private Label text;

    private final Parent root;
    private boolean showing;

    SettingsView(SettingsViewModel model, DoubleSupplier textSize, DoubleConsumer setTextSize) {
        this.model = model;
        this.textSize = textSize;
        this.setTextSize = setTextSize;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        message.textProperty().bind(model.messageProperty());
        model.messageProperty().subscribe(shown -> StatusIcons.show(message, !shown.isEmpty()));
        model.autostartWordsProperty().subscribe(words -> {
            if (!words.isEmpty()) {
                autostartWords.setText(words + " Services run without it.");
            }
        });
        model.autostartProperty().subscribe(on -> {
            showing = true;
            autostart.setSelected(on.orElse(false));
            showing = false;
        });
        autostart
                .disableProperty()
                .bind(model.busyProperty()
                        .or(Bindings.createBooleanBinding(
                                () -> model.autostartProperty().get().isEmpty(), model.autostartProperty())));
        // Not `subscribe`, which calls at once: only a click may change anything.
        autostart.selectedProperty().addListener((_, _, wanted) -> {
            if (!showing) {
                model.startAtLogin(wanted);
            }
        });
        ORDER.forEach(this::group);
        model.valuesProperty().subscribe(this::show);
        showText();
    }

    /// Shows what is ignored now.
    void showIgnored() {
        List<Ignored> all = model.ignored();
        ignored.getChildren().setAll(all.stream().map(this::line).toList());
        StatusIcons.show(ignoredGroup, !all.isEmpty());
    }

    private void show(Map<Setting, String> values) {
        showing = true;
        values.forEach((setting, value) ->
                Objects.requireNonNull(controls.get(setting)).accept(value));
        showing = false;
    }

    private void group(String title) {
        VBox lines = new VBox();
        lines.getStyleClass().add("settings");
        Arrays.stream(Setting.values())
                .filter(setting -> isIn(title, setting))
                .forEach(setting -> lines.getChildren().add(line(setting)));
        VBox group = new VBox(StatusIcons.label(title, "group-title"), lines);
        group.getStyleClass().add("settings-group");
        groups.getChildren().add(group);
    }

    private static boolean isIn(String title, Setting setting) {
        String prefix = setting.key().split("\\.", 2)[0];
        List<String> prefixes = Objects.requireNonNull(GROUPS.get(title));
        // A new kind of setting is shown, too.
        return prefixes.contains(prefix)
                || (title.equals("Window and tray icon")
                        && GROUPS.values().stream().noneMatch(known -> known.contains(prefix)));
    }

    private Node line(Setting setting) {
        Label problem = StatusIcons.wrapped("", "meta", "failure");
        StatusIcons.show(problem, false);
        Control control = control(setting, problem);
        control.setAccessibleText(setting.about());
        control.setId("setting-" + setting.key());
        control.setMinWidth(Region.USE_PREF_SIZE);
        VBox words = new VBox(
                StatusIcons.wrapped(setting.about(), "name"),
                StatusIcons.wrapped("%s · %s".formatted(setting.key(), setting.takes()), "headline"),
                problem);
        words.getStyleClass().add("tight");
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox line = new HBox(words, control);
        line.getStyleClass().add("setting");
        return line;
    }

    private Control control(Setting setting, Label problem) {
        return switch (setting.form()) {
            case Setting.Form.Word(List<String> words) when words.equals(List.of("on", "off")) -> toggle(setting);
            case Setting.Form.Word(List<String> words) -> choice(setting, words);
            case Setting.Form.Span _ -> field(setting, problem, 6);
            case Setting.Form.Names _ -> field(setting, problem, 18);
        };
    }

    private ToggleSwitch toggle(Setting setting) {
        ToggleSwitch toggle = new ToggleSwitch();
        controls.put(setting, value -> toggle.setSelected(value.equals("on")));
        toggle.selectedProperty().addListener((_, _, on) -> {
            if (!showing) {
                model.set(setting, on ? "on" : "off");
            }
        });
        return toggle;
    }

    private ChoiceBox<String> choice(Setting setting, List<String> words) {
        ChoiceBox<String> choice = new ChoiceBox<>(FXCollections.observableArrayList(words));
        choice.setConverter(new Capitalized());
        controls.put(setting, choice::setValue);
        choice.valueProperty().addListener((_, _, word) -> {
            if (!showing && word != null) {
                model.set(setting, word);
            }
        });
        return choice;
    }

    private TextField field(Setting setting, Label problem, int columns) {
        TextField field = new TextField();
        field.setPrefColumnCount(columns);
        controls.put(setting, field::setText);
        field.textProperty().subscribe(value -> {
            String objection = value.isEmpty() ? "" : setting.objection(value).orElse("");
            problem.setText(objection);
            StatusIcons.show(problem, !objection.isEmpty());
            field.pseudoClassStateChanged(Styles.STATE_DANGER, !objection.isEmpty());
        });
        field.setOnAction(_ -> commit(setting, field));
        field.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                commit(setting, field);
            }
        });
        return field;
    }

    private void commit(Setting setting, TextField field) {
        if (setting.objection(field.getText()).isEmpty()) {
            model.set(setting, field.getText());
        }
    }

    private Node line(Ignored finding) {
        Label title = StatusIcons.wrapped(finding.tool(), "name");
        Label detail = StatusIcons.wrapped(
                finding.isSkippedVersion() ? "Skipped: " + finding.title() : finding.title(), "headline");
        VBox words = new VBox(title, detail);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        Button stop = new Button(finding.isSkippedVersion() ? "Stop skipping" : "Stop ignoring");
        stop.setMinWidth(Region.USE_PREF_SIZE);
        stop.setAccessibleText("%s: %s, %s".formatted(stop.getText(), finding.tool(), finding.title()));
        stop.setOnAction(_ -> model.stopIgnoring(finding));
        HBox line = new HBox(words, stop);
        line.getStyleClass().add("setting");
        return line;
    }

    @FXML
    void largerText() {
        setTextSize.accept(textSize.getAsDouble() + 0.1);
        showText();
    }

    @FXML
    void smallerText() {
        setTextSize.accept(textSize.getAsDouble() - 0.1);
        showText();
    }

    void showText() {
        text.setText("%d %%".formatted(Math.round(textSize.getAsDouble() * 100)));
    }

    private static final class Capitalized extends StringConverter<String> {

        @Override
        public String toString(String word) {
            return word == null || word.isEmpty()
                    ? ""
                    : word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1);
        }

        @Override
        public String fromString(String text) {
            return text.toLowerCase(java.util.Locale.ROOT);
        }
    }
}
