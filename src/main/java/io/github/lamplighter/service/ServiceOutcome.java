package io.github.lamplighter.service;

import java.util.Optional;

/// What came of a service verb. Doing what is already so is a success that says so.
public sealed interface ServiceOutcome {

    String reason();

    record Done(String reason) implements ServiceOutcome {}

    record Already(String reason) implements ServiceOutcome {}

    record Refused(String reason) implements ServiceOutcome {}

    /// @param lastLines what the service wrote last, newest at the end
    record Failed(String reason, java.util.List<String> lastLines) implements ServiceOutcome {}

    /// The contract's word.
    default String word() {
        return switch (this) {
            case Done _ -> "done";
            case Already _ -> "already";
            case Refused _ -> "refused";
            case Failed _ -> "failed";
        };
    }

    default Optional<Failed> failure() {
        return this instanceof Failed failed ? Optional.of(failed) : Optional.empty();
    }
}
