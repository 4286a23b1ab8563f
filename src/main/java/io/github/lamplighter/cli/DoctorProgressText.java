package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Progress of the doctor in one line: counts checks for one tool, and tools for several. After five seconds without a
/// result it names what it is waiting for.
final class DoctorProgressText implements Progress, Supplier<String> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final int tools;
    private final InstantSource clock;
    private final Map<String, Set<String>> waiting = new LinkedHashMap<>();
    private int asked;
    private int answered;
    private int done;
    private Instant last;

    /// @param tools number of tools that are checked
    DoctorProgressText(int tools, InstantSource clock) {
        this.tools = tools;
        this.clock = clock;
        this.last = clock.instant();
    }

    @Override
    public synchronized void began(String tool, List<String> ids) {
        waiting.put(tool, new LinkedHashSet<>(ids));
        asked += ids.size();
        last = clock.instant();
    }

    @Override
    public synchronized void answered(String tool, String id) {
        Set<String> left = waiting.getOrDefault(tool, new LinkedHashSet<>());
        if (!left.remove(id)) {
            return;
        }
        answered++;
        last = clock.instant();
        if (left.isEmpty()) {
            waiting.remove(tool);
            done++;
        }
    }

    @Override
    public synchronized String get() {
        String count = tools == 1
                ? asked == 0 ? "Checking" : "Checking %d of %d".formatted(answered, asked)
                : "Checking %d of %d tools".formatted(done, tools);
        boolean slow = Duration.between(last, clock.instant()).compareTo(PATIENCE) >= 0;
        return slow && !waiting.isEmpty() ? count + " · still waiting for " + String.join(", ", open()) : count;
    }

    private List<String> open() {
        return tools == 1 ? waiting.values().stream().flatMap(Set::stream).toList() : new ArrayList<>(waiting.keySet());
    }
}
