package io.github.lamplighter.doctor;

import java.util.Arrays;
import java.util.Optional;

/// How much a finding matters; an available update is `INFO`.
public enum Severity {
    OK,
    INFO,
    WARNING,
    FAILURE,
    /// It could not be checked.
    UNKNOWN,
    /// The check itself broke: a fault of Lamplighter's.
    CRASHED;

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The severity that a word stands for.
    public static Optional<Severity> of(String word) {
        return Arrays.stream(values())
                .filter(severity -> severity.word().equals(word))
                .findFirst();
    }

    /// Worst first for a tool's overall state: failure and crashed, warning, unknown, the rest.
    public int weight() {
        return switch (this) {
            case FAILURE -> 5;
            case CRASHED -> 4;
            case WARNING -> 3;
            case UNKNOWN -> 2;
            case INFO -> 1;
            case OK -> 0;
        };
    }
}
