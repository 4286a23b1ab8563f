package io.github.lamplighter.doctor;

import io.github.lamplighter.text.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The five facts: five different things, each with evidence and age.
public record Facts(Fact installed, Fact enabled, Fact running, Fact answering, Fact mine) {

    /// @param value empty when it is not known
    public record Fact(Optional<Boolean> value, List<Evidence> evidence, Instant checkedAt) {
        /// The source of a fact that does not apply by the manifest.
        static final String DESCRIPTION = "manifest";

        public Fact {
            evidence = List.copyOf(evidence);
        }

        /// Whether the fact applies: a command has no service, and not every service has a URL.
        public boolean isAsked() {
            return value.isPresent()
                    || evidence.stream().noneMatch(one -> one.source().equals(DESCRIPTION));
        }
    }
}
