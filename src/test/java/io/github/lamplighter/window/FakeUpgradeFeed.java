package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Upgrades whose steps a test reports.
final class FakeUpgradeFeed implements UpgradeFeed {

    final List<Running> running = new CopyOnWriteArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    private volatile Consumer<Entry> consumer = _ -> {};
    private volatile Consumer<Optional<UpgradeRecord>> ended = _ -> {};

    @Override
    public Following follow(String tool, Instant since, Consumer<Entry> entry) {
        consumer = entry;
        return handle();
    }

    @Override
    public Following follow(Running followed, Consumer<Entry> entry, Consumer<Optional<UpgradeRecord>> over) {
        consumer = entry;
        ended = over;
        return handle();
    }

    @Override
    public List<Running> running() {
        return running;
    }

    void begins(String step, String text) {
        tell(step, text, Optional.empty(), 0);
    }

    void ends(String step, String text, long millis) {
        tell(step, text, Optional.of(StepOutcome.DONE), millis);
    }

    void fails(String step, String text, long millis) {
        tell(step, text, Optional.of(StepOutcome.FAILED), millis);
    }

    void over(Optional<UpgradeRecord> past) {
        running.clear();
        ended.accept(past);
    }

    private void tell(String step, String text, Optional<StepOutcome> outcome, long millis) {
        boolean down = List.of("stop", "switch", "start", "ready").contains(step);
        consumer.accept(
                new Entry(step, text, outcome, Examples.NOW, outcome.map(_ -> Duration.ofMillis(millis)), down));
    }

    private Following handle() {
        return new Following() {
            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }

            @Override
            public void close() {}
        };
    }
}
