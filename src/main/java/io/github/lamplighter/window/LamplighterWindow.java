package io.github.lamplighter.window;

import io.github.lamplighter.client.ProcessCliClient;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectoryWatcher;
import io.github.lamplighter.process.DesktopOpener;
import io.github.lamplighter.upgrade.Journals;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Stage;

/// The JavaFX application: one stage with the window in it.
public final class LamplighterWindow extends Application {

    /// JavaFX creates the application itself, without arguments, so that they are passed here.
    private static final AtomicReference<Optional<WindowLaunch>> LAUNCH = new AtomicReference<>(Optional.empty());

    /// Redraws the ages while the window is open.
    private Optional<FxTimer> minutes = Optional.empty();

    /// A run of the doctor writes several files; they are read together.
    private static final Duration SETTLE = Duration.ofMillis(150);

    /// How long each page is shown in a rehearsal.
    private static final Duration REHEARSED = Duration.ofSeconds(1);

    /// How long a closed window is kept.
    private static final Duration READY = Duration.ofMinutes(2);

    private final FxTimer ready = FxTimer.after(READY, Platform::exit);

    private final AtomicBoolean visible = new AtomicBoolean();

    private Runnable ending = () -> {};
    private Optional<DirectoryWatcher> watch = Optional.empty();

    static void setLaunch(WindowLaunch context) {
        LAUNCH.set(Optional.of(context));
    }

    @Override
    public void start(Stage stage) {
        WindowLaunch context = LAUNCH.get().orElseThrow();
        // Before the first node: a node without the theme logs a warning for each missing colour.
        Theme theme = new Theme(context.theme().get());
        Executor worker = task -> Thread.ofVirtual().name("window work").start(task);
        AppDirectories directories = context.directories();
        ProcessCliClient cli = new ProcessCliClient(context.launcher(), context.runner());
        DesktopOpener opener = new DesktopOpener(context.runner());
        AtomicReference<BiConsumer<URI, String>> notOpened = new AtomicReference<>((_, _) -> {});
        WindowView view = new WindowView(
                new WindowServices(
                        cli,
                        context.windowData(),
                        new JournalUpgradeFeed(new Journals(directories)),
                        new TaskExecutor(worker, Platform::runLater),
                        context.clock(),
                        new HumanFormat(context.zone(), directories.home().toString()),
                        directories,
                        context.trust(),
                        context.version(),
                        target -> worker.execute(() -> opener.open(target.toString())
                                .ifPresent(why ->
                                        Platform.runLater(() -> notOpened.get().accept(target, why))))),
                new WindowView.Ends(stage::close, Platform::exit));
        notOpened.set(view::notOpened);
        AtomicReference<AutoCloseable> desktop = new AtomicReference<>(() -> {});
        ending = () -> {
            view.close();
            cli.close();
            close(desktop.get());
        };
        Scene scene = view.scene();
        stage.setTitle(context.title());
        for (int size : new int[] {16, 32, 64, 128}) {
            Optional.ofNullable(LamplighterWindow.class.getResourceAsStream("lantern-%d.png".formatted(size)))
                    .ifPresent(icon -> stage.getIcons().add(new Image(icon)));
        }
        Path placeFile = directories.state().resolve("window.json");
        WindowPlace place = WindowPlace.read(placeFile);
        view.setText(place.text());
        stage.setScene(scene);
        place.apply(stage);
        stage.setOnHidden(_ -> {
            visible.set(false);
            WindowPlace.of(stage, view.text()).write(placeFile);
            closed(context.staysReady() && !context.rehearse());
        });
        Platform.setImplicitExit(false);
        stage.show();
        visible.set(true);
        worker.execute(() -> context.desktopTheme()
                .follow(dark -> Platform.runLater(() -> theme.desktopIs(dark)))
                .ifPresent(desktop::set));
        view.load(context.request());
        watch = watch(directories, view, () -> theme.choose(context.theme().get()));
        minutes = Optional.of(FxTimer.every(Duration.ofMinutes(1), view::refresh));
        minutes.ifPresent(FxTimer::start);
        if (context.rehearse()) {
            rehearse(view, context.request().page().orElse("overview"));
        }
        context.onOpened().accept(new WindowLaunch.OpenedWindow() {
            @Override
            public void show(WindowLaunch.Request request) {
                Platform.runLater(() -> showAgain(stage, view, request));
            }

            @Override
            public boolean isVisible() {
                return visible.get();
            }
        });
    }

    private void showAgain(Stage stage, WindowView view, WindowLaunch.Request request) {
        ready.stop();
        minutes.ifPresent(FxTimer::start);
        view.show(request);
        stage.show();
        visible.set(true);
        stage.setIconified(false);
        stage.toFront();
        stage.requestFocus();
    }

    /// Waits for a second request, which is shown at once, and then gives the memory back.
    private void closed(boolean staysReady) {
        minutes.ifPresent(FxTimer::stop);
        if (staysReady) {
            ready.start();
        } else {
            Platform.exit();
        }
    }

    private static void close(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception e) {
            // It ends with the process.
        }
    }

    /// Shows every page and the dialog once, so that the launcher's cache contains their classes.
    private static void rehearse(WindowView view, String page) {
        List<Runnable> pages = new ArrayList<>(List.of(view::showSettings, () -> view.show("overview")));
        for (int tab = 3; tab >= 0; tab--) {
            int shown = tab;
            pages.add(() -> view.show(page, shown));
        }
        pages.add(() -> view.show(new WindowLaunch.Request(Optional.of(page), Optional.of(WindowLaunch.Ask.UPGRADE))));
        pages.add(Platform::exit);
        Duration at = Duration.ZERO;
        for (Runnable next : pages) {
            at = at.plus(REHEARSED);
            FxTimer.after(at, next).start();
        }
    }

    /// Returns empty if the system cannot watch folders; F5 still reloads.
    private static Optional<DirectoryWatcher> watch(
            AppDirectories directories, WindowView view, Runnable settingsChanged) {
        Path settings = directories.settings().toAbsolutePath().resolveSibling("");
        try {
            DirectoryWatcher watch = DirectoryWatcher.start(
                    SETTLE,
                    folders -> Platform.runLater(() -> {
                        if (folders.contains(settings)) {
                            settingsChanged.run();
                            view.settingsChanged();
                        }
                        if (folders.contains(directories.manifests())) {
                            view.reload();
                        } else {
                            view.refresh();
                        }
                    }));
            // A tool's folder of journals exists from its first upgrade on; until then the lock that every upgrade
            // takes shows that one has started.
            for (Path folder : List.of(
                    settings,
                    directories.state(),
                    directories.reports(),
                    directories.manifests(),
                    directories.locks(),
                    directories.journals())) {
                // A folder that comes later would not be watched.
                AtomicFile.makeFolder(folder);
                watch.add(folder);
            }
            watch.addBelow(directories.journals());
            return Optional.of(watch);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void stop() {
        minutes.ifPresent(FxTimer::stop);
        ending.run();
        watch.ifPresent(DirectoryWatcher::close);
    }
}
