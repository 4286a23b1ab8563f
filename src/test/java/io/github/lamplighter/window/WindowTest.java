package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real clicks in a real window, with verbs that only remember that they were called.
@Tag("slow")
class WindowTest {

    private final FakeVerbs verbs = Examples.verbs();
    private final AtomicReference<Consumer<UpgradeSteps.Entry>> journal = new AtomicReference<>(_ -> {});

    @TempDir
    Path reports;

    private WindowView view;
    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Toolkit.hasDisplay(), "a window needs a display");
        Toolkit.start();
        Examples.writeReports(reports);
        Toolkit.on(() -> {
            Theme.use(false);
            stage = new Stage();
            view = new WindowView(
                    verbs,
                    new SavedReports(reports, _ -> java.util.Set.of()),
                    (_, _, entry) -> {
                        journal.set(entry);
                        return () -> {};
                    },
                    new Background(Thread::startVirtualThread, Platform::runLater),
                    InstantSource.fixed(Examples.NOW),
                    new Words(ZoneOffset.UTC, "/home/ada"),
                    stage::close);
            stage.setScene(new Scene(view.root(), 1040, 680));
            view.addKeys(stage.getScene());
            stage.show();
            view.load(Optional.of("greeter"), false);
            return null;
        });
        Toolkit.await("the tool's page", () -> text("Not answering, though it is running, since 14:02 (4 min)"));
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
    void aRemedyAsksThenRunsItsVerb() throws Exception {
        click("Restart greeter…");
        Toolkit.await("the question", () -> button("Restart greeter").isPresent());
        assertThat(verbs.called).doesNotContain("restart greeter");
        click("Restart greeter");
        Toolkit.await("what came of it", () -> text("It answers again after 0.4 s"));
        Toolkit.await("the check after it", () -> verbs.called.contains("doctor greeter"));
        assertThat(verbs.called).containsOnlyOnce("restart greeter");
    }

    @Test
    void openingTheWindowAndItsPagesOnlyAsks() throws Exception {
        Toolkit.on(() -> {
            view.show("settings");
            view.show("node-red");
            return null;
        });
        Toolkit.await("both were read", () -> verbs.called.contains("service status node-red"));
        assertThat(verbs.called)
                .allMatch(line ->
                        line.equals("list") || line.equals("autostart status") || line.startsWith("service status "));
    }

    @Test
    void theUpgradeDialogShowsTheStepsAsTheyCome() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        verbs.during("upgrade greeter --yes", () -> {
            step("stage", "Installing beside the old one", Optional.empty());
            try {
                assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            step("stage", "Installed beside the old one", Optional.of("done"));
        });
        click("Upgrade to 1.1.0…");
        Toolkit.await(
                "the plan",
                () -> button("Upgrade now").filter(Button::isVisible).isPresent());
        assertThat(verbs.called).doesNotContain("upgrade greeter --yes");
        click("Upgrade now");
        Toolkit.await("a running step", () -> text("Installing beside the old one"));
        seen.countDown();
        Toolkit.await("the result", () -> text("1.1.0 was taken back. 1.0.0 runs and answers again (down 41 s)."));
        assertThat(Toolkit.on(() -> text("Why: 1.1.0 ended at once: cannot import name app")))
                .isTrue();
    }

    private void step(String word, String text, Optional<String> outcome) {
        journal.get()
                .accept(new UpgradeSteps.Entry(
                        word, text, outcome, Examples.NOW, outcome.map(_ -> Duration.ofSeconds(18))));
    }

    private void click(String text) throws Exception {
        Toolkit.await("the button " + text, () -> button(text).isPresent());
        Toolkit.on(() -> {
            button(text).orElseThrow().fire();
            return null;
        });
    }

    private Optional<Button> button(String text) {
        return view.root().lookupAll(".button").stream()
                .filter(Button.class::isInstance)
                .map(Button.class::cast)
                .filter(button -> button.getText().equals(text) && button.isVisible() && !button.isDisabled())
                .findFirst();
    }

    private boolean text(String text) {
        return view.root().lookupAll(".label").stream()
                .filter(Label.class::isInstance)
                .map(Label.class::cast)
                .anyMatch(label -> label.isVisible() && label.getText().equals(text));
    }
}
