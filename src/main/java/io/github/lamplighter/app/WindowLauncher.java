package io.github.lamplighter.app;

import io.github.lamplighter.cli.Console;
import io.github.lamplighter.cli.ExitCode;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.tray.DesktopAppearance;
import io.github.lamplighter.tray.DesktopNotice;
import io.github.lamplighter.tray.RunningWindow;
import io.github.lamplighter.window.WindowData;
import io.github.lamplighter.window.WindowEntryPoint;
import io.github.lamplighter.window.WindowLaunch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Opens the window in this process, or in the first instance if there is one.
final class WindowLauncher {

    private static final String OVERVIEW = "overview";
    private static final String SETTINGS = "settings";

    private static final Path X_SOCKETS = Path.of("/tmp/.X11-unix");

    /// Xwayland starts at the first connection, which takes seconds on a busy computer.
    private static final Duration DISPLAY_LIMIT = Duration.ofSeconds(10);

    private final ProcessEnvironment host;
    private final ProcessRunner runner;
    private final ToolCatalog toolCatalog;
    private final Settings settings;
    private final Supplier<Duration> trust;
    private final WindowData windowData;
    private final Console console;

    /// @param trust the age up to which a report counts
    WindowLauncher(
            ProcessEnvironment host,
            ProcessRunner runner,
            ToolCatalog toolCatalog,
            Settings settings,
            Supplier<Duration> trust,
            WindowData windowData,
            Console console) {
        this.toolCatalog = toolCatalog;
        this.settings = settings;
        this.trust = trust;
        this.windowData = windowData;
        this.host = host;
        this.runner = runner;
        this.console = console;
    }

    boolean hasDisplay() {
        return host.system().isMacos() || !display().isEmpty();
    }

    /// `light` or `dark`; empty for the desktop's theme.
    private Optional<String> chosenTheme() {
        return Optional.of(settings.get(Setting.THEME)).filter(word -> !word.equals(Setting.THEME.defaultValue()));
    }

    /// @param page a tool's name; empty for the overview
    /// @param ask the dialog or tab to open there
    /// @param check whether to check the tool, or all tools, now; the window shows the results as they come
    /// @param theme `light` or `dark`; empty for the setting
    /// @param rehearse whether to close the window when every page was shown once
    int open(Optional<String> page, Optional<String> ask, boolean check, Optional<String> theme, boolean rehearse) {
        if (!hasDisplay()) {
            return withoutWindow("This session has no display");
        }
        if (page.isPresent() && !page.get().equals(SETTINGS) && !isKnown(page.get())) {
            return console.problem(false, "window", ExitCode.USAGE, unknown(page.get()));
        }
        if (check) {
            runner.launch(
                            Stream.of(host.launcher().stream(), Stream.of("doctor", "--background"), checked(page))
                                    .flatMap(words -> words)
                                    .toList(),
                            Map.of())
                    .ifPresent(problem -> console.err().println("lamplighter: " + problem + "."));
        }
        Path socket = socket(host);
        SingleInstance.Show show = new SingleInstance.Show(
                page.orElse(OVERVIEW),
                ask.flatMap(WindowLaunch.Ask::of).map(WindowLaunch.Ask::word),
                host.environment().getOrDefault("XDG_ACTIVATION_TOKEN", ""),
                display());
        if (SingleInstance.ask(socket, show)) {
            return ExitCode.OK;
        }
        // Before the display is checked, so that a second click finds this instance meanwhile.
        AtomicReference<WindowLaunch.OpenedWindow> opened = new AtomicReference<>(WindowLaunch.OpenedWindow.NONE);
        Optional<SingleInstance> instance = SingleInstance.listen(
                socket,
                asked -> opened.get().show(asked(asked.page(), asked.ask())),
                () -> opened.get().isVisible());
        if (instance.isEmpty() && SingleInstance.ask(socket, show)) {
            return ExitCode.OK;
        }
        if (LocalDisplay.isNotResponding(display(), X_SOCKETS, DISPLAY_LIMIT)) {
            instance.ifPresent(SingleInstance::close);
            return withoutWindow("The display %s is not responding%s".formatted(display(), needsXwayland()));
        }
        // A unit of the desktop that started it must not fail when its session ends.
        ShutdownSignals.onTermination(WindowEntryPoint::close);
        // The window of an older version works until it is closed. Without Lamplighter, none of its buttons would.
        try (PackageWatch _ = PackageWatch.start(host.build(), host.launcher(), runner, PackageWatch.SETTLE, change -> {
            if (change == PackageWatch.Change.REMOVED) {
                WindowEntryPoint.close();
            }
        })) {
            WindowEntryPoint.open(new WindowLaunch(
                    host.launcher(),
                    host.directories(),
                    runner,
                    host.clock(),
                    host.zone().get(),
                    CompositionRoot.VERSION,
                    asked(page.orElse(OVERVIEW), ask),
                    () -> theme.or(this::chosenTheme),
                    dark -> DesktopAppearance.follow(host.environment(), host.directories(), dark),
                    staysReady(),
                    host.isDemo() ? "Lamplighter demo" : "Lamplighter",
                    rehearse,
                    trust,
                    windowData,
                    opened::set));
        } catch (UnsupportedOperationException e) {
            // The toolkit could not connect to the display.
            return withoutWindow("Could not open the display %s%s".formatted(display(), needsXwayland()));
        } finally {
            instance.ifPresent(SingleInstance::close);
        }
        return ExitCode.OK;
    }

    /// The window's process, for the tray icon: to start a command that asks it takes several times as long.
    static RunningWindow running(ProcessEnvironment host) {
        Path socket = socket(host);
        return new RunningWindow() {
            @Override
            public boolean isOpen() {
                return SingleInstance.isVisible(socket);
            }

            @Override
            public boolean show(Optional<String> tool, Optional<String> ask) {
                return SingleInstance.ask(socket, new SingleInstance.Show(tool.orElse(OVERVIEW), ask, "", ""));
            }
        };
    }

    private static Path socket(ProcessEnvironment host) {
        return host.directories()
                .runtime()
                .orElse(host.directories().state())
                .resolve(host.isDemo() ? "lamplighter-demo-window.socket" : "lamplighter-window.socket");
    }

    /// A terminal waits for the command to end. On Wayland, a window that is shown again may not get the focus.
    private boolean staysReady() {
        return !hasTerminal() && !host.environment().containsKey("WAYLAND_DISPLAY");
    }

    private String needsXwayland() {
        return host.environment().containsKey("WAYLAND_DISPLAY")
                ? ". On Wayland, the window needs Xwayland (package `xwayland`)"
                : "";
    }

    private boolean hasTerminal() {
        return host.terminals()
                .map(all -> all.contains("1"))
                .orElseGet(() -> System.console() != null && System.console().isTerminal());
    }

    private int withoutWindow(String why) {
        String sentence = "%s. To see the same as text, run `lamplighter status`.".formatted(why);
        console.err().println("lamplighter: " + sentence);
        if (!hasTerminal() && hasDisplay()) {
            // A click must not end in silence.
            DesktopNotice.send(
                    host.environment(),
                    host.directories(),
                    CompositionRoot.APPLICATION_ID,
                    "The window could not be opened",
                    sentence);
        }
        return ExitCode.FAILED;
    }

    private boolean isKnown(String name) {
        return toolCatalog.managed().stream().anyMatch(tool -> tool.id().equals(name))
                || !toolCatalog.matching(name).isEmpty();
    }

    private Console.Problem unknown(String name) {
        return new Console.Problem(
                "unknown-tool",
                "There is no tool %s.%s To see all tools, run `lamplighter list`."
                        .formatted(
                                name,
                                toolCatalog
                                        .suggestion(name)
                                        .map(" Did you mean %s?"::formatted)
                                        .orElse("")));
    }

    /// The tool to check; none for all.
    private static Stream<String> checked(Optional<String> page) {
        return page.filter(name -> !name.equals(SETTINGS)).stream();
    }

    private static WindowLaunch.Request asked(String page, Optional<String> ask) {
        return new WindowLaunch.Request(
                Optional.of(page).filter(name -> !name.equals(OVERVIEW)), ask.flatMap(WindowLaunch.Ask::of));
    }

    private String display() {
        return Optional.ofNullable(host.environment().get("DISPLAY"))
                .filter(value -> !value.isEmpty())
                .orElse(host.environment().getOrDefault("WAYLAND_DISPLAY", ""));
    }
}
