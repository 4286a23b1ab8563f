package io.github.lamplighter.window;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A real window for each test, with the tools of [Examples] and a command line that only records its calls.
abstract class WindowTestCase {

    final FakeCliClient cli = Examples.cliClient();
    final FakeUpgradeFeed steps = new FakeUpgradeFeed();

    @TempDir
    Path home;

    FakeWindowData data;
    WindowView view;
    Stage stage;

    private final Optional<String> tool;

    /// @param tool whose page is open at first
    WindowTestCase(Optional<String> tool) {
        this.tool = tool;
    }

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
                            cli, data, home, steps, new TaskExecutor(Thread::startVirtualThread, Platform::runLater)),
                    new WindowView.Ends(stage::close, stage::close));
            stage.setScene(view.scene());
            stage.show();
            stage.toFront();
            view.load(new WindowLaunch.Request(tool, Optional.empty()));
            return null;
        });
        String first =
                tool.isPresent() ? "Running, but not responding, since 14:02 (4 min)" : "3 of 7 tools need attention";
        Toolkit.await("the first page", () -> text(first));
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

    /// The buttons with this text that can be pressed.
    Stream<Button> buttons(String text) {
        return allButtons(text).filter(button -> !button.isDisabled());
    }

    /// Also those that are disabled.
    Stream<Button> allButtons(String text) {
        return view.root().lookupAll(".button").stream()
                .filter(Button.class::isInstance)
                .map(Button.class::cast)
                .filter(button -> button.getText().equals(text) && isShown(button));
    }

    /// Whether a label with this text is seen.
    boolean text(String text) {
        return view.root().lookupAll(".label").stream()
                .filter(Label.class::isInstance)
                .map(Label.class::cast)
                .anyMatch(label -> isShown(label) && label.getText().equals(text));
    }

    static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }
}
