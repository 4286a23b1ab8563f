package io.github.lamplighter.service;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The outcome of a service command. `Already` is a success: nothing had to change.
public sealed interface ServiceOutcome {

    String reason();

    record Done(String reason) implements ServiceOutcome {}

    record Already(String reason) implements ServiceOutcome {}

    record Refused(String reason) implements ServiceOutcome {}

    /// @param lastLines the last log lines of the service, newest last
    record Failed(String reason, List<String> lastLines) implements ServiceOutcome {
        public Failed(String reason) {
            this(reason, List.of());
        }
    }

    /// The contract's word.
    default String word() {
        return switch (this) {
            case Done _ -> "done";
            case Already _ -> "already";
            case Refused _ -> "refused";
            case Failed _ -> "failed";
        };
    }

    default boolean isSuccess() {
        return this instanceof Done || this instanceof Already;
    }

    /// The outcome of `next` if this is a success; else this, without running `next`.
    default ServiceOutcome then(Supplier<ServiceOutcome> next) {
        return isSuccess() ? next.get() : this;
    }

    /// The same with another sentence, unless nothing was done.
    default ServiceOutcome and(String sentence) {
        return switch (this) {
            case Done(String reason) -> new Done(reason + " " + sentence);
            case Failed(String reason, List<String> lastLines) -> new Failed(reason + " " + sentence, lastLines);
            case Already _, Refused _ -> this;
        };
    }

    default Optional<Failed> failure() {
        return this instanceof Failed failed ? Optional.of(failed) : Optional.empty();
    }
}
