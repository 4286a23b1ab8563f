package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.OnDesktop;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.tool.Manifest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;

/// Keys and the pointer of a robot, which go where the focus is.
@OnDesktop
@Tag("slow")
class WindowKeysTest extends WindowTestCase {

    private FxRobot robot;

    WindowKeysTest() {
        super(Optional.empty());
    }

    @BeforeEach
    void theRobotIsAtTheWindow() throws Exception {
        // The other one needs AWT.
        System.setProperty("testfx.robot", "glass");
        robot = new FxRobot();
        Toolkit.await("the focus", () -> stage.isFocused());
        robot.moveTo(view.root().lookup("#settings"));
    }

    @Test
    void downAndEnterFromTheSearchReachTheTool() throws Exception {
        robot.push(KeyCode.CONTROL, KeyCode.F);
        robot.write("http");
        Toolkit.await(
                "the text",
                () -> view.root().lookup("#find-tool") instanceof TextField field
                        && field.getText().equals("http")
                        && list().getItems().size() == 4);
        robot.push(KeyCode.DOWN);
        Toolkit.await("the first match", () -> title("http-server"));
        robot.push(KeyCode.DOWN);
        Toolkit.await("the next, without a stop at the heading", () -> title("httpie"));
        robot.push(KeyCode.CONTROL, KeyCode.F);
        robot.write("code");
        robot.push(KeyCode.ENTER);
        Toolkit.await("the match", () -> title("code-server"));
        assertThat(Toolkit.on(() -> isInside(view.root().lookup(".page-holder"))))
                .as("the focus is on its page")
                .isTrue();
    }

    @Test
    void aNewOrderOfTheListKeepsThePageAndItsLine() throws Exception {
        Toolkit.on(() -> {
            view.show("node-red");
            return null;
        });
        Toolkit.await("its page", () -> title("node-red"));
        data.live.put(
                "http-server",
                new LiveService(
                        Examples.state("http-server", ServiceState.Phase.FAILED),
                        Manifest.Expected.RUNNING,
                        _ -> false));
        data.serviceChanged.run();
        Toolkit.await("the list in its new order", () -> selectedLine().equals("node-red") && index("http-server") < 5);
        assertThat(Toolkit.on(() -> title("node-red"))).isTrue();
    }

    @Test
    void theFocusStaysInADialogAndReturns() throws Exception {
        Toolkit.on(() -> {
            view.show("greeter");
            return null;
        });
        Toolkit.await("the service is read", () -> button("Restart…").isVisible());
        Button restart = Toolkit.on(() -> {
            Button found = button("Restart…");
            found.requestFocus();
            found.fire();
            return found;
        });
        Toolkit.await("the question", () -> isInside(view.root().lookup(".modal-pane")));
        for (int at = 0; at < 5; at++) {
            robot.push(KeyCode.TAB);
            assertThat(Toolkit.on(() -> isInside(view.root().lookup(".modal-pane"))))
                    .as("after %d times Tab", at + 1)
                    .isTrue();
        }
        robot.push(KeyCode.SHIFT, KeyCode.TAB);
        Toolkit.on(() -> {
            view.root().lookup("#find-tool").requestFocus();
            return null;
        });
        Toolkit.await("it comes back", () -> isInside(view.root().lookup(".modal-pane")));
        robot.push(KeyCode.ESCAPE);
        Toolkit.await("it returns", restart::isFocused);
        assertThat(cli.called).noneMatch(line -> line.startsWith("restart"));
    }

    @Test
    void aRefreshLeavesTheFocusWhereItIs() throws Exception {
        Button remedy = Toolkit.on(() -> {
            Button found = button("Restart greeter…");
            found.requestFocus();
            return found;
        });
        data.live.put(
                "http-server",
                new LiveService(
                        Examples.state("http-server", ServiceState.Phase.FAILED),
                        Manifest.Expected.RUNNING,
                        _ -> false));
        data.serviceChanged.run();
        Toolkit.await("the refresh", () -> text("4 of 7 tools need attention"));
        assertThat(Toolkit.on(() -> remedy.isFocused() && remedy.getScene() != null))
                .isTrue();
    }

    @Test
    void aProblemThatIsOverLeavesTheFocusOnThePage() throws Exception {
        Toolkit.on(() -> {
            button("Restart greeter…").requestFocus();
            return null;
        });
        data.tools.removeIf(tool -> tool.id().equals("greeter"));
        Toolkit.on(() -> {
            view.reload();
            return null;
        });
        Toolkit.await("the refresh", () -> text("2 of 6 tools need attention"));
        assertThat(Toolkit.on(() -> isInside(view.root().lookup(".page-holder"))))
                .isTrue();
    }

    @Test
    void theFirstRunStaysUntilTheLastToolIsAdded() throws Exception {
        data.tools.clear();
        data.tools.addAll(Examples.foundTools());
        Toolkit.on(() -> {
            view.reload();
            return null;
        });
        Toolkit.await(
                "the first run",
                () -> text("7 tools found")
                        && allButtons("Manage all 7").findFirst().isPresent());
        CountDownLatch go = new CountDownLatch(1);
        cli.answer("add", "{}").answer("autostart on", "{}").answer("doctor", "{}");
        cli.during("add http-server --yes", () -> {
            data.tools.set(0, Examples.managed("muxplex", InstallerKind.UV, "0.9.2", Manifest.Expected.COMMAND));
            Platform.runLater(view::reload);
            try {
                assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        robot.clickOn("#manage-all");
        Toolkit.await(
                "one is managed",
                () -> list().getItems().stream()
                        .anyMatch(item -> item instanceof SidebarItem.Tool(ToolRow row) && row.managed()));
        assertThat(Toolkit.on(() -> text("Adding http-server (2 of 7)")
                        && view.root().lookup("#manage-all").getParent().isVisible()))
                .isTrue();
        go.countDown();
        Toolkit.await("the overview", () -> text("muxplex could not be checked"));
    }

    @Test
    void theMenuOfAPageOpensWithAClick() throws Exception {
        robot.clickOn("⋯");
        robot.clickOn("About this program");
        Toolkit.await("the page", () -> text("lamplighter"));
    }

    @Test
    void allUpdatesAreUpgradedOneAfterTheOther() throws Exception {
        robot.clickOn("#upgrade-all");
        Toolkit.await(
                "the plan", () -> text("Down for about 1 s · Its data is not backed up · Closes 2 tmux sessions"));
        robot.clickOn("#now-all");
        Toolkit.await("the summary", () -> text("Upgraded 1 tool; 1 not upgraded"));
        assertThat(cli.called)
                .containsSubsequence(
                        "upgrade greeter http-server --dry-run", "upgrade greeter --yes", "upgrade http-server --yes");
        assertThat(Toolkit.on(() -> text("1.1.0 failed. Rolled back to 1.0.0, which is running (down for 41 s).")
                        && text("Upgraded to 14.1.1 (down for 0.8 s).")))
                .isTrue();
    }

    @Test
    void aCommandIsFoundByItsWords() throws Exception {
        robot.push(KeyCode.CONTROL, KeyCode.K);
        Toolkit.await("the palette", () -> isInside(view.root().lookup(".palette")));
        robot.write("show code");
        robot.push(KeyCode.ENTER);
        Toolkit.await("the page", () -> title("code-server"));
    }

    @Test
    void scrollingThroughManyToolsMakesNoCells() throws Exception {
        for (int at = 0; at < 300; at++) {
            data.tools.add(Examples.found("tool-%03d".formatted(at), InstallerKind.UV, "1.0." + at));
        }
        Toolkit.on(() -> {
            view.reload();
            return null;
        });
        Toolkit.await("the list", () -> list().getItems().size() > 300);
        Toolkit.on(() -> {
            list().scrollTo(50);
            return null;
        });
        Toolkit.pulse();
        Set<Node> before = Toolkit.on(() -> Set.copyOf(list().lookupAll(".tool-cell")));
        for (int to = 60; to < 300; to += 7) {
            int line = to;
            Toolkit.on(() -> {
                list().scrollTo(line);
                return null;
            });
            Toolkit.pulse();
        }
        Set<Node> made = new HashSet<>(Toolkit.on(() -> Set.copyOf(list().lookupAll(".tool-cell"))));
        made.removeAll(before);
        // A position between two lines shows one cell more; 35 jumps make no more than that.
        assertThat(made).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void deleteAsksBeforeItStopsManaging() throws Exception {
        cli.answer("forget httpie --yes", "{\"name\":\"httpie\"}");
        cli.during(
                "forget httpie --yes",
                () -> data.tools.removeIf(tool -> tool.id().equals("httpie")));
        robot.push(KeyCode.CONTROL, KeyCode.F);
        robot.write("httpie");
        Toolkit.await("the match", () -> list().getItems().size() == 2);
        robot.push(KeyCode.DOWN);
        Toolkit.await("its page", () -> title("httpie"));
        robot.push(KeyCode.DELETE);
        Toolkit.await("the question", () -> isInside(view.root().lookup(".modal-pane")));
        assertThat(cli.called).doesNotContain("forget httpie --yes");
        robot.push(KeyCode.ENTER);
        Toolkit.await("the list without it", () -> list().getItems().isEmpty());
    }

    /// The way back from the settings.
    @Test
    void withoutToolsTheListHasTheOverview() throws Exception {
        List<?> lines = Toolkit.on(() -> {
            WindowView empty = new WindowView(
                    Examples.windowServices(cli, data, home, steps, TaskExecutor.direct()),
                    new WindowView.Ends(stage::close, stage::close));
            return ((ListView<?>) empty.root().lookup(".list-view")).getItems();
        });
        assertThat(lines).isEqualTo(List.of(new SidebarItem.Overview()));
    }

    @Test
    void controlPlusEnlargesTheTextOnAnEnglishKeyboard() throws Exception {
        robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.EQUALS);
        Toolkit.await("the larger text", () -> view.text() == 1.1);
    }

    /// A default button that is in the scene is pressed by every Enter that nothing else takes.
    @Test
    void enterConfirmsNothingThatWasCancelled() throws Exception {
        robot.push(KeyCode.CONTROL, KeyCode.F);
        robot.write("httpie");
        robot.push(KeyCode.DOWN);
        Toolkit.await("its page", () -> title("httpie"));
        robot.push(KeyCode.DELETE);
        Toolkit.await("the question", () -> isInside(view.root().lookup(".modal-pane")));
        robot.push(KeyCode.ESCAPE);
        Toolkit.on(() -> {
            view.root().lookup(".tab-pane").requestFocus();
            return null;
        });
        robot.push(KeyCode.ENTER);
        Toolkit.pulse();
        assertThat(cli.called).doesNotContain("forget httpie --yes");
    }

    private boolean isInside(Node ancestor) {
        for (Node at = stage.getScene().getFocusOwner(); at != null; at = at.getParent()) {
            if (at.equals(ancestor)) {
                return true;
            }
        }
        return false;
    }

    private String selectedLine() {
        return list().getSelectionModel().getSelectedItem() instanceof SidebarItem.Tool(ToolRow row) ? row.id() : "";
    }

    private int index(String id) {
        return list().getItems()
                .indexOf(list().getItems().stream()
                        .filter(item -> item instanceof SidebarItem.Tool(ToolRow row)
                                && row.id().equals(id))
                        .findFirst()
                        .orElseThrow());
    }

    @SuppressWarnings("unchecked")
    private ListView<SidebarItem> list() {
        return (ListView<SidebarItem>) view.root().lookup("#tools");
    }

    private Button button(String text) {
        return allButtons(text).findFirst().orElseThrow();
    }

    private boolean title(String text) {
        return view.root().lookupAll(".page-title").stream()
                .anyMatch(node -> node instanceof Label label && label.getText().equals(text));
    }
}
