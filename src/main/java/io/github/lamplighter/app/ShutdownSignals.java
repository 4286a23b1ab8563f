package io.github.lamplighter.app;

import java.util.List;
import java.util.function.Consumer;
import sun.misc.Signal;

/// Calls back on SIGINT, SIGTERM and SIGHUP (Ctrl+C, a closed terminal, the service manager). A shutdown hook
/// is not enough: a JVM that is shutting down can start no programs, and a rollback needs some.
final class ShutdownSignals implements Consumer<Runnable> {

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    /// Calls back on SIGTERM only, so that this process ends with its own exit code.
    static void onTermination(Runnable wish) {
        Signal.handle(new Signal("TERM"), _ -> wish.run());
    }

    @Override
    public void accept(Runnable wish) {
        for (String name : SIGNALS) {
            Signal.handle(new Signal(name), _ -> wish.run());
        }
    }
}
