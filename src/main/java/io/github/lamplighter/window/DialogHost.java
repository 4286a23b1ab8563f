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

/// What every page of the window shares: its dialogs in front, and the clipboard.
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
                Runnable told = closed;
                closed = () -> {};
                told.run();
            }
        });
    }

    /// Shows `dialog` in front; the focus goes back to where it was when it closes.
    void show(Region dialog) {
        show(dialog, () -> {});
    }

    /// @param then called when it was closed, however
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

    /// Asks before `action` is run; its button says the same words without the `…`.
    void ask(Action action, String consequence, Runnable agreed) {
        String verb = action.text().replace("…", "");
        Button no = new Button("Not now");
        no.setCancelButton(true);
        no.setOnAction(_ -> close());
        Button yes = new Button(verb);
        yes.setId("agree");
        yes.setDefaultButton(true);
        yes.setOnAction(_ -> {
            close();
            agreed.run();
        });
        HBox buttons = new HBox(no, yes);
        buttons.getStyleClass().add("dialog-buttons");
        VBox dialog = new VBox(
                StatusIcons.wrapped(verb + "?", "title-4"), StatusIcons.wrapped(consequence, "text-muted"), buttons);
        dialog.getStyleClass().add("dialog");
        show(dialog);
        yes.requestFocus();
    }

    static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }
}
