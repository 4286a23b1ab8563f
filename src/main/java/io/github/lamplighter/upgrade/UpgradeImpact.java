package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.readiness.ProcessTable.Running;
import io.github.lamplighter.service.StopImpactAssessor.StopImpact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What stopping a tool and replacing its files would hurt besides the tool itself: what has to be agreed to.
///
/// @param others programs that run from the environment outside its service, and may be hurt
/// @param harm what ends with its service: programs in its control group, open sessions
public record UpgradeImpact(List<Running> others, StopImpact stopImpact) {

    public UpgradeImpact {
        others = List.copyOf(others);
    }

    /// One sentence each.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        others.forEach(other -> sentences.add(
                "Another program runs from it and may be hurt: pid %d, %s.".formatted(other.pid(), other.command())));
        if (!stopImpact.isNone()) {
            sentences.add(stopImpact.sentence());
        }
        return sentences;
    }

    /// What a worker is given, so that it does no more than somebody saw and agreed to.
    public String hash() {
        return hash(text());
    }

    String text() {
        return "%s\n%s\n%d\n%s\n"
                .formatted(
                        others.stream().map(Running::pid).sorted().toList(),
                        stopImpact.pids().stream().sorted().toList(),
                        stopImpact.sessions(),
                        stopImpact.isNone());
    }

    /// A sentence when there is more than was agreed to.
    Optional<String> beyond(UpgradeImpact agreed) {
        Set<Long> known = agreed.others.stream().map(Running::pid).collect(Collectors.toSet());
        Optional<String> another = others.stream()
                .filter(other -> !known.contains(other.pid()))
                .findFirst()
                .map(other ->
                        "Another program runs from it since: pid %d, %s.".formatted(other.pid(), other.command()));
        return another.isPresent() || !stopImpact.exceeds(agreed.stopImpact)
                ? another
                : Optional.of(stopImpact.sentence());
    }

    static String hash(String text) {
        return Digest.hex(text, 16);
    }
}
