package io.github.lamplighter.service;

/// The port to the user's interactive login shell, whose `PATH` a service gets.
public interface LoginShell {

    /// Asks the shell, within five seconds and in a session of its own; see design §7.
    Answer path();

    sealed interface Answer {
        /// @param path cleaned: no empty, relative, duplicate, vanished or temporary entries
        /// @param warnings sentences, for world-writable entries
        record Found(String path, java.util.List<String> warnings) implements Answer {}

        /// The shell gave no answer; `path` is the fallback that is used, `why` a sentence.
        record Fallback(String path, String why) implements Answer {}

        default String value() {
            return switch (this) {
                case Found found -> found.path();
                case Fallback fallback -> fallback.path();
            };
        }
    }

    /// The interactive login shell's `PATH`, cleaned.
    default String cleanedPath() {
        return path().value();
    }
}
