package io.github.lamplighter.tray;

import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import io.github.lamplighter.tray.BackgroundChecks.Extent;
import io.github.lamplighter.tray.BackgroundChecks.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// When the tray runs the doctor: at its interval, after the computer woke up, when something changed, again after a
/// time-out, and when the user wants it. One run at a time.
final class ResidentChecks {

    /// What changes together is checked together.
    static final Duration SETTLE = Duration.ofSeconds(2);

    /// When a check that did not finish in time is tried again.
    static final List<Duration> RETRIES = List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(5));

    private static final List<String> OFFLINE = List.of("--offline");

    /// Runs the doctor.
    interface Doctor {
        /// @param options which tools, and whether without the network
        /// @param done is called in any thread
        void run(List<String> options, Runnable done);
    }

    interface Listener {
        /// When all tools are checked again.
        void planned(Instant at);

        /// [#isChecking] or [#leftOut] may have changed.
        void changed();

        /// A run is over, and its reports are written.
        void finished();
    }

    private final EventLoop loop;
    private final Supplier<Conditions> conditions;
    private final Doctor doctor;
    private final Supplier<Duration> interval;
    private final Supplier<List<String>> timedOut;
    private final Listener listener;
    private final BackgroundChecks backgroundChecks = new BackgroundChecks();

    private Instant lastDue = Instant.MIN;
    private boolean checking;
    private final Set<Reason> wanted = EnumSet.noneOf(Reason.class);
    private Optional<String> leftOut = Optional.empty();
    private int retries;

    /// @param conditions may wait for the system's answers
    /// @param interval the setting
    /// @param timedOut the tools of which a check did not finish in time, by the last reports
    ResidentChecks(
            EventLoop loop,
            Supplier<Conditions> conditions,
            Doctor doctor,
            Supplier<Duration> interval,
            Supplier<List<String>> timedOut,
            Listener listener) {
        this.loop = loop;
        this.conditions = conditions;
        this.doctor = doctor;
        this.interval = interval;
        this.timedOut = timedOut;
        this.listener = listener;
    }

    boolean isChecking() {
        return checking;
    }

    /// Why the last due check was not complete, as a sentence.
    Optional<String> leftOut() {
        return leftOut;
    }

    /// Checks everything, and again after each interval.
    void due() {
        lastDue = loop.now();
        plan();
        check(Reason.DUE);
    }

    /// The timer of the loop stands still while the computer sleeps.
    void resumed() {
        loop.once("resumed", SETTLE, () -> {
            if (!loop.now().isBefore(lastDue.plus(interval.get()))) {
                due();
            } else {
                plan();
                check(Reason.RESUME);
            }
        });
    }

    /// Waits for the new interval instead of the one before.
    void intervalChanged() {
        if (lastDue.isAfter(Instant.MIN)) {
            plan();
        }
    }

    private void plan() {
        Instant next = lastDue.plus(interval.get());
        Duration left = Duration.between(loop.now(), next);
        loop.once("due", left.isNegative() ? Duration.ZERO : left, this::due);
        listener.planned(next);
    }

    /// Checks after a manifest or a version changed.
    void soon() {
        wanted.add(Reason.CHANGE);
        checkWanted();
    }

    /// Checks after a service or the panel changed.
    void stateChanged() {
        wanted.add(Reason.STATE);
        checkWanted();
    }

    private void checkWanted() {
        loop.once("check", SETTLE, () -> {
            Set<Reason> reasons = Set.copyOf(wanted);
            wanted.clear();
            if (!reasons.isEmpty()) {
                check(reasons);
            }
        });
    }

    /// Checks because the user wants it.
    void now() {
        check(Reason.CLICK);
    }

    /// The network or the power profile may be another one.
    void conditionsChanged() {
        loop.once(
                "conditions",
                SETTLE,
                () -> withConditions(now -> {
                    leftOut = backgroundChecks.isOverdue() ? now.reason() : Optional.empty();
                    listener.changed();
                    if (backgroundChecks.mayCatchUp(now)) {
                        check(Reason.DUE);
                    }
                }));
    }

    private void check(Reason reason) {
        check(Set.of(reason));
    }

    private void check(Set<Reason> reasons) {
        withConditions(now -> check(reasons, now));
    }

    private void check(Set<Reason> reasons, Conditions now) {
        if (checking) {
            wanted.addAll(reasons);
            return;
        }
        // The largest one that need not wait covers the others.
        Optional<Extent> extent = reasons.stream()
                .sorted(Comparator.reverseOrder())
                .flatMap(reason -> backgroundChecks.begin(reason, now).stream())
                .findFirst();
        leftOut = backgroundChecks.isOverdue() ? now.reason() : Optional.empty();
        if (extent.isEmpty()) {
            listener.changed();
            return;
        }
        if (extent.get() == Extent.FULL) {
            lastDue = loop.now();
            plan();
        }
        retries = 0;
        begin(extent.get() == Extent.FULL ? List.of() : OFFLINE);
    }

    private void begin(List<String> options) {
        checking = true;
        listener.changed();
        doctor.run(options, () -> loop.run(this::ended));
    }

    private void ended() {
        checking = false;
        listener.finished();
        retryTimedOut();
        if (!wanted.isEmpty()) {
            checkWanted();
        }
    }

    /// A check that did not finish in time is tried again soon, a few times.
    private void retryTimedOut() {
        loop.cancel("timed out");
        List<String> tools = timedOut.get();
        if (tools.isEmpty() || retries >= RETRIES.size()) {
            return;
        }
        loop.once("timed out", RETRIES.get(retries), () -> {
            if (!checking) {
                retries++;
                begin(Stream.concat(OFFLINE.stream(), tools.stream()).toList());
            }
        });
    }

    /// Asks aside: a service that hangs must not stop the loop.
    private void withConditions(Consumer<Conditions> then) {
        loop.aside(() -> {
            Conditions now = conditions.get();
            loop.run(() -> then.accept(now));
        });
    }
}
