package io.github.lamplighter.settings;

import java.nio.file.Path;

/// Lamplighter's start at login. The system's own file is the state, not a setting: the desktop has a
/// switch for the same file.
public interface Autostart {

    State state();

    /// Turns it on. Does not start a second process now.
    Change on();

    /// Turns it off. Removes only a file that Lamplighter wrote.
    Change off();

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
