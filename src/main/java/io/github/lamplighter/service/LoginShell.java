package io.github.lamplighter.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The port to the user's interactive login shell, whose `PATH` a service gets.
public interface LoginShell {

    /// Runs the shell for at most five seconds in a session of its own, and keeps the answer.
    Answer path();

    /// The saved answer of the last run; runs no program.
    default Optional<Answer> kept() {
        return Optional.empty();
    }

    /// The named variables that the shell exports.
    default Map<String, String> variables(List<String> names) {
        return Map.of();
    }

    /// The saved variables of the last run; runs no program.
    default Map<String, String> keptVariables(List<String> names) {
        return Map.of();
    }

    sealed interface Answer {
        /// @param path cleaned, see [SearchPath]
        /// @param warnings sentences, for world-writable entries
        record Found(String path, List<String> warnings) implements Answer {}

        /// The shell gave no answer; `path` is used instead, `why` is a sentence.
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
