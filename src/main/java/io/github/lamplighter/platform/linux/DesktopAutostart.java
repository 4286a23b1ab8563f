package io.github.lamplighter.platform.linux;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.settings.Autostart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The tray in the desktop's autostart folder (Desktop Application Autostart Specification 0.5), where the
/// desktop's own settings show it too and can switch it off.
public final class DesktopAutostart implements Autostart {

    private static final String MARK = "X-Lamplighter-Autostart=1";

    private final Path file;
    private final String shown;
    private final List<String> launcher;

    /// @param name of the entry without `.desktop`: the application id
    /// @param launcher the argument list that starts Lamplighter; its first is a full path
    public DesktopAutostart(AppDirectories directories, String name, List<String> launcher) {
        this.file = directories.configHome().resolve("autostart").resolve(name + ".desktop");
        this.shown = directories.display(file);
        this.launcher = List.copyOf(launcher);
    }

    @Override
    public State state() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new State(false, file, "It does not start when you log in.");
        }
        Optional<String> text = read();
        if (text.isEmpty() || !isOurs(text.get())) {
            return new State(false, file, "%s is there, but Lamplighter did not write it.".formatted(shown));
        }
        List<String> lines = text.get().lines().map(String::strip).toList();
        if (lines.contains("Hidden=true") || lines.contains("X-GNOME-Autostart-enabled=false")) {
            return new State(false, file, "It is switched off in the desktop's settings.");
        }
        Optional<String> program = lines.stream()
                .filter(line -> line.startsWith("TryExec="))
                .map(line -> unescaped(line.substring("TryExec=".length())))
                .findFirst();
        if (program.filter(path -> Files.isExecutable(Path.of(path))).isEmpty()) {
            return new State(false, file, "%s names a program that is gone.".formatted(shown));
        }
        return new State(true, file, "It starts when you log in.");
    }

    @Override
    public Change on() {
        Optional<String> refused = foreign();
        if (refused.isPresent()) {
            return new Change.Refused(refused.get());
        }
        Path program = Path.of(launcher.getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            return new Change.Refused("It is not known where Lamplighter lies, so the desktop could not start it.");
        }
        String text = text();
        if (read().filter(text::equals).isPresent()) {
            return new Change.Already("It starts when you log in.");
        }
        try {
            AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            return new Change.Done("It starts when you log in.");
        } catch (IOException e) {
            return new Change.Failed("%s could not be written: %s".formatted(shown, e.getMessage()));
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
                    ? new Change.Done("It does not start when you log in any more.")
                    : new Change.Already("It does not start when you log in.");
        } catch (IOException e) {
            return new Change.Failed("%s could not be removed: %s".formatted(shown, e.getMessage()));
        }
    }

    private Optional<String> foreign() {
        boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        return there && read().filter(DesktopAutostart::isOurs).isEmpty()
                ? Optional.of("%s was not written by Lamplighter, so it is left as it is.".formatted(shown))
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
        // A start at login runs what is built; it must not start a compiler behind the user's back.
        List<String> argv = new ArrayList<>(List.of("/usr/bin/env", "LAMPLIGHTER_CHILD=1"));
        argv.addAll(launcher);
        argv.add("tray");
        return """
            [Desktop Entry]
            Type=Application
            Name=Lamplighter
            Comment=Shows how the tools that you installed are
            Exec=%s
            TryExec=%s
            Icon=%s
            Terminal=false
            StartupNotify=false
            NoDisplay=true
            %s
            """.formatted(
                        escaped(argv.stream().map(DesktopAutostart::quoted).collect(Collectors.joining(" "))),
                        escaped(launcher.getFirst()),
                        String.valueOf(file.getFileName()).replace(".desktop", ""),
                        MARK);
    }

    /// One argument by the rules of the Exec key.
    static String quoted(String argument) {
        StringBuilder word = new StringBuilder("\"");
        for (char character : argument.toCharArray()) {
            if ("\"`$\\".indexOf(character) >= 0) {
                word.append('\\');
            }
            word.append(character == '%' ? "%%" : String.valueOf(character));
        }
        return word.append('"').toString();
    }

    /// Any value by the rules of the file, on top of those of its key.
    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("\r", "\\r");
    }

    private static String unescaped(String value) {
        return value.replace("\\\\", "\\");
    }
}
