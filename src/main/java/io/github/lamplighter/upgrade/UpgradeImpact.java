package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.ProcessTable.Running;
import io.github.lamplighter.service.StopImpactAssessor.StopImpact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the user has to confirm: what an upgrade interrupts besides the tool itself, which data it doesn't
/// back up, and what it removes.
///
/// @param others processes that use the environment outside of the tool's service, and may crash
/// @param stopImpact what ends with the service: processes in its control group, open sessions
/// @param uncovered data of the tool that are not backed up although its manifest lists them, and what was
///     added to the installation and will be removed, a sentence each
public record UpgradeImpact(List<Running> others, StopImpact stopImpact, List<String> uncovered) {

    static final UpgradeImpact NONE = new UpgradeImpact(List.of(), StopImpact.NONE, List.of());

    public UpgradeImpact {
        others = List.copyOf(others);
        uncovered = List.copyOf(uncovered);
    }

    /// One sentence each.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        others.forEach(other -> sentences.add(sentence(other)));
        if (!stopImpact.isNone()) {
            sentences.add(stopImpact.sentence());
        }
        sentences.addAll(uncovered);
        return sentences;
    }

    private static String sentence(Running other) {
        String process = "PID %d, %s".formatted(other.pid(), other.command());
        return ProcessTable.serviceOf(other.controlGroup())
                .map(unit -> "Another service uses this installation and may crash: %s (%s). Restart it afterwards."
                        .formatted(unit, process))
                .orElseGet(() -> "Another process uses this installation and may crash: %s.".formatted(process));
    }

    /// The hash that the worker compares, so that it interrupts no more than the user confirmed.
    public String hash() {
        return hash(text());
    }

    String text() {
        return "%s\n%s\n%d\n%s\n%s\n"
                .formatted(
                        others.stream().map(Running::pid).sorted().toList(),
                        stopImpact.pids().stream().sorted().toList(),
                        stopImpact.sessions(),
                        stopImpact.isNone(),
                        uncovered);
    }

    /// What exceeds the confirmed impact, as a sentence.
    Optional<String> beyond(UpgradeImpact confirmed) {
        Set<Long> known = confirmed.others.stream().map(Running::pid).collect(Collectors.toSet());
        Optional<String> another = others.stream()
                .filter(other -> !known.contains(other.pid()))
                .findFirst()
                .map(other -> "Another process started using this installation: PID %d, %s."
                        .formatted(other.pid(), other.command()));
        if (another.isEmpty() && stopImpact.exceeds(confirmed.stopImpact)) {
            return Optional.of(stopImpact.sentence());
        }
        return another.or(() -> uncovered.stream()
                .filter(sentence -> !confirmed.uncovered.contains(sentence))
                .findFirst());
    }

    static String hash(String text) {
        return Digest.hex(text, 16);
    }
}
