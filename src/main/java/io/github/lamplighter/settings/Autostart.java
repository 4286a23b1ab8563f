package io.github.lamplighter.settings;

import java.nio.file.Path;

/// The port to what the system starts by itself at login. What is on is what the system's own file says, not a
/// setting: the desktop has a switch for the same file.
public interface Autostart {

    State state();

    /// Makes it start at login from now on; what runs already is not started twice.
    Change on();

    /// Takes away only what Lamplighter wrote.
    Change off();

    /// @param on whether it starts at the next login
    /// @param file where the system keeps that
    /// @param words why, as a sentence
    record State(boolean on, Path file, String words) {}

    sealed interface Change {
        String reason();

        record Done(String reason) implements Change {}

        record Already(String reason) implements Change {}

        record Refused(String reason) implements Change {}

        record Failed(String reason) implements Change {}
    }
}
