package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.Step;
import io.github.lamplighter.upgrade.StepOutcome;
import io.github.lamplighter.upgrade.StepProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Upgrades whose steps a test reports.
final class FakeUpgradeFeed implements UpgradeFeed {

    final List<Running> running = new CopyOnWriteArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    private volatile Optional<Listener> listener = Optional.empty();
    private volatile Consumer<Optional<UpgradeRecord>> ended = _ -> {};

    @Override
    public Following follow(String tool, Instant since, Listener entry) {
        listener = Optional.of(entry);
        return handle();
    }

    @Override
    public Following follow(Running followed, Listener entry, Consumer<Optional<UpgradeRecord>> over) {
        listener = Optional.of(entry);
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

    void prints(String line) {
        listener.ifPresent(found -> found.output(line));
    }

    void over(Optional<UpgradeRecord> past) {
        running.clear();
        ended.accept(past);
    }

    private void tell(String word, String text, Optional<StepOutcome> outcome, long millis) {
        Step step = Arrays.stream(Step.values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow();
        StepProgress progress = new StepProgress(step, text, outcome, Examples.NOW, Duration.ofMillis(millis), "");
        listener.ifPresent(found -> found.step(progress));
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
