package io.github.lamplighter.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A progress line on a terminal. It is erased before the result is printed, and when the program is interrupted. Work
/// that is done in a moment shows none.
final class ProgressLine implements AutoCloseable {

    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Duration NEXT = Duration.ofMillis(200);

    private static final int WIDEST = 72;

    private static final String ERASE = "\r\u001B[K";

    /// A wrapped line could not be erased, so a narrow terminal cuts it off (DECAWM, vt100 and later).
    private static final String NO_WRAP = "\u001B[?7l";

    private static final String WRAP = "\u001B[?7h";

    private final PrintStream terminal;
    private final Supplier<String> text;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "progress-line");
    private boolean shown;

    private ProgressLine(PrintStream terminal, Supplier<String> text) {
        this.terminal = terminal;
        this.text = text;
    }

    /// Shows `text`, which is read again for each update, if standard error is a terminal.
    ///
    /// @param silent shows nothing
    static ProgressLine on(Console console, Supplier<String> text, boolean silent) {
        ProgressLine line = new ProgressLine(console.err(), text);
        if (console.live() && !silent) {
            Runtime.getRuntime().addShutdownHook(line.hook);
            Thread.ofVirtual().name("progress-line").start(line::run);
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
            // The JVM is shutting down, so the hook has erased the line.
        }
    }
}
