package io.github.lamplighter.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The port to the user's interactive login shell, whose `PATH` a service gets.
public interface LoginShell {

    /// Asks the shell, within five seconds and in a session of its own, and keeps the answer.
    Answer path();

    /// The answer that was kept when the shell was last asked; asks nobody.
    default Optional<Answer> kept() {
        return Optional.empty();
    }

    /// Those of the shell's exported variables that are named and set.
    default Map<String, String> variables(List<String> names) {
        return Map.of();
    }

    /// The same as they were when the shell was last asked for them; asks nobody.
    default Map<String, String> keptVariables(List<String> names) {
        return Map.of();
    }

    sealed interface Answer {
        /// @param path cleaned: no empty, relative, duplicate, vanished or temporary entries
        /// @param warnings sentences, for world-writable entries
        record Found(String path, List<String> warnings) implements Answer {}

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
