package io.github.lamplighter.window;

import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.DirectoryWatcher;
import io.github.lamplighter.upgrade.Journals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Stage;
import javafx.util.Duration;

/// The JavaFX application: one stage with the window in it.
public final class LamplighterWindow extends Application {

    /// JavaFX makes the application itself, without arguments: this is how it gets what it needs.
    private static final AtomicReference<Optional<WindowLaunch>> GIVEN = new AtomicReference<>(Optional.empty());

    /// Ages are words: they are said anew while the window is open.
    private final Timeline minutes = new Timeline();

    /// A run of the doctor writes several files: one reading for all of them.
    private static final java.time.Duration SETTLE = java.time.Duration.ofMillis(150);

    /// How long each page is shown in a rehearsal.
    private static final Duration REHEARSED = Duration.seconds(1);

    private Runnable ending = () -> {};
    private Optional<DirectoryWatcher> watch = Optional.empty();

    static void give(WindowLaunch context) {
        GIVEN.set(Optional.of(context));
    }

    @Override
    public void start(Stage stage) {
        WindowLaunch context = GIVEN.get().orElseThrow();
        // Before the first node: what is drawn once without the theme's colours complains about each.
        Theme.apply(context.theme());
        Executor worker = task -> Thread.ofVirtual().name("window work").start(task);
        AppDirectories directories = context.directories();
        ProcessCliClient verbs = new ProcessCliClient(context.launcher(), context.runner());
        ending = verbs::close;
        WindowView view = new WindowView(
                new WindowServices(
                        verbs,
                        new ReportReader(
                                new ReportStore(directories, context.clock(), context::zone, context.trust()),
                                directories),
                        new JournalUpgradeFeed(new Journals(directories)),
                        new TaskExecutor(worker, Platform::runLater),
                        context.clock(),
                        new HumanFormat(context.zone(), directories.home().toString()),
                        context.trust(),
                        page -> getHostServices().showDocument(page.toString())),
                stage::close);
        Scene scene = view.scene();
        stage.setTitle("Lamplighter");
        for (int size : new int[] {16, 32, 64, 128}) {
            Optional.ofNullable(LamplighterWindow.class.getResourceAsStream("lantern-%d.png".formatted(size)))
                    .ifPresent(icon -> stage.getIcons().add(new Image(icon)));
        }
        stage.setMinWidth(800);
        stage.setMinHeight(600);
        stage.setScene(scene);
        stage.show();
        view.load(context.asked().page(), context.asked().upgrade());
        watch = watch(directories, view);
        minutes.setCycleCount(Animation.INDEFINITE);
        minutes.getKeyFrames().setAll(new KeyFrame(Duration.minutes(1), _ -> view.refresh()));
        minutes.play();
        if (context.rehearse()) {
            rehearse(view, context.asked().page().orElse("overview"));
        }
        context.onShow()
                .accept(asked -> Platform.runLater(() -> {
                    view.show(asked);
                    stage.setIconified(false);
                    stage.toFront();
                    stage.requestFocus();
                }));
    }

    /// Every page and the dialog once, so that the launcher's cache knows their classes.
    private static void rehearse(WindowView view, String page) {
        List<Runnable> pages = new ArrayList<>(List.of(view::showSettings, () -> view.show("overview")));
        for (int tab = 3; tab >= 0; tab--) {
            int shown = tab;
            pages.add(() -> view.show(page, shown));
        }
        pages.add(() -> view.show(new WindowLaunch.Asked(Optional.of(page), true)));
        pages.add(Platform::exit);
        Timeline timeline = new Timeline();
        for (Runnable next : pages) {
            Duration at = REHEARSED.multiply(timeline.getKeyFrames().size() + 1);
            timeline.getKeyFrames().add(new KeyFrame(at, _ -> next.run()));
        }
        timeline.play();
    }

    /// Empty where the system cannot watch; then F5 reads again.
    private static Optional<DirectoryWatcher> watch(AppDirectories directories, WindowView view) {
        try {
            DirectoryWatcher watch = DirectoryWatcher.start(
                    SETTLE,
                    folders -> Platform.runLater(
                            folders.contains(directories.manifests()) ? view::reload : view::refresh));
            // A tool's own folder of journals is there from its first upgrade on; until then the lock that every
            // upgrade takes says that one has begun.
            for (Path folder : List.of(
                    directories.state(),
                    directories.reports(),
                    directories.manifests(),
                    directories.locks(),
                    directories.journals())) {
                if (Files.isDirectory(folder)) {
                    watch.add(folder);
                }
            }
            if (Files.isDirectory(directories.journals())) {
                watch.addBelow(directories.journals());
            }
            return Optional.of(watch);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void stop() {
        minutes.stop();
        ending.run();
        watch.ifPresent(DirectoryWatcher::close);
    }
}
