package io.github.lamplighter.harness;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Signals that a test sends without starting a program: `kill(1)` takes longer than some steps.
public enum ProcessSignal {
    KILL(9),
    TERMINATE(15),
    CONTINUE(18),
    STOP(19);

    private static final MethodHandle SEND = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("kill").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int number;

    ProcessSignal(int number) {
        this.number = number;
    }

    /// @return whether there was such a process
    public boolean send(long pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("not a process of a test: " + pid);
        }
        try {
            return (int) SEND.invokeExact((int) pid, number) == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
