package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.FolderWatch;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.Journals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Stage;

/// The JavaFX application: one stage with the window in it.
public final class LamplighterWindow extends Application {

    /// JavaFX makes the application itself, without arguments: this is how it gets what it needs.
    private static final AtomicReference<Optional<WindowContext>> GIVEN = new AtomicReference<>(Optional.empty());

    /// A run of the doctor writes several files: one reading for all of them.
    private static final Duration SETTLE = Duration.ofMillis(150);

    private Optional<FolderWatch> watch = Optional.empty();

    static void give(WindowContext context) {
        GIVEN.set(Optional.of(context));
    }

    @Override
    public void start(Stage stage) {
        WindowContext context = GIVEN.get().orElseThrow();
        Executor worker = task -> Thread.ofVirtual().name("window work").start(task);
        Background background = new Background(worker, Platform::runLater);
        ReportStore store = new ReportStore(context.places(), context.clock());
        WindowView view = new WindowView(
                new ChildVerbs(context.launcher(), context.programs()),
                new SavedReports(context.places().reports(), tool -> setAside(store, tool)),
                new JournalSteps(new Journals(context.places())),
                background,
                context.clock(),
                new Words(ZoneId.systemDefault(), context.places().home().toString()),
                stage::close);
        Scene scene = new Scene(view.root(), 1040, 680);
        scene.getStylesheets()
                .add(Objects.requireNonNull(LamplighterWindow.class.getResource("lamplighter.css"))
                        .toExternalForm());
        view.addKeys(scene);
        Theme.apply(context.theme());
        stage.setTitle("Lamplighter");
        for (int size : new int[] {16, 32, 64, 128}) {
            Optional.ofNullable(LamplighterWindow.class.getResourceAsStream("lantern-%d.png".formatted(size)))
                    .ifPresent(icon -> stage.getIcons().add(new Image(icon)));
        }
        stage.setMinWidth(800);
        stage.setMinHeight(600);
        stage.setScene(scene);
        stage.show();
        view.load(context.tool(), context.upgrade());
        watch = watch(context.places(), () -> Platform.runLater(view::refresh));
        context.onShow()
                .accept(page -> Platform.runLater(() -> {
                    view.show(page);
                    stage.setIconified(false);
                    stage.toFront();
                    stage.requestFocus();
                }));
    }

    /// Empty where the system cannot watch; then F5 reads again.
    private static Optional<FolderWatch> watch(Places places, Runnable changed) {
        try {
            FolderWatch watch = FolderWatch.start(SETTLE, _ -> changed.run());
            for (Path folder : List.of(places.state(), places.reports(), places.manifests())) {
                if (Files.isDirectory(folder)) {
                    watch.add(folder);
                }
            }
            return Optional.of(watch);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Set<String> setAside(ReportStore store, String tool) {
        return ToolName.of(tool).flatMap(store::last).stream()
                .flatMap(report -> report.findings().stream())
                .filter(Finding::ignored)
                .map(Finding::id)
                .collect(Collectors.toSet());
    }

    @Override
    public void stop() {
        watch.ifPresent(FolderWatch::close);
    }
}
