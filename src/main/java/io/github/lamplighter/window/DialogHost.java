package io.github.lamplighter.window;

import atlantafx.base.controls.ModalPane;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// Shows dialogs in front of the window, and writes to the clipboard.
final class DialogHost {

    private final ModalPane front;
    private Optional<Node> returnTo = Optional.empty();
    private Runnable closed = () -> {};

    DialogHost(ModalPane front) {
        this.front = front;
        front.displayProperty().subscribe(shown -> {
            if (!shown) {
                returnTo.ifPresent(Node::requestFocus);
                returnTo = Optional.empty();
                Runnable callback = closed;
                closed = () -> {};
                callback.run();
            }
        });
    }

    /// Shows `dialog` in front; the focus goes back to where it was when it closes.
    void show(Region dialog) {
        show(dialog, () -> {});
    }

    /// @param then called when it was closed in any way
    void show(Region dialog, Runnable then) {
        closed = then;
        returnTo = Optional.ofNullable(front.getScene()).map(scene -> scene.getFocusOwner());
        dialog.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        front.setAlignment(Pos.CENTER);
        front.show(dialog);
    }

    void close() {
        front.hide();
    }

    boolean isOpen() {
        return front.isDisplay();
    }

    /// Asks for confirmation of `action`; the button repeats its text.
    void ask(Action action, String consequence, Runnable confirmed) {
        Button no = new Button("Cancel");
        no.setCancelButton(true);
        no.setOnAction(_ -> close());
        Button yes = new Button(action.text());
        yes.setId("confirm");
        yes.setDefaultButton(true);
        yes.setOnAction(_ -> {
            close();
            confirmed.run();
        });
        HBox buttons = new HBox(no, yes);
        buttons.getStyleClass().add("dialog-buttons");
        VBox dialog = new VBox(
                StatusIcons.wrapped(action.text() + "?", "title-4"),
                StatusIcons.wrapped(consequence, "text-muted"),
                buttons);
        dialog.getStyleClass().add("dialog");
        show(dialog);
        yes.requestFocus();
    }

    /// Shows a text to read.
    void tell(String title, String text) {
        Button done = new Button("Close");
        done.setCancelButton(true);
        done.setDefaultButton(true);
        done.setOnAction(_ -> close());
        HBox buttons = new HBox(done);
        buttons.getStyleClass().add("dialog-buttons");
        VBox dialog = new VBox(StatusIcons.wrapped(title, "title-4"), StatusIcons.wrapped(text), buttons);
        dialog.getStyleClass().add("dialog");
        show(dialog);
        done.requestFocus();
    }

    static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }
}
