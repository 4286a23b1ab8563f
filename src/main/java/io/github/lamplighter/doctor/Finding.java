package io.github.lamplighter.doctor;

import io.github.lamplighter.text.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The result of one check, with a component for each key of the contract.
///
/// @param id the check's stable id, lower-kebab
/// @param title what is so, in the user's nouns, at most 60 characters
/// @param effect so what, if anything
/// @param evidence what it rests on
/// @param since when this severity began, kept over runs
/// @param checkedAt when the check ran
/// @param ignored whether the user ignores it
/// @param tookMillis how long the check took
public record Finding(
        String id,
        Group group,
        Severity severity,
        String title,
        Optional<String> effect,
        List<Evidence> evidence,
        List<Remedy> remedies,
        Instant since,
        Instant checkedAt,
        boolean ignored,
        long tookMillis) {

    public Finding {
        evidence = List.copyOf(evidence);
        remedies = List.copyOf(remedies);
    }

    /// The same finding with other evidence and remedies.
    Finding with(List<Evidence> otherEvidence, List<Remedy> otherRemedies) {
        return new Finding(
                id,
                group,
                severity,
                title,
                effect,
                otherEvidence,
                otherRemedies,
                since,
                checkedAt,
                ignored,
                tookMillis);
    }

    Finding withSince(Instant began) {
        return new Finding(
                id, group, severity, title, effect, evidence, remedies, began, checkedAt, ignored, tookMillis);
    }

    Finding withIgnored(boolean aside) {
        return new Finding(id, group, severity, title, effect, evidence, remedies, since, checkedAt, aside, tookMillis);
    }

    /// Whether it needs the user's attention.
    public boolean needsAttention() {
        return !ignored
                && switch (severity) {
                    case FAILURE, WARNING, CRASHED -> true;
                    case OK, INFO, UNKNOWN -> false;
                };
    }
}
