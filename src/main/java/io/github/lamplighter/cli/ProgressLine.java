package io.github.lamplighter.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One line on a terminal that says what is at work, and takes itself away: before the result is printed, and when the
/// program is interrupted. What is done in a moment shows none.
final class ProgressLine implements AutoCloseable {

    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Duration NEXT = Duration.ofMillis(200);

    private static final int WIDEST = 72;

    private static final String ERASE = "\r\u001B[K";

    /// A line that wraps could not be taken away: on a narrow terminal its end is not shown (DECAWM, vt100 and later).
    private static final String NO_WRAP = "\u001B[?7l";

    private static final String WRAP = "\u001B[?7h";

    private final PrintStream terminal;
    private final Supplier<String> text;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "live-line");
    private boolean shown;

    private ProgressLine(PrintStream terminal, Supplier<String> text) {
        this.terminal = terminal;
        this.text = text;
    }

    /// Begins to show `text`, asked anew each time, where standard error is a terminal; elsewhere nothing is written.
    ///
    /// @param silent nobody wants to see it
    static ProgressLine on(Console console, Supplier<String> text, boolean silent) {
        ProgressLine line = new ProgressLine(console.err(), text);
        if (console.live() && !silent) {
            Runtime.getRuntime().addShutdownHook(line.hook);
            Thread.ofVirtual().name("live-line").start(line::run);
        }
        return line;
    }

    private void run() {
        try {
            Duration pause = FIRST;
            while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                draw();
                pause = NEXT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void draw() {
        if (over.getCount() == 0) {
            return;
        }
        String now = text.get();
        terminal.print(NO_WRAP + ERASE + (now.length() > WIDEST ? now.substring(0, WIDEST - 1) + "…" : now) + WRAP);
        terminal.flush();
        shown = true;
    }

    private synchronized void end() {
        over.countDown();
        if (shown) {
            terminal.print(ERASE);
            terminal.flush();
            shown = false;
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is going down already, and the hook has taken the line away.
        }
    }
}
