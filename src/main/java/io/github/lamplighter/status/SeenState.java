package io.github.lamplighter.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a tool was once seen to be, in ascending order of weight: the worst state of a day stands for the day.
public enum SeenState {
    /// Looked at, without a result.
    UNKNOWN("no data"),
    /// Not running, as the user wants it. A day on which it ran, too, is no day on which it was stopped.
    STOPPED("stopped"),
    OK("OK"),
    WARNING("warning"),
    FAILED("failed");

    private final String title;

    SeenState(String title) {
        this.title = title;
    }

    /// The word for people.
    public String title() {
        return title;
    }

    /// The word in the file.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<SeenState> of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word().equals(word))
                .findFirst();
    }

    /// Empty for a tool that is being upgraded: its state is one in between.
    public static Optional<SeenState> of(ToolStatus.State state) {
        return switch (state) {
            case OK, UPDATE -> Optional.of(OK);
            case STOPPED -> Optional.of(STOPPED);
            case UNKNOWN -> Optional.of(UNKNOWN);
            case ATTENTION -> Optional.of(WARNING);
            case FAILURE -> Optional.of(FAILED);
            case WORKING -> Optional.empty();
        };
    }
}
