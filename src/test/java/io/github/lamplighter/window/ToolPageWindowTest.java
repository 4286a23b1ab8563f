package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.harness.OnDesktop;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.service.ServiceState.Phase;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The focus, the keys and the switches of a tool's page in a real window.
@OnDesktop
@Tag("slow")
class ToolPageWindowTest extends WindowTestCase {

    ToolPageWindowTest() {
        super(Optional.of("greeter"));
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
        Toolkit.await("the new report", () -> text("Responding again"));
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
        Toolkit.await("its details", () -> text("GET http://127.0.0.1:8088/ no response in 5 s (3 tries)"));
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        respondLater();
        Toolkit.await("the new report", () -> text("Responding again"));
        assertThat(Toolkit.on(this::focused)).isSameAs(line);
        Toolkit.await("its details stay unfolded", () -> text("HTTP 200"));
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
        Toolkit.await("it is running", () -> text("Running since 09:12 (4 h) · PID 4242"));
        data.services.put("greeter", Examples.service("greeter", Phase.STOPPED, true));
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        Toolkit.await("it is stopped", () -> text("Stopped since 09:12 (4 h)"));
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
            Button button = Toolkit.on(() -> allButtons(text).findFirst().orElseThrow());
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
}
