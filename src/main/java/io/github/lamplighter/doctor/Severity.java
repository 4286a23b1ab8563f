package io.github.lamplighter.doctor;

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
