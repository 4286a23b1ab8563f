package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.OnDesktop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What has its place in a small window, and in one that was larger before.
@OnDesktop
@Tag("slow")
class LayoutTest extends WindowTestCase {

    LayoutTest() {
        super(Optional.of("greeter"));
    }

    @Test
    void longButtonsLeaveTheTextOfAFindingMostOfTheWidth() throws Exception {
        size(800, 600);

        Toolkit.on(() -> {
            TextRow row = rows().stream()
                    .filter(candidate -> candidate.buttons().getChildren().size() == 2)
                    .findFirst()
                    .orElseThrow();
            Node text = row.getChildren().get(1);
            assertThat(text.getBoundsInParent().getWidth()).isGreaterThan(row.getWidth() * 0.55);
            assertThat(row.buttons().getBoundsInParent().getMinY())
                    .as("below the text")
                    .isGreaterThanOrEqualTo(text.getBoundsInParent().getMaxY());
            assertThat(row.buttons().getBoundsInParent().getMaxY()).isLessThanOrEqualTo(row.getHeight());
            return null;
        });
    }

    @Test
    void aShortButtonStaysBesideItsText() throws Exception {
        Toolkit.on(() -> {
            Button restart = button("Restart greeter…").orElseThrow();
            Bounds title = bounds(label("Running, but not responding").orElseThrow());
            assertThat(bounds(restart).getMinX()).isGreaterThan(title.getMaxX());
            return null;
        });
    }

    /// The groups once kept the width of the larger window.
    @Test
    void thePageShrinksWithTheWindow() throws Exception {
        size(1200, 800);
        size(800, 600);

        Toolkit.on(() -> {
            for (TextRow row : rows()) {
                assertThat(bounds(row).getMaxX())
                        .as("the right edge of a finding")
                        .isLessThanOrEqualTo(800);
            }
            return null;
        });
    }

    @Test
    void thePlanOfAnUpgradeDoesNotScrollWhileThereIsRoom() throws Exception {
        Toolkit.on(() -> {
            button("Upgrade to 1.1.0…").orElseThrow().fire();
            return null;
        });
        Toolkit.await("the plan", () -> button("Upgrade now").isPresent());
        Toolkit.await(
                "what is new",
                () -> view.root().lookupAll(".fold .text").stream()
                        .anyMatch(node -> node instanceof javafx.scene.text.Text text
                                && text.getText().equals("New since 1.0.0: 3 commits")));
        assertThatTheDialogDoesNotScroll();
    }

    @Test
    void thePlanOfAllUpgradesDoesNotScrollWhileThereIsRoom() throws Exception {
        String major = "1.1.0 is a new major version. Its release notes name what changes for you.";
        cli.answer(
                "upgrade greeter http-server --dry-run",
                Examples.tools(
                        Examples.planned("greeter", "1.0.0", "1.1.0", true).replace("Closes 2 tmux sessions.", major),
                        Examples.planned("http-server", "14.1.0", "14.1.1", false)));
        Toolkit.on(() -> {
            view.show("overview");
            return null;
        });
        Toolkit.await("the overview", () -> button("Upgrade all…").isPresent());
        Toolkit.on(() -> {
            button("Upgrade all…").orElseThrow().fire();
            return null;
        });
        Toolkit.await("the plan", () -> button("Upgrade 2 tools").isPresent());
        assertThatTheDialogDoesNotScroll();

        CountDownLatch seen = new CountDownLatch(1);
        cli.during("upgrade greeter --yes", () -> {
            try {
                assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Toolkit.on(() -> {
            button("Upgrade 2 tools").orElseThrow().fire();
            return null;
        });
        Toolkit.await("its task", () -> label("Upgrading http-server").isPresent());
        assertThatTheDialogDoesNotScroll();
        Toolkit.on(() -> {
            Node list = view.root().lookup(".upgrade-dialog .list-view");
            assertThat(list.getBoundsInLocal().getHeight()).as("no empty page").isLessThan(150);
            assertThat(list.lookupAll(".scroll-bar")).noneMatch(Node::isVisible);
            return null;
        });
        seen.countDown();
    }

    private void assertThatTheDialogDoesNotScroll() throws Exception {
        Toolkit.pulse();
        Toolkit.on(() -> {
            ScrollPane scroll = (ScrollPane) view.root().lookup(".upgrade-dialog .scroll-pane");
            assertThat(scroll.getViewportBounds().getHeight())
                    .isGreaterThanOrEqualTo(
                            scroll.getContent().getBoundsInLocal().getHeight() - 1);
            return null;
        });
    }

    @Test
    void theOverviewSaysWhichDaysWereBadAndOffersTheWayBack() throws Exception {
        cli.asksToRollBack("node-red", "Its data is restored to the state of 11:40.");
        Toolkit.on(() -> {
            view.show("overview");
            return null;
        });
        Toolkit.await("the strips", () -> label("failed on 8 Nov, 23 Nov").isPresent());
        Toolkit.await(
                "the footer",
                () -> label("Tray icon shown by Xfce · next check 18:10 · previous versions 125 MB")
                        .isPresent());
        Toolkit.on(() -> {
            List<DayStrip> strips = view.root().lookupAll(".day-strip").stream()
                    .map(DayStrip.class::cast)
                    .toList();
            assertThat(strips).hasSize(4);
            assertThat(strips.getFirst().getChildren()).hasSize(30);
            assertThat(strips.getFirst().getAccessibleText())
                    .isEqualTo("Last 30 days: 2 failed (8 Nov, 23 Nov), 2 with warnings (2 Nov, 22 Nov), 21 OK,"
                            + " 2 stopped, 3 without data");
            button("Roll back to 4.0.8…").orElseThrow().fire();
            return null;
        });
        Toolkit.await("the question", () -> button("Roll back to 4.0.8").isPresent());
        assertThat(cli.called).contains("rollback node-red").doesNotContain("rollback node-red --yes");
    }

    @Test
    void f1ExplainsTheProblemWhoseCardHasTheFocus() throws Exception {
        Toolkit.on(() -> {
            view.show("overview");
            return null;
        });
        Toolkit.await("the overview", () -> button("Restart greeter…").isPresent());
        Toolkit.on(() -> {
            button("Restart greeter…").orElseThrow().requestFocus();
            view.root().fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.F1, false, false, false, false));
            return null;
        });
        Toolkit.await(
                "the explanation",
                () -> view.root().lookupAll(".dialog .label").stream()
                        .anyMatch(label -> ((Label) label).getText().contains("Three attempts must fail")));
    }

    private void size(double width, double height) throws Exception {
        Toolkit.on(() -> {
            stage.setWidth(width);
            stage.setHeight(height);
            return null;
        });
        Toolkit.await("the new size", () -> view.root().getScene().getWidth() <= width);
        Toolkit.pulse();
    }

    private static Bounds bounds(Node node) {
        return node.localToScene(node.getBoundsInLocal());
    }

    private List<TextRow> rows() {
        return view.root().lookupAll(".finding").stream()
                .filter(TextRow.class::isInstance)
                .map(TextRow.class::cast)
                .filter(row -> row.getWidth() > 0)
                .toList();
    }

    private Optional<Label> label(String text) {
        return view.root().lookupAll(".label").stream()
                .filter(Label.class::isInstance)
                .map(Label.class::cast)
                .filter(label -> isShown(label) && label.getText().equals(text))
                .findFirst();
    }

    private Optional<Button> button(String text) {
        return buttons(text).findFirst();
    }
}
