package io.github.lamplighter.window;

import atlantafx.base.controls.ModalPane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// Shows dialogs in front of the window, and writes to the clipboard.
final class DialogHost {

    private final ModalPane front;
    private Optional<Node> returnTo = Optional.empty();
    private Runnable closed = () -> {};
    private Runnable lost = () -> {};

    DialogHost(ModalPane front) {
        this.front = front;
        // The transitions show the dialog in a corner first. Without a graphics card, that picture stays there.
        front.setInTransitionFactory(null);
        front.setOutTransitionFactory(null);
        front.addEventFilter(KeyEvent.KEY_PRESSED, this::holdTab);
        front.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                scene.focusOwnerProperty().subscribe(this::holdFocus);
            }
        });
        front.heightProperty().subscribe(this::fitDialog);
        front.widthProperty().subscribe(this::fitDialog);
        front.displayProperty().subscribe(shown -> {
            if (!shown) {
                // Its default button would be pressed by every Enter that nothing else takes.
                front.setContent(null);
                returnFocus();
                Runnable callback = closed;
                closed = () -> {};
                callback.run();
            }
        });
    }

    /// The focus goes back to where it was. If that is gone, it goes to the page, not to the first field of the window.
    private void returnFocus() {
        Optional<Node> before = returnTo.filter(node -> node.getScene() != null && isShown(node));
        returnTo = Optional.empty();
        before.ifPresentOrElse(Node::requestFocus, lost);
    }

    /// Tab goes around in the dialog.
    private void holdTab(KeyEvent event) {
        List<Node> stops = stops();
        if (event.getCode() != KeyCode.TAB || stops.isEmpty()) {
            return;
        }
        Node at = front.getScene().getFocusOwner();
        Node edge = event.isShiftDown() ? stops.getFirst() : stops.getLast();
        if (edge.equals(at)) {
            (event.isShiftDown() ? stops.getLast() : stops.getFirst()).requestFocus();
            event.consume();
        }
    }

    /// Neither a click nor a refresh takes the focus behind the dialog.
    private void holdFocus(@Nullable Node owner) {
        if (isOpen() && owner != null && !isInside(owner)) {
            Platform.runLater(() -> {
                Node now = front.getScene().getFocusOwner();
                if (isOpen() && (now == null || !isInside(now))) {
                    stops().stream().findFirst().ifPresent(Node::requestFocus);
                }
            });
        }
    }

    private boolean isInside(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (at.equals(front)) {
                return true;
            }
        }
        return false;
    }

    /// What Tab stops at, in its order.
    private List<Node> stops() {
        List<Node> stops = new ArrayList<>();
        if (front.getContent() != null) {
            collect(front.getContent(), stops);
        }
        return stops;
    }

    private static void collect(Node node, List<Node> stops) {
        if (!node.isVisible() || node.isDisabled()) {
            return;
        }
        if (node.isFocusTraversable()) {
            stops.add(node);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> collect(child, stops));
        }
    }

    private static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible() || at.isDisabled()) {
                return false;
            }
        }
        return true;
    }

    /// @param focus gives the focus to the page when the node that had it is gone
    void whenFocusIsLost(Runnable focus) {
        lost = focus;
    }

    /// Shows `dialog` in front; the focus goes back to where it was when it closes.
    void show(Region dialog) {
        show(dialog, () -> {});
    }

    /// @param then called when it was closed in any way
    void show(Region dialog, Runnable then) {
        closed = then;
        if (!isOpen()) {
            returnTo = Optional.ofNullable(front.getScene()).map(scene -> scene.getFocusOwner());
        }
        front.setAlignment(Pos.CENTER);
        front.show(new Frame(dialog));
        focusFirst();
    }

    private void showAgain(Node dialog) {
        front.show(dialog);
        focusFirst();
    }

    private void fitDialog() {
        if (front.getContent() instanceof Parent dialog) {
            dialog.requestLayout();
        }
    }

    /// Keeps a dialog within the window: one that has a scroll pane becomes smaller instead of leaving the window.
    private final class Frame extends StackPane {

        private static final double MARGIN = 24;

        private final Region dialog;

        private Frame(Region dialog) {
            super(dialog);
            this.dialog = dialog;
            setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        }

        /// Its width grows with the text.
        @Override
        protected double computePrefWidth(double height) {
            double room = front.getWidth() - 2 * MARGIN;
            return Math.max(dialog.minWidth(height), Math.min(dialog.prefWidth(height), room));
        }

        @Override
        protected double computePrefHeight(double width) {
            double room = front.getHeight() - 2 * MARGIN;
            return Math.max(dialog.minHeight(width), Math.min(dialog.prefHeight(width), room));
        }
    }

    /// The button that Enter presses, else the first field.
    private void focusFirst() {
        List<Node> stops = stops();
        stops.stream()
                .filter(node -> node instanceof Button button && button.isDefaultButton())
                .findFirst()
                .filter(_ -> stops.stream().allMatch(Button.class::isInstance))
                .or(() -> stops.stream().findFirst())
                .ifPresent(Node::requestFocus);
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

    /// Shows where something is that no program opened, to copy.
    ///
    /// @param why a sentence
    void notOpened(String target, String why) {
        tell("Could not open this", StatusIcons.wrapped(why, "text-muted"), CopyLine.of(target));
    }

    /// Shows a text to read. A dialog that was open comes back after it.
    void tell(String title, String text) {
        tell(title, StatusIcons.wrapped(text));
    }

    private void tell(String title, Node... content) {
        Optional<Node> behind = Optional.ofNullable(front.getContent()).filter(_ -> isOpen());
        Button done = new Button("Close");
        done.setCancelButton(true);
        done.setDefaultButton(true);
        done.setOnAction(_ -> behind.ifPresentOrElse(this::showAgain, this::close));
        HBox buttons = new HBox(done);
        buttons.getStyleClass().add("dialog-buttons");
        VBox dialog = new VBox(StatusIcons.wrapped(title, "title-4"));
        dialog.getChildren().addAll(content);
        dialog.getChildren().add(buttons);
        dialog.getStyleClass().add("dialog");
        // A click beside it closes both.
        show(dialog, closed);
        done.requestFocus();
    }

    static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }
}
