package io.github.lamplighter.app;

import java.util.List;
import java.util.function.Consumer;
import sun.misc.Signal;

/// Being asked to end (Ctrl+C, a closing terminal, the service manager) as a wish that is carried out in
/// order. A shutdown hook does not do: in a JVM that is shutting down no program can be started any more,
/// and going back to the old version needs some.
final class ShutdownSignals implements Consumer<Runnable> {

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    @Override
    public void accept(Runnable wish) {
        for (String name : SIGNALS) {
            Signal.handle(new Signal(name), _ -> wish.run());
        }
    }
}
