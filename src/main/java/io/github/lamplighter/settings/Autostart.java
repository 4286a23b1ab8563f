package io.github.lamplighter.settings;

import io.github.lamplighter.file.AppDirectories;
import java.nio.file.Path;
import java.util.List;

/// Lamplighter's start at login. The system's own file is the state, not a setting: the desktop has a
/// switch for the same file.
public interface Autostart {

    State state();

    /// The existing files that Lamplighter wrote for it.
    default List<Path> files() {
        return List.of();
    }

    /// The files that make the state, existing or not.
    default List<Path> places() {
        return List.of(state().file());
    }

    /// Adapts what is turned on to the present session.
    default void settle() {}

    /// Turns it on. Does not start a second process now.
    Change on();

    /// Turns it off. Removes only a file that Lamplighter wrote.
    Change off();

    /// The state of a start at login that was turned on by another installation of Lamplighter.
    ///
    /// @param what what starts, without a full stop
    /// @param options of the command that turns it on
    static String anotherLauncher(String what, Path program, AppDirectories directories, String options) {
        return "%s, from another installation: %s. To use this one, run `lamplighter autostart on%s`."
                .formatted(what, directories.display(program), options);
    }

    /// @param on whether it starts at the next login
    /// @param file the file of the system
    /// @param words the reason, as a sentence
    record State(boolean on, Path file, String words) {}

    sealed interface Change {
        String reason();

        record Done(String reason) implements Change {}

        record Already(String reason) implements Change {}

        record Refused(String reason) implements Change {}

        record Failed(String reason) implements Change {}
    }
}
