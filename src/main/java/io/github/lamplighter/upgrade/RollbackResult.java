package io.github.lamplighter.upgrade;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a rollback came to, in sentences.
///
/// @param unrestored for each part that could not be restored, or not be checked because the service manager is silent;
///     the transaction stays open, and recovery continues with it
/// @param notes for each part that is restored, and does not work; and what to do then
record RollbackResult(List<String> unrestored, List<String> notes) {

    private static final String CONTINUE = "When this is repaired, run `lamplighter recover` to continue.";

    RollbackResult {
        unrestored = List.copyOf(unrestored);
        notes = List.copyOf(notes);
    }

    /// Whether everything is restored.
    boolean isWhole() {
        return unrestored.isEmpty();
    }

    /// Whether there is nothing to say.
    boolean isWell() {
        return isWhole() && notes.isEmpty();
    }

    StepOutcome outcome() {
        return isWell() ? StepOutcome.DONE : StepOutcome.FAILED;
    }

    /// What to say, as sentences; empty if all is well.
    String text() {
        return String.join(" ", sentences());
    }

    /// The same after the reason for the rollback, as sentences. A service manager that does not respond is the reason
    /// of both.
    String text(String why) {
        return Stream.concat(Stream.of(why), sentences().stream()).distinct().collect(Collectors.joining(" "));
    }

    private List<String> sentences() {
        return Stream.of(unrestored, notes, isWhole() ? List.<String>of() : List.of(CONTINUE))
                .flatMap(List::stream)
                .toList();
    }
}
