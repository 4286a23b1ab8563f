package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import atlantafx.base.controls.ModalPane;
import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.harness.OnDesktop;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.PopupWindow;
import javafx.stage.Window;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real clicks in a real window, with a command line that only records its calls.
@OnDesktop
@Tag("slow")
class WindowTest extends WindowTestCase {

    WindowTest() {
        super(Optional.of("greeter"));
    }

    @Test
    void aRemedyAsksForConfirmationAndRunsItsCommand() throws Exception {
        click("Restart greeter…");
        Toolkit.await("the question", () -> button("Restart greeter").isPresent());
        assertThat(cli.called).doesNotContain("restart greeter");
        click("Restart greeter");
        Toolkit.await("what came of it", () -> text("It answers again after 0.4 s"));
        Toolkit.await("the check after it", () -> data.called.contains("check greeter"));
        assertThat(cli.called).containsOnlyOnce("restart greeter");
        Toolkit.on(() -> {
            view.root().lookupAll(".button").stream()
                    .filter(button -> "Dismiss".equals(button.getAccessibleText()))
                    .map(Button.class::cast)
                    .forEach(Button::fire);
            return null;
        });
        Toolkit.await("the result is gone", () -> !text("It answers again after 0.4 s"));
    }

    @Test
    void openingTheWindowAndItsPagesChangesNothing() throws Exception {
        Toolkit.on(() -> {
            view.show("settings");
            view.show("node-red");
            return null;
        });
        Toolkit.await("both were read", () -> cli.called.contains("autostart status"));
        assertThat(cli.called).allMatch(line -> line.equals("list") || line.equals("autostart status"));
    }

    @Test
    void whatNoProgramOpensIsShown() throws Exception {
        click("Upgrade to 1.1.0…");
        Toolkit.await("the plan", () -> button("Upgrade now").isPresent());
        Toolkit.on(() -> {
            view.notOpened(URI.create("file:///home/ada/my%20tools/greeter.json"), "xdg-open failed (exit code 3).");
            return null;
        });
        Toolkit.await(
                "where the file is",
                () -> text("/home/ada/my tools/greeter.json") && text("xdg-open failed (exit code 3)."));
        click("Copy");
        Toolkit.await("it was copied", () -> button("Copied").isPresent());
        click("Close");
        Toolkit.await("the plan is there again", () -> button("Upgrade now").isPresent());
        click("Later");
        Toolkit.await("no dialog", () -> button("Later").isEmpty());
        click("Upgrade to 1.1.0…");
        Toolkit.await(
                "another plan",
                () -> cli.called.stream()
                                .filter("upgrade greeter --dry-run"::equals)
                                .count()
                        == 2);
    }

    @Test
    void thatNoBrowserOpensTheReportsIsSaid() throws Exception {
        cli.log = new CliClient.Lines(List.of(), "Could not open a browser: xdg-open is not installed.");
        Toolkit.on(() -> {
            view.show("overview");
            return null;
        });
        Toolkit.await("the overview", () -> text("3 of 7 tools need attention"));
        Toolkit.on(() -> {
            view.root().lookupAll(".dots").stream()
                    .filter(Node::isVisible)
                    .map(MenuButton.class::cast)
                    .flatMap(menu -> menu.getItems().stream())
                    .filter(item -> "Read as text".equals(item.getText()))
                    .findFirst()
                    .orElseThrow()
                    .fire();
            return null;
        });
        Toolkit.await("the reason", () -> text("Could not open a browser: xdg-open is not installed."));
        assertThat(cli.called).contains("report --open");
    }

    @Test
    void theUpgradeDialogShowsTheStepsAsTheyCome() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        cli.during("upgrade greeter --yes", () -> {
            steps.begins("stage", "Installing 1.1.0 (staged)");
            await(seen);
            steps.ends("stage", "Installed 1.1.0 (staged)", 18_000);
        });
        click("Upgrade to 1.1.0…");
        Toolkit.await(
                "the plan",
                () -> button("Upgrade now").filter(Button::isVisible).isPresent());
        assertThat(cli.called).doesNotContain("upgrade greeter --yes");
        click("Upgrade now");
        Toolkit.await("a running step", () -> text("Installing 1.1.0 (staged)"));
        seen.countDown();
        Toolkit.await(
                "the result", () -> text("1.1.0 failed. Rolled back to 1.0.0, which is running (down for 41 s)."));
        assertThat(Toolkit.on(() -> text("Reason: 1.1.0 exited right after it started: cannot import name app")))
                .isTrue();
    }

    @Test
    void anUpgradeInTheBackgroundCanBeOpenedAgain() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        startAnUpgradeThatWaitsFor(go);
        click("Continue in background");
        Toolkit.await("its line on the page", () -> text("Upgrading to 1.1.0") && text("Installing 1.1.0 (staged)"));
        click("Follow");
        Toolkit.await("the dialog again", () -> button("Continue in background").isPresent());
        click("Continue in background");
        go.countDown();
        Toolkit.await(
                "what it came to", () -> text("1.1.0 failed. Rolled back to 1.0.0, which is running (down for 41 s)."));
        click("Show");
        Toolkit.await("the dialog with the end", () -> button("Copy report").isPresent());
        click("Close");
        Toolkit.await(
                "it was seen",
                () -> button("Follow").isEmpty() && button("Show").isEmpty());
        assertThat(cli.called).containsOnlyOnce("upgrade greeter --yes");
    }

    @Test
    void anotherTryThatFailsBeforeTheSwitchIsToldAndCanBeRepeated() throws Exception {
        data.history.addFirst(
                Examples.outcome("greeter", Result.ROLLED_BACK, "1.0.0", "1.1.0", "2026-11-23T09:00:00Z"));
        cli.answer(
                "upgrade greeter --to 1.1.0 --dry-run",
                Examples.tools(Examples.planned("greeter", "1.0.0", "1.1.0", true)));
        cli.answer(
                "upgrade greeter --to 1.1.0 --yes",
                1,
                Examples.tools(Examples.ended("greeter", "failed", "1.0.0", "1.1.0")),
                "The server is not reachable.");
        CountDownLatch go = new CountDownLatch(1);
        cli.during("upgrade greeter --to 1.1.0 --yes", () -> await(go));
        Toolkit.on(() -> {
            view.show("greeter");
            return null;
        });
        click("Try again…");
        click("Upgrade now");
        click("Continue in background");
        go.countDown();
        Toolkit.await(
                "its result on the page",
                () -> button("Show").isPresent() && text("greeter is still at 1.0.0. Nothing was changed."));
        click("Try again…");
        Toolkit.await("a new plan", () -> button("Upgrade now").isPresent());
    }

    private static void await(CountDownLatch go) {
        try {
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void cancellingAsksForConfirmation() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        startAnUpgradeThatWaitsFor(go);
        click("Cancel…");
        click("Keep upgrading");
        assertThat(steps.cancelled).hasValue(0);
        click("Cancel…");
        Toolkit.await(
                "what it means",
                () -> text("If the new version is installed already, Lamplighter rolls back to 1.0.0. Otherwise nothing"
                        + " changes."));
        click("Cancel upgrade");
        Toolkit.await("it was asked to end", () -> steps.cancelled.get() == 1);
        Toolkit.await("the title says so", () -> text("Cancelling the upgrade of greeter 1.0.0 → 1.1.0"));
        go.countDown();
        Toolkit.await("the end", () -> button("Copy report").isPresent());
    }

    @Test
    void aRollbackIsNotCalledAnUpgrade() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        cli.asksToRollBack("greeter", "Its data is restored to the state of 13:14.");
        cli.answer("rollback greeter --yes", "{\"name\":\"greeter\",\"outcome\":\"rolled-back\"}");
        cli.during("rollback greeter --yes", () -> await(go));
        Toolkit.on(() -> {
            view.load(new WindowLaunch.Request(Optional.of("greeter"), Optional.of(WindowLaunch.Ask.ROLLBACK)));
            return null;
        });
        Toolkit.await("the question", () -> button("Roll back greeter").isPresent());
        click("Roll back greeter");
        Toolkit.await("it began", () -> cli.called.contains("rollback greeter --yes"));
        steps.running.add(new UpgradeFeed.Running(
                "2", "greeter", Asked.ROLLBACK, Optional.of("1.1.0"), Optional.of("1.0.0"), Examples.NOW));
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        Toolkit.await("its line", () -> text("Rolling back to 1.0.0"));
        click("Follow");
        Toolkit.await("the dialog", () -> text("Rolling back greeter 1.1.0 → 1.0.0"));
        click("Cancel…");
        Toolkit.await("the question", () -> text("Cancel the rollback?"));
        click("Keep rolling back");
        click("Continue in background");
        steps.over(Optional.of(new UpgradeRecord(
                true,
                "rolled-back",
                Optional.of("1.1.0"),
                Optional.of("1.0.0"),
                Optional.empty(),
                false,
                Optional.of(Duration.ofMillis(800)),
                false,
                Optional.empty())));
        go.countDown();
        Toolkit.await("the result", () -> text("Rolled back to 1.0.0 (down for 0.8 s)."));
        Toolkit.await("the check after it", () -> data.called.contains("check greeter"));
        assertThat(Toolkit.on(() -> text("Roll back greeter: done")))
                .as("it was said already")
                .isFalse();
    }

    @Test
    void anUpgradeThatWasStartedElsewhereIsShownAndFollowed() throws Exception {
        steps.running.add(ViewModelsTest.running());
        Toolkit.on(() -> {
            view.refresh();
            return null;
        });
        Toolkit.await("its line", () -> text("Upgrading to 1.1.0"));
        assertThat(Toolkit.on(() -> button("Upgrade to 1.1.0…"))).isEmpty();
        steps.begins("stage", "Installing 1.1.0 (staged)");
        Toolkit.await("what it is at", () -> text("Installing 1.1.0 (staged)"));
        Toolkit.on(() -> {
            view.show("overview");
            return null;
        });
        Toolkit.await("the overview has it", () -> text("Upgrading to 1.1.0: Installing 1.1.0 (staged)"));
        click("Follow");
        Toolkit.await("the dialog", () -> text("Upgrading greeter 1.0.0 → 1.1.0"));
        steps.over(Optional.of(new UpgradeRecord(
                false,
                "upgraded",
                Optional.of("1.0.0"),
                Optional.of("1.1.0"),
                Optional.empty(),
                false,
                Optional.of(Duration.ofMillis(800)),
                false,
                Optional.empty())));
        Toolkit.await("the end", () -> text("Upgraded to 1.1.0 (down for 0.8 s)."));
        assertThat(cli.called).noneMatch(line -> line.startsWith("upgrade"));
    }

    @Test
    void theReleaseNotesOpenInTheBrowserAndAVersionCanBeSkipped() throws Exception {
        cli.answer("ignore greeter update --until change", "{}");
        click("Upgrade to 1.1.0…");
        click("Release notes");
        Toolkit.await(
                "the page", () -> cli.called.contains("browse https://github.com/example/greeter/releases/tag/v1.1.0"));
        click("Skip 1.1.0");
        Toolkit.await("it is ignored", () -> cli.called.contains("ignore greeter update --until change"));
        Toolkit.await("what came of it", () -> !dialogIsOpen() && text("1.1.0 is skipped until there is a newer one"));
    }

    @Test
    void theWindowCanBeginWithItsSettings() throws Exception {
        Toolkit.on(() -> {
            view.load(new WindowLaunch.Request(Optional.of("settings"), Optional.empty()));
            return null;
        });
        Toolkit.await("the settings", () -> text("Settings") && text("Start when I log in"));
    }

    @Test
    void aRequestForAnUpgradeShowsItsDialogInTheOpenWindow() throws Exception {
        Toolkit.on(() -> {
            view.show(new WindowLaunch.Request(Optional.of("greeter"), Optional.of(WindowLaunch.Ask.UPGRADE)));
            return null;
        });
        Toolkit.await("the plan", () -> button("Upgrade now").isPresent());
    }

    @Test
    void anUpgradeCanBeRolledBackAfterAConfirmation() throws Exception {
        cli.answer("upgrade greeter --yes", Examples.tools(Examples.ended("greeter", "upgraded", "1.0.0", "1.1.0")));
        String consent = "Its data is restored to the state of 09:57.";
        cli.asksToRollBack("greeter", consent);
        cli.answer("rollback greeter --yes", "{\"name\":\"greeter\",\"outcome\":\"rolled-back\"}");
        click("Upgrade to 1.1.0…");
        click("Upgrade now");
        click("Roll back to 1.0.0…");
        Toolkit.await("the question", () -> text(consent));
        assertThat(cli.called).doesNotContain("rollback greeter --yes");
        click("Roll back to 1.0.0");
        Toolkit.await("it is done", () -> cli.called.contains("rollback greeter --yes"));
    }

    @Test
    void aBrokenManifestShowsItsPlaceAndOpensInItsProgram() throws Exception {
        Toolkit.on(() -> {
            view.show("broken");
            return null;
        });
        Toolkit.await("its page", () -> text("Manifest cannot be read (line 4)"));
        click("Open ~/.config/lamplighter/tools/broken.json");
        assertThat(cli.called).contains("browse file:///home/ada/.config/lamplighter/tools/broken.json");
        assertThat(Toolkit.on(() -> button("Check now"))).isEmpty();
    }

    @Test
    void withoutAServiceManagerTheSwitchesAreDisabledWithTheReason() throws Exception {
        Toolkit.on(() -> {
            view.show("node-red", 1);
            return null;
        });
        Toolkit.await(
                "the sentence",
                () -> text(
                        "No systemd user manager in this session. Log in with a desktop or over SSH, then try again."));
        assertThat(Toolkit.on(() -> view.root().lookupAll(".toggle-switch").stream()
                        .filter(WindowTest::isShown)
                        .allMatch(Node::isDisabled)))
                .isTrue();
    }

    @Test
    void aRowShowsTheVersionsOfAnUpdateAndThePageTheStatus() throws Exception {
        Toolkit.await("the update", () -> text("14.1.0 → 14.1.1"));
        Toolkit.on(() -> {
            view.show("http-server");
            return null;
        });
        Toolkit.await("its page", () -> text("OK") && text("14.1.1 is available · published on 30 May 2022"));
    }

    /// Shows every page, the dialogs, a pop-up and a menu in both themes, and changes the theme meanwhile.
    /// JavaFX logs a warning for each colour that is not found.
    @Test
    void noStyleIsMissingInEitherTheme() throws Exception {
        List<String> complaints = new CopyOnWriteArrayList<>();
        Logger css = Logger.getLogger("javafx.css");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                complaints.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        css.addHandler(handler);
        try {
            for (boolean dark : List.of(true, false, true)) {
                Toolkit.on(() -> {
                    Theme.use(dark);
                    return null;
                });
                for (String page :
                        List.of("greeter", "node-red", "mkdocs", "broken", "prettier", "settings", "overview")) {
                    Toolkit.on(() -> {
                        view.show(page);
                        return null;
                    });
                    Toolkit.pulse();
                }
                showEverythingOfGreeter();
            }
        } finally {
            css.removeHandler(handler);
        }
        assertThat(complaints).isEmpty();
    }

    private void showEverythingOfGreeter() throws Exception {
        Toolkit.on(() -> {
            view.show("greeter");
            return null;
        });
        for (KeyCode digit : List.of(KeyCode.DIGIT2, KeyCode.DIGIT3, KeyCode.DIGIT4, KeyCode.DIGIT1)) {
            press(digit, false, true);
            Toolkit.pulse();
        }
        Toolkit.on(() -> {
            view.root().lookupAll(".fact").stream().map(Button.class::cast).forEach(Button::fire);
            view.root().lookupAll(".dots").stream().map(MenuButton.class::cast).forEach(MenuButton::show);
            return null;
        });
        Toolkit.pulse();
        Toolkit.on(() -> {
            view.root().lookupAll(".dots").stream().map(MenuButton.class::cast).forEach(MenuButton::hide);
            List.copyOf(Window.getWindows()).stream()
                    .filter(PopupWindow.class::isInstance)
                    .forEach(Window::hide);
            return null;
        });
        click("Upgrade to 1.1.0…");
        Toolkit.await("the plan", () -> button("Upgrade now").isPresent());
        click("Upgrade now");
        Toolkit.await("the result", () -> button("Copy report").isPresent());
        click("Close");
        Toolkit.pulse();
    }

    private void startAnUpgradeThatWaitsFor(CountDownLatch go) throws Exception {
        cli.during("upgrade greeter --yes", () -> {
            steps.begins("stage", "Installing 1.1.0 (staged)");
            await(go);
        });
        click("Upgrade to 1.1.0…");
        click("Upgrade now");
        Toolkit.await("a running step", () -> text("Installing 1.1.0 (staged)"));
    }

    private void press(KeyCode code, boolean control, boolean alt) throws Exception {
        Toolkit.on(() -> {
            view.root().fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, control, alt, false));
            return null;
        });
    }

    private void click(String text) throws Exception {
        Toolkit.await("the button " + text, () -> button(text).isPresent());
        Toolkit.on(() -> {
            button(text).orElseThrow().fire();
            return null;
        });
    }

    private Optional<Button> button(String text) {
        return buttons(text).findFirst();
    }

    private boolean dialogIsOpen() {
        return view.root().lookupAll(".modal-pane").stream()
                .anyMatch(pane -> pane instanceof ModalPane modal && modal.isDisplay());
    }
}
