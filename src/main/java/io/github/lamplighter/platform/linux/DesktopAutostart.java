package io.github.lamplighter.platform.linux;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.LoginFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.DesktopEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The desktop entry that starts the tray icon at login (Desktop Application Autostart Specification 0.5). The
/// desktop's settings show it too and can disable it.
public final class DesktopAutostart implements Autostart {

    private static final String MARK = "X-Lamplighter-Autostart=1";

    private static final String STARTS = "The tray icon starts at login";

    /// Desktops that start these entries, as they call themselves in `XDG_CURRENT_DESKTOP` (Desktop Menu Specification
    /// 1.1, appendix B). Compositors and window managers on their own, such as sway and i3, start none.
    private static final Set<String> READERS = Set.of(
            "BUDGIE",
            "CINNAMON",
            "COSMIC",
            "DDE",
            "DEEPIN",
            "ENLIGHTENMENT",
            "GNOME",
            "KDE",
            "LXDE",
            "LXQT",
            "MATE",
            "PANTHEON",
            "TDE",
            "UKUI",
            "UNITY",
            "X-CINNAMON",
            "XFCE");

    private final String name;
    private final LoginFile entry;
    private final List<String> launcher;
    private final String starts;

    /// @param name of the entry without `.desktop`: the application id
    /// @param environment of this session, which names its desktop
    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    public DesktopAutostart(
            AppDirectories directories, String name, Map<String, String> environment, List<String> launcher) {
        this.name = name;
        this.starts = starts(environment, launcher);
        this.entry = new LoginFile(
                directories,
                directories.configHome().resolve("autostart").resolve(name + ".desktop"),
                DesktopAutostart::isOurs);
        this.launcher = List.copyOf(launcher);
    }

    @Override
    public State state() {
        if (!entry.exists()) {
            return off("The tray icon does not start at login.");
        }
        if (entry.foreign().isPresent()) {
            return off(entry.foreign().get());
        }
        List<String> lines = entry.text().orElse("").lines().map(String::strip).toList();
        if (lines.contains("Hidden=true") || lines.contains("X-GNOME-Autostart-enabled=false")) {
            return off("The tray icon is disabled in the desktop's settings.");
        }
        Optional<Path> program = lines.stream()
                .filter(line -> line.startsWith("TryExec="))
                .map(line -> Path.of(DesktopEntry.unescaped(line.substring("TryExec=".length()))))
                .findFirst();
        return entry.started(program, launcher, starts, "");
    }

    /// Outside of a session nothing is known about its desktop.
    private static String starts(Map<String, String> environment, List<String> launcher) {
        List<String> desktops = Stream.of(
                        environment.getOrDefault("XDG_CURRENT_DESKTOP", "").split(":", -1))
                .filter(desktop -> !desktop.isBlank())
                .toList();
        boolean inSession = environment.containsKey("WAYLAND_DISPLAY") || environment.containsKey("DISPLAY");
        if (!inSession || desktops.stream().anyMatch(desktop -> READERS.contains(desktop.toUpperCase(Locale.ROOT)))) {
            return STARTS;
        }
        return "%s, but only if %s starts the programs in `~/.config/autostart`. If not, add `%s tray` to its settings"
                .formatted(
                        STARTS,
                        desktops.stream().findFirst().orElse("your desktop"),
                        Command.of(Duration.ZERO, launcher).line());
    }

    private State off(String words) {
        return new State(false, entry.path(), words);
    }

    @Override
    public List<Path> files() {
        return LoginFile.ours(entry);
    }

    @Override
    public List<Path> places() {
        return List.of(entry.path());
    }

    @Override
    public Change on() {
        Optional<String> stopper = entry.foreign().or(() -> LoginFile.missing(launcher));
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        String text = text();
        return entry.text().filter(text::equals).isPresent()
                ? new Change.Already(starts + ".")
                : entry.write(text).orElseGet(() -> new Change.Done(starts + "."));
    }

    @Override
    public Change off() {
        Optional<String> stopper = entry.foreign();
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        return entry.exists()
                ? entry.remove().orElseGet(() -> new Change.Done("The tray icon no longer starts at login."))
                : new Change.Already("The tray icon does not start at login.");
    }

    private static boolean isOurs(String text) {
        return text.lines().anyMatch(MARK::equals);
    }

    private String text() {
        // A start at login uses the existing build; it must not compile.
        List<String> argv = new ArrayList<>(List.of("/usr/bin/env", "LAMPLIGHTER_CHILD=1"));
        argv.addAll(launcher);
        argv.add("tray");
        return """
            [Desktop Entry]
            Type=Application
            Name=Lamplighter
            Comment=Shows the state of your tools
            Exec=%s
            TryExec=%s
            Icon=%s
            Terminal=false
            StartupNotify=false
            NoDisplay=true
            %s
            """.formatted(DesktopEntry.exec(argv), DesktopEntry.escaped(launcher.getFirst()), name, MARK);
    }
}
