package io.github.lamplighter.platform;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Autostart.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A file of the system's that starts Lamplighter: a unit or the link by which systemd starts it, an agent, or a
/// desktop entry. A file that Lamplighter did not write is neither read nor changed.
public final class LoginFile {

    private final AppDirectories directories;
    private final Path path;
    private final Predicate<String> isOurs;

    /// @param isOurs whether Lamplighter wrote a file with this text
    public LoginFile(AppDirectories directories, Path path, Predicate<String> isOurs) {
        this.directories = directories;
        this.path = path;
        this.isOurs = isOurs;
    }

    /// The link by which systemd starts a unit. It goes with the file of the unit, and has no text of its own.
    public static LoginFile link(AppDirectories directories, Path path) {
        return new LoginFile(directories, path, _ -> false);
    }

    public Path path() {
        return path;
    }

    public boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// Its text; empty if Lamplighter did not write it, or it cannot be read.
    public Optional<String> text() {
        try {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.readString(path)).filter(isOurs)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Why it must not be changed, as a sentence.
    public Optional<String> foreign() {
        return exists() && text().isEmpty()
                ? Optional.of(
                        "%s was not created by Lamplighter, so Lamplighter does not change it.".formatted(shown()))
                : Optional.empty();
    }

    /// Its path for users.
    public String shown() {
        return directories.display(path);
    }

    /// The ones of these that Lamplighter wrote.
    public static List<Path> ours(LoginFile... files) {
        return Stream.of(files)
                .filter(file -> file.text().isPresent())
                .map(LoginFile::path)
                .toList();
    }

    /// @return the failure, if any
    public Optional<Change> write(String text) {
        try {
            AtomicFile.write(path, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    new Change.Failed("Could not write %s: %s.".formatted(shown(), AtomicFile.why(path, e))));
        }
    }

    /// @return the failure, if any
    public Optional<Change> remove() {
        try {
            Files.deleteIfExists(path);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    new Change.Failed("Could not remove %s: %s.".formatted(shown(), AtomicFile.why(path, e))));
        }
    }

    /// Why it could not start Lamplighter, as a sentence.
    public static Optional<String> missing(List<String> launcher) {
        Path program = Path.of(launcher.getFirst());
        return program.isAbsolute() && Files.isExecutable(program)
                ? Optional.empty()
                : Optional.of("Could not find the Lamplighter program that would be started.");
    }

    /// The state of a file that starts `program`.
    ///
    /// @param what what starts, without a full stop
    /// @param options of the command that turns it on
    public Autostart.State started(Optional<Path> program, List<String> launcher, String what, String options) {
        if (program.filter(Files::isExecutable).isEmpty()) {
            return new Autostart.State(false, path, "%s starts a program that does not exist.".formatted(shown()));
        }
        return new Autostart.State(
                true,
                path,
                program.get().toString().equals(launcher.getFirst())
                        ? what + "."
                        : Autostart.anotherLauncher(what, program.get(), directories, options));
    }
}
