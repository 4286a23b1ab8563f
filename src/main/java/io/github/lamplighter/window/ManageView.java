package io.github.lamplighter.window;

import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.controlsfx.validation.Severity;
import org.controlsfx.validation.ValidationSupport;
import org.controlsfx.validation.Validator;

/// The form that starts managing a tool.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class ManageView {

    private final ManageViewModel model;
    private final Runnable close;
    private final Consumer<String> done;
    private final ValidationSupport validation = new ValidationSupport();

    @FXML
    private Label title;

    @FXML
    private TextField name;

    @FXML
    private TextField arguments;

    @FXML
    private TextField folder;

    @FXML
    private TextField address;

    @FXML
    private Label nameProblem;

    @FXML
    private Label argumentsProblem;

    @FXML
    private Label folderProblem;

    @FXML
    private Label addressProblem;

    @FXML
    private HBox busy;

    @FXML
    private Label problem;

    @FXML
    private Label warnings;

    @FXML
    private Button save;

    private final VBox root;

    /// @param done receives the tool's id when it is managed
    ManageView(ManageViewModel model, Runnable close, Consumer<String> done) {
        this.model = model;
        this.close = close;
        this.done = done;
        this.root = Fxml.load(this);
    }

    VBox root() {
        return root;
    }

    @FXML
    void initialize() {
        title.setText(model.title());
        // The reason stands below each field as text; a decoration has it only in a tooltip.
        validation.setErrorDecorationEnabled(false);
        field(
                name,
                nameProblem,
                ManageViewModel::isName,
                "Use lower-case letters, digits, dots and hyphens",
                model.nameProperty());
        field(
                arguments,
                argumentsProblem,
                ManageViewModel::isCommandLine,
                "Close the quotes",
                model.argumentsProperty());
        field(
                folder,
                folderProblem,
                ManageViewModel::isFolder,
                "Enter a full path, or one that begins with ~",
                model.folderProperty());
        field(
                address,
                addressProblem,
                ManageViewModel::isAddress,
                "Enter a URL such as http://127.0.0.1:8080/",
                model.addressProperty());
        model.busyProperty().subscribe(working -> StatusIcons.show(busy, working));
        problem.textProperty().bind(model.problemProperty());
        model.problemProperty().subscribe(text -> StatusIcons.show(problem, !text.isEmpty()));
        model.warningsProperty().subscribe(found -> {
            warnings.setText(String.join("\n", found));
            StatusIcons.show(warnings, !found.isEmpty());
            save.setText(found.isEmpty() ? "Manage" : "Manage anyway");
        });
        save.disableProperty().bind(model.busyProperty().or(validation.invalidProperty()));
    }

    private void field(
            TextField field,
            Label reason,
            Predicate<String> valid,
            String message,
            javafx.beans.property.StringProperty value) {
        field.textProperty().bindBidirectional(value);
        Validator<String> validator = Validator.createPredicateValidator(valid, message, Severity.ERROR);
        validation.registerValidator(field, false, validator);
        value.subscribe(text -> {
            boolean wrong = !valid.test(text);
            reason.setText(wrong ? message : "");
            StatusIcons.show(reason, wrong);
            field.pseudoClassStateChanged(atlantafx.base.theme.Styles.STATE_DANGER, wrong);
            field.setAccessibleHelp(wrong ? message : "");
        });
    }

    @FXML
    void cancel() {
        close.run();
    }

    @FXML
    void save() {
        model.save(id -> {
            close.run();
            done.accept(id);
        });
    }
}
