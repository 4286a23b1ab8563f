package io.github.lamplighter.window;

import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.transform.Transform;
import javafx.stage.Stage;

/// Draws every state of the window with sample tools into `target/screenshots`, light and dark; with
/// `-Dgallery.scale=2` as on a display with 2× scale.
public final class Gallery {

    /// Pixels for each unit of the layout.
    private static final double SCALE = Double.parseDouble(System.getProperty("gallery.scale", "1"));

    private FakeCliClient cli = Examples.cliClient();
    private final Path home = Files.createTempDirectory("gallery");
    private FakeWindowData data = Examples.data(home);
    private final Path shots = Path.of("target/screenshots");
    private Stage stage;
    private WindowView view;
    private final FakeUpgradeFeed steps = new FakeUpgradeFeed();

    private Gallery() throws Exception {}

    public static void main(String[] arguments) throws Exception {
        Toolkit.start();
        Gallery gallery = new Gallery();
        Files.createDirectories(gallery.shots);
        for (String theme : List.of("light", "dark")) {
            Toolkit.on(() -> {
                Theme.use(theme.equals("dark"));
                return null;
            });
            gallery.all(theme);
        }
        System.exit(0);
    }

    private void all(String theme) throws Exception {
        cli = Examples.cliClient();
        data = Examples.data(home);
        Examples.writeReports(home);
        open(cli, Runnable::run);
        shot(theme + "-overview");
        shell(theme);
        tool("greeter");
        shot(theme + "-tool-health");
        for (int tab = 1; tab < 4; tab++) {
            alt(KeyCode.valueOf("DIGIT" + (tab + 1)));
            shot(theme + "-tool-"
                    + List.of("health", "service", "log", "history").get(tab));
        }
        alt(KeyCode.DIGIT1);
        pages(theme);
        click("Restart…");
        shot(theme + "-confirm");
        clickId("confirm");
        shot(theme + "-restarted");
        key(KeyCode.U, true, false);
        shot(theme + "-upgrade-plan");
        unfold();
        shot(theme + "-upgrade-plan-unfolded");
        upgrade(theme);
        tool("node-red");
        alt(KeyCode.DIGIT2);
        shot(theme + "-no-service-manager");
        tool("http-server");
        alt(KeyCode.DIGIT2);
        shot(theme + "-not-installed");
        alt(KeyCode.DIGIT1);
        shot(theme + "-tool-update");
        tool("node-red");
        alt(KeyCode.DIGIT1);
        shot(theme + "-probation");
        tool("mkdocs");
        shot(theme + "-never-checked");
        tool("broken");
        shot(theme + "-broken-manifest");
        tool("prettier");
        shot(theme + "-not-managed");
        steps.running.add(ViewModelsTest.running());
        Toolkit.on(() -> {
            view.refresh();
            view.show("greeter");
            return null;
        });
        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(1300); // upgrades are searched after a second
        Toolkit.on(() -> {
            steps.begins("stage", "Installing 1.1.0 (staged)");
            return null;
        });
        shot(theme + "-upgrade-elsewhere");
        tool("overview");
        shot(theme + "-overview-upgrade");
        tool("greeter");
        clickId("follow");
        clickId("cancel");
        shot(theme + "-upgrade-cancel");
        clickId("go-on");
        clickId("later");
        steps.running.clear();
        Toolkit.on(() -> {
            ((TextField) view.root().lookup("#find-tool")).setText("mux");
            return null;
        });
        shot(theme + "-no-match");
        Toolkit.on(() -> {
            ((TextField) view.root().lookup("#find-tool")).setText("");
            return null;
        });
        clickId("settings");
        shot(theme + "-settings");
        Toolkit.on(() -> {
            view.root().lookupAll(".scroll-pane").stream()
                    .filter(node -> node.isVisible() && node instanceof javafx.scene.control.ScrollPane)
                    .forEach(node -> ((javafx.scene.control.ScrollPane) node).setVvalue(1));
            return null;
        });
        shot(theme + "-settings-end");
        Toolkit.on(() -> {
            stage.setWidth(800);
            stage.setHeight(600);
            view.show("greeter");
            return null;
        });
        shot(theme + "-small");
        tool("overview");
        shot(theme + "-overview-small");
        Toolkit.on(() -> {
            stage.setWidth(600);
            return null;
        });
        shot(theme + "-narrow-page");
        clickId("to-list");
        shot(theme + "-narrow-list");
        Toolkit.on(() -> {
            stage.setWidth(1040);
            stage.setHeight(680);
            view.setText(2);
            return null;
        });
        shot(theme + "-list-200");
        tool("overview");
        shot(theme + "-overview-200");
        tool("greeter");
        shot(theme + "-tool-200");
        alt(KeyCode.DIGIT4);
        shot(theme + "-history-200");
        key(KeyCode.U, true, false);
        shot(theme + "-upgrade-plan-200");
        clickId("later");
        close();
        firstRun(theme);
        open(new FakeCliClient(), new FakeWindowData(Examples.store(home), List.of()), Runnable::run);
        shot(theme + "-empty");
        close();
        open(cli, _ -> {});
        shot(theme + "-loading");
        close();
    }

    /// The states of a tool's page, and its tabs in the smallest window.
    private void pages(String theme) throws Exception {
        data.checking = progress -> {
            progress.began("greeter", List.of("process", "answering", "installed", "update", "service-path"));
            progress.answered("greeter", "process");
            progress.answered("greeter", "installed");
            try {
                shotHere(theme + "-tool-checking");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        click("Check again");
        data.checking = _ -> {};
        alt(KeyCode.DIGIT2);
        clickId("show-difference");
        scroll(1);
        shot(theme + "-tool-service-end");
        data.history.addFirst(Examples.undone("greeter", "1.0.0", "1.1.0"));
        size(800, 600);
        tool("greeter");
        for (int tab = 1; tab <= 4; tab++) {
            alt(KeyCode.valueOf("DIGIT" + tab));
            shot(theme + "-small-"
                    + List.of("health", "service", "log", "history").get(tab - 1));
        }
        clickId("why");
        shot(theme + "-small-why");
        click("Close");
        data.history.removeFirst();
        size(1040, 680);
        tool("greeter");
        alt(KeyCode.DIGIT1);
    }

    /// Unfolds all parts of a dialog.
    private void unfold() throws Exception {
        Toolkit.on(() -> {
            view.root().lookupAll(".fold").stream()
                    .filter(node -> node.getScene() != null && node.isVisible())
                    .map(javafx.scene.control.TitledPane.class::cast)
                    .forEach(fold -> fold.setExpanded(true));
            return null;
        });
    }

    private void size(double width, double height) throws Exception {
        Toolkit.on(() -> {
            stage.setWidth(width);
            stage.setHeight(height);
            return null;
        });
    }

    private void scroll(double place) throws Exception {
        Toolkit.pulse();
        Toolkit.on(() -> {
            view.root().lookupAll(".scroll-pane").stream()
                    .map(javafx.scene.control.ScrollPane.class::cast)
                    .forEach(pane -> pane.setVvalue(place));
            return null;
        });
    }

    private void firstRun(String theme) throws Exception {
        FakeWindowData found = new FakeWindowData(Examples.store(home), Examples.foundTools());
        found.uses.put("muxplex", WindowData.Use.RUNS_NOW);
        found.how.put("muxplex", "its own service muxplex.service");
        found.uses.put("http-server", WindowData.Use.RUNS_NOW);
        found.how.put("http-server", "process 4242, port 8080");
        found.uses.put("node-red", WindowData.Use.COULD_RUN);
        found.uses.put("jupyterlab", WindowData.Use.COULD_RUN);
        FakeCliClient adding = new FakeCliClient().answer("add http-server --dry-run", """
            {"name":"http-server","manifest":{"service":{"arguments":["--port","8080","site"],"workingDirectory":"/home/ada"},
             "endpoint":{"url":"http://127.0.0.1:8080/"}},
             "warnings":[{"id":"same-port","message":"Port 8080 is also the port of muxplex. Only one of them can run at a time."}]}\
            """);
        open(adding, found, Runnable::run);
        shot(theme + "-first-run");
        click("Choose none");
        shot(theme + "-first-run-none");
        Toolkit.on(() -> {
            view.root().lookupAll(".button").stream()
                    .map(Button.class::cast)
                    .filter(button -> "Manage http-server…".equals(button.getAccessibleText()))
                    .findFirst()
                    .orElseThrow()
                    .fire();
            return null;
        });
        shot(theme + "-manage");
        Toolkit.on(() -> {
            ((TextField) view.root().lookup("#manage-name")).setText("Http Server");
            ((TextField) view.root().lookup("#manage-url")).setText("localhost");
            return null;
        });
        shot(theme + "-manage-invalid");
        close();
    }

    private void shell(String theme) throws Exception {
        tool("overview");
        key(KeyCode.K, true, false);
        Toolkit.on(() -> {
            ((TextField) view.root().lookup("#commands")).setText("gree");
            return null;
        });
        shot(theme + "-palette");
        key(KeyCode.ESCAPE, false, false);
        Toolkit.pulse();
        key(KeyCode.F1, false, false);
        shot(theme + "-keys");
        key(KeyCode.ESCAPE, false, false);
        Toolkit.pulse();
        clickId("upgrade-all");
        shot(theme + "-upgrade-all");
        key(KeyCode.ESCAPE, false, false);
        Toolkit.pulse();
        tool("lamplighter");
        shot(theme + "-about");
        tool("overview");
    }

    private void upgrade(String theme) throws Exception {
        cli.during("upgrade greeter --yes", () -> {
            step("baseline", "Checked 1.0.0", 400);
            step("stage", "Installed 1.1.0 (staged)", 18_000);
            step("try", "Tested 1.1.0", 1200);
            step("arm", "Prepared rollback", 20);
            step("stop", "Stopped service", 300);
            steps.begins("switch", "Switching to 1.1.0");
            steps.prints("Collecting greeter==1.1.0");
            steps.prints("Successfully installed greeter-1.1.0");
            try {
                shotHere(theme + "-upgrade-running");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            steps.ends("switch", "Switched to 1.1.0", 8);
            steps.begins("start", "Starting service");
            steps.fails("start", "Could not start service: exited right after it started", 900);
            step("roll-back", "Rolled back to 1.0.0", 1500);
        });
        clickId("now");
        shot(theme + "-upgrade-rolled-back");
        cli.answer("upgrade greeter --yes", Examples.tools(Examples.ended("greeter", "upgraded", "1.0.0", "1.1.0")));
        cli.during("upgrade greeter --yes", () -> {
            step("stage", "Installed 1.1.0 (staged)", 18_000);
            step("stop", "Stopped service", 300);
            step("switch", "Switched to 1.1.0", 8);
            step("ready", "Responding", 500);
        });
        clickId("later");
        Toolkit.pulse();
        key(KeyCode.U, true, false);
        Toolkit.pulse();
        clickId("now");
        shot(theme + "-upgrade-done");
        cli.asksToRollBack("greeter", "Its data is restored to the state of 09:57. Later changes to it are lost.");
        clickId("roll-back");
        shot(theme + "-roll-back-confirm");
        click("Cancel");
        Toolkit.pulse();
    }

    private void step(String word, String text, long millis) {
        steps.begins(word, text);
        steps.ends(word, text, millis);
    }

    private void open(FakeCliClient answers, java.util.concurrent.Executor worker) throws Exception {
        open(answers, data, worker);
    }

    private void open(FakeCliClient answers, WindowData data, java.util.concurrent.Executor worker) throws Exception {
        Toolkit.on(() -> {
            stage = new Stage();
            view = new WindowView(
                    Examples.windowServices(answers, data, home, steps, new TaskExecutor(worker, Runnable::run)),
                    new WindowView.Ends(() -> {}, () -> {}));
            stage.setScene(view.scene());
            stage.show();
            view.load(new WindowLaunch.Request(Optional.empty(), Optional.empty()));
            return null;
        });
    }

    private void close() throws Exception {
        Toolkit.on(() -> {
            stage.close();
            return null;
        });
    }

    private void tool(String id) throws Exception {
        Toolkit.on(() -> {
            view.show(id);
            return null;
        });
    }

    private void alt(KeyCode code) throws Exception {
        key(code, false, true);
    }

    private void key(KeyCode code, boolean control, boolean alt) throws Exception {
        Toolkit.on(() -> {
            Node target = view.root();
            target.fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, control, alt, false));
            return null;
        });
    }

    private void click(String text) throws Exception {
        Toolkit.on(() -> {
            button(view.root(), button -> button.getText().equals(text)).fire();
            return null;
        });
    }

    private void clickId(String id) throws Exception {
        Toolkit.pulse();
        Toolkit.on(() -> {
            button(view.root(), button -> id.equals(button.getId())).fire();
            return null;
        });
    }

    private static Button button(Node root, java.util.function.Predicate<Button> wanted) {
        return root.lookupAll(".button").stream()
                .filter(Button.class::isInstance)
                .map(Button.class::cast)
                .filter(button -> button.getScene() != null && button.isVisible())
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private void shot(String name) throws Exception {
        Toolkit.pulse();
        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(350); // the dialog's fade
        Toolkit.on(() -> {
            shotHere(name);
            return null;
        });
    }

    private void shotHere(String name) throws Exception {
        view.root().applyCss();
        view.root().layout();
        SnapshotParameters parameters = new SnapshotParameters();
        parameters.setTransform(Transform.scale(SCALE, SCALE));
        write(view.root().snapshot(parameters, null), shots.resolve(name + ".png"));
        assert Platform.isFxApplicationThread() && TextField.class != null;
    }

    /// Writes a PNG (RFC 2083): JavaFX's own writer needs AWT.
    static void write(WritableImage image, Path file) throws Exception {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        PixelReader pixels = image.getPixelReader();
        ByteBuffer raw = ByteBuffer.allocate(height * (1 + width * 3));
        for (int y = 0; y < height; y++) {
            raw.put((byte) 0);
            for (int x = 0; x < width; x++) {
                int argb = pixels.getArgb(x, y);
                raw.put((byte) (argb >> 16)).put((byte) (argb >> 8)).put((byte) argb);
            }
        }
        var deflated = new java.io.ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(raw.array());
        }
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
            chunk(
                    out,
                    "IHDR",
                    ByteBuffer.allocate(13)
                            .putInt(width)
                            .putInt(height)
                            .put((byte) 8)
                            .put((byte) 2)
                            .array());
            chunk(out, "IDAT", deflated.toByteArray());
            chunk(out, "IEND", new byte[0]);
        }
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws Exception {
        byte[] name = type.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) sum.getValue());
    }
}
