package io.github.lamplighter.window;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// How far a check of one tool is. Written by several threads, read by the window's.
final class CheckProgress {

    /// After this time without an answer it names what it is waiting for.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Set<String> OF_THE_INDEX = Set.of(CheckId.UPDATE, CheckId.WHY_NOT_NEWER);

    private final InstantSource clock;
    private final Set<String> waiting = new LinkedHashSet<>();
    private int total;
    private Instant last;
    private boolean stopped;

    CheckProgress(InstantSource clock) {
        this.clock = clock;
        this.last = clock.instant();
    }

    /// The listener of a run.
    ///
    /// @param changed called after each change, in some thread
    Progress reporting(Runnable changed) {
        return new Progress() {
            @Override
            public void began(String tool, List<String> ids) {
                synchronized (CheckProgress.this) {
                    waiting.addAll(ids);
                    total += ids.size();
                    last = clock.instant();
                }
                changed.run();
            }

            @Override
            public void answered(String tool, String id) {
                synchronized (CheckProgress.this) {
                    waiting.remove(id);
                    last = clock.instant();
                }
                changed.run();
            }
        };
    }

    /// Whether a check has not answered yet; before the checks are known, all of them wait.
    synchronized boolean isWaiting(String id) {
        return total == 0 || waiting.contains(CheckId.family(id)) || waiting.contains(id);
    }

    synchronized void stop() {
        stopped = true;
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /// `Checking 7 of 22 · still waiting for the package index`.
    synchronized String sentence(Instant now) {
        if (stopped) {
            return "Stopping…";
        }
        if (total == 0) {
            return "Checking…";
        }
        String count = "Checking %d of %d".formatted(total - waiting.size(), total);
        boolean slow = Duration.between(last, now).compareTo(PATIENCE) >= 0;
        return slow && !waiting.isEmpty() ? count + " · still waiting for " + names() : count;
    }

    private String names() {
        return waiting.stream()
                .map(id -> OF_THE_INDEX.contains(id) ? "the package index" : id.replace('-', ' '))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
