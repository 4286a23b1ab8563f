package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The five facts: five different things, each with evidence and age.
public record Facts(Fact installed, Fact enabled, Fact running, Fact answering, Fact mine) {

    /// @param value empty when it is not known
    public record Fact(Optional<Boolean> value, List<Evidence> evidence, Instant checkedAt) {
        public Fact {
            evidence = List.copyOf(evidence);
        }
    }
}
