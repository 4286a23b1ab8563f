package io.github.lamplighter.platform.linux;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.DesktopEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The desktop entry that starts the tray icon at login (Desktop Application Autostart Specification 0.5). The
/// desktop's settings show it too and can disable it.
public final class DesktopAutostart implements Autostart {

    private static final String MARK = "X-Lamplighter-Autostart=1";

    private final AppDirectories directories;
    private final Path file;
    private final String shown;
    private final List<String> launcher;

    /// @param name of the entry without `.desktop`: the application id
    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    public DesktopAutostart(AppDirectories directories, String name, List<String> launcher) {
        this.directories = directories;
        this.file = directories.configHome().resolve("autostart").resolve(name + ".desktop");
        this.shown = directories.display(file);
        this.launcher = List.copyOf(launcher);
    }

    @Override
    public State state() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new State(false, file, "The tray icon does not start at login.");
        }
        Optional<String> text = read();
        if (text.isEmpty() || !isOurs(text.get())) {
            return new State(false, file, "%s exists but was not created by Lamplighter.".formatted(shown));
        }
        List<String> lines = text.get().lines().map(String::strip).toList();
        if (lines.contains("Hidden=true") || lines.contains("X-GNOME-Autostart-enabled=false")) {
            return new State(false, file, "The tray icon is disabled in the desktop's settings.");
        }
        Optional<Path> program = lines.stream()
                .filter(line -> line.startsWith("TryExec="))
                .map(line -> Path.of(DesktopEntry.unescaped(line.substring("TryExec=".length()))))
                .findFirst();
        if (program.filter(Files::isExecutable).isEmpty()) {
            return new State(false, file, "%s starts a program that does not exist.".formatted(shown));
        }
        return new State(
                true,
                file,
                program.get().toString().equals(launcher.getFirst())
                        ? "The tray icon starts at login."
                        : Autostart.anotherLauncher("The tray icon starts at login", program.get(), directories, ""));
    }

    @Override
    public List<Path> files() {
        return read().filter(DesktopAutostart::isOurs).isPresent() ? List.of(file) : List.of();
    }

    @Override
    public Change on() {
        Optional<String> refused = foreign();
        if (refused.isPresent()) {
            return new Change.Refused(refused.get());
        }
        Path program = Path.of(launcher.getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            return new Change.Refused("Could not find the Lamplighter program, so the desktop could not start it.");
        }
        String text = text();
        if (read().filter(text::equals).isPresent()) {
            return new Change.Already("The tray icon starts at login.");
        }
        try {
            AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            return new Change.Done("The tray icon starts at login.");
        } catch (IOException e) {
            return new Change.Failed("Could not write %s: %s".formatted(shown, e.getMessage()));
        }
    }

    @Override
    public Change off() {
        Optional<String> refused = foreign();
        if (refused.isPresent()) {
            return new Change.Refused(refused.get());
        }
        try {
            return Files.deleteIfExists(file)
                    ? new Change.Done("The tray icon no longer starts at login.")
                    : new Change.Already("The tray icon does not start at login.");
        } catch (IOException e) {
            return new Change.Failed("Could not remove %s: %s".formatted(shown, e.getMessage()));
        }
    }

    private Optional<String> foreign() {
        boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        return there && read().filter(DesktopAutostart::isOurs).isEmpty()
                ? Optional.of("%s was not created by Lamplighter, so Lamplighter does not change it.".formatted(shown))
                : Optional.empty();
    }

    private Optional<String> read() {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
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
            """.formatted(
                        DesktopEntry.exec(argv),
                        DesktopEntry.escaped(launcher.getFirst()),
                        String.valueOf(file.getFileName()).replace(".desktop", ""),
                        MARK);
    }
}
