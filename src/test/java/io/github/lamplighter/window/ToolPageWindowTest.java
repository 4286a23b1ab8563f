package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.harness.OnDesktop;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The focus, the keys and the switches of a tool's page in a real window.
@OnDesktop
@Tag("slow")
class ToolPageWindowTest {

    private final FakeCliClient cli = Examples.cliClient();

    @TempDir
    Path home;

    private FakeWindowData data;
    private WindowView view;
    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Toolkit.hasDisplay(), "a window needs a display");
        Toolkit.start();
        Examples.writeReports(home);
        data = Examples.data(home);
        Toolkit.on(() -> {
            Theme.use(false);
            stage = new Stage();
            view = new WindowView(
                    Examples.windowServices(
                            cli,
                            data,
                            home,
                            new FakeUpgradeFeed(),
                            new TaskExecutor(Thread::startVirtualThread, Platform::runLater)),
                    new WindowView.Ends(stage::close, stage::close));
            stage.setScene(view.scene());
            stage.show();
            view.load(new WindowLaunch.Request(Optional.of("greeter"), Optional.empty()));
            return null;
        });
        Toolkit.await("the tool's page", () -> shows("Running, but not responding, since 14:02 (4 min)"));
    }

    @AfterEach
    void close() throws Exception {
        if (stage != null) {
            Toolkit.on(() -> {
                stage.close();
                return null;
            });
        }
    }

    @Test
    void theFocusReturnsToTheLineWhoseFixRan() throws Exception {
        data.checking = _ -> respond();
        Toolkit.on(() -> {
            Button fix = button("Restart greeter…");
            fix.requestFocus();
            fix.fire();
            return null;
        });
        Toolkit.await(
                "the question", () -> buttons("Restart greeter").findFirst().isPresent());
        Toolkit.on(() -> {
            button("Restart greeter").fire();
            return null;
        });
        Toolkit.await("the new report", () -> shows("Responding again"));
        Toolkit.await(
                "the focus on its line",
                () -> focused().getAccessibleText() != null
                        && focused().getAccessibleText().equals("OK: Responding again"));
    }

    /// The tool responds, and a check of it says so.
    private void respond() {
        Examples.write(
                home,
                Examples.report(
                        "greeter",
                        InstallerKind.VENV,
                        "1.0.0",
                        Examples.current("1.0.0"),
                        Optional.of(true),
                        Examples.finding("process", Group.RUNNING, Severity.OK, "Running", "", "pid 4243"),
                        Examples.finding("answering", Group.RUNNING, Severity.OK, "Responding again", "", "HTTP 200"),
                        Examples.finding("service-path", Group.NEEDS, Severity.WARNING, "No tmux", "", "PATH")));
    }

    @Test
    void aRefreshMovesNeitherTheFocusNorTheFolds() throws Exception {
        Node line = Toolkit.on(() -> {
            Node found = line("problem: Running, but not responding, since 14:02 (4 min)");
            found.requestFocus();
            return found;
        });
        press(KeyCode.SPACE);
        Toolkit.await("its details", () -> shows("GET http://127.0.0.1:8088/ no response in 5 s (3 tries)"));
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        respondLater();
        Toolkit.await("the new report", () -> shows("Responding again"));
        assertThat(Toolkit.on(this::focused)).isSameAs(line);
        assertThat(Toolkit.on(() -> shows("HTTP 200")))
                .as("its details stay unfolded")
                .isTrue();
    }

    private void respondLater() throws Exception {
        respond();
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
    }

    @Test
    void f1ExplainsTheFindingWithTheFocus() throws Exception {
        Toolkit.on(() -> {
            line("problem: Running, but not responding, since 14:02 (4 min)").requestFocus();
            return null;
        });
        press(KeyCode.F1);
        Toolkit.await(
                "the explanation",
                () -> view.root().lookupAll(".dialog").stream().anyMatch(dialog -> isShown(dialog)));
    }

    @Test
    void aServiceThatWasStoppedElsewhereIsStoppedOnItsTab() throws Exception {
        Toolkit.on(() -> {
            view.show("greeter", 1);
            return null;
        });
        Toolkit.await("it is running", () -> shows("Running since 09:12 (4 h) · PID 4242"));
        data.services.put("greeter", Examples.service("greeter", Phase.STOPPED, true));
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        Toolkit.await("it is stopped", () -> shows("Stopped since 09:12 (4 h)"));
        assertThat(Toolkit.on(() -> buttons("Start").findFirst())).isPresent();
        assertThat(Toolkit.on(() -> buttons("Stop…").findFirst())).isEmpty();
    }

    @Test
    void aStoppedToolKeepsItsButtonsAndDisablesThem() throws Exception {
        data.services.put("greeter", Examples.service("greeter", Phase.STOPPED, true));
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        Toolkit.await("it can be started", () -> buttons("Start").findFirst().isPresent());
        for (String text : List.of("Open", "Restart…")) {
            Button button = Toolkit.on(() -> view.root().lookupAll(".button").stream()
                    .filter(Button.class::isInstance)
                    .map(Button.class::cast)
                    .filter(found -> found.getText().equals(text) && isShown(found))
                    .findFirst()
                    .orElseThrow());
            assertThat(button.isDisabled()).as(text).isTrue();
            assertThat(button.getAccessibleHelp()).as(text).isEqualTo("It is not running");
        }
    }

    private void press(KeyCode code) throws Exception {
        Toolkit.on(() -> {
            focused().fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, false, false, false));
            return null;
        });
    }

    private Node focused() {
        return view.root().getScene().getFocusOwner();
    }

    private Node line(String spoken) {
        return view.root().lookupAll(".finding").stream()
                .filter(node -> spoken.equals(node.getAccessibleText()))
                .findFirst()
                .orElseThrow();
    }

    private Button button(String text) {
        return buttons(text).findFirst().orElseThrow();
    }

    private java.util.stream.Stream<Button> buttons(String text) {
        return view.root().lookupAll(".button").stream()
                .filter(Button.class::isInstance)
                .map(Button.class::cast)
                .filter(button -> button.getText().equals(text) && isShown(button) && !button.isDisabled());
    }

    private boolean shows(String text) {
        return view.root().lookupAll(".label").stream()
                .filter(Label.class::isInstance)
                .map(Label.class::cast)
                .anyMatch(label -> isShown(label) && label.getText().equals(text));
    }

    private static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }
}
