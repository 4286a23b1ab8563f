package io.github.lamplighter.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Replaces this process by another program with execve(2): same pid, same streams. A service manager then watches the
/// program itself.
public final class ExecReplacement {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /// As large as any system's `sigset_t`; all zero is the empty set.
    private static final long SIGNALS = 128;

    private static final int FILES = 1024;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private ExecReplacement() {}

    /// Replaces this process; returns only on failure.
    ///
    /// @param argv the program's full path, and its arguments
    /// @param environment its complete environment
    /// @param directory its working directory
    /// @param macos whether this is macOS, whose constants differ
    /// @return why it failed, as a sentence
    public static String program(List<String> argv, Map<String, String> environment, Path directory, boolean macos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment path = arena.allocateFrom(argv.getFirst());
            MemorySegment arguments = array(arena, argv);
            MemorySegment variables = array(
                    arena,
                    environment.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
            if ((int) function("chdir", ValueLayout.ADDRESS)
                            .invokeExact(state, arena.allocateFrom(directory.toString()))
                    != 0) {
                return "Could not change to the working directory %s (errno %d).".formatted(directory, errno(state));
            }
            // Java's threads block some signals, and a blocked signal would stay blocked in the program.
            int setMask = macos ? 3 : 2;
            int _ = (int) function("sigprocmask", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                    .invokeExact(state, setMask, arena.allocate(SIGNALS, 8), MemorySegment.NULL);
            // Java's files would stay open in the program; numbers without an open file are harmless.
            MethodHandle fcntl = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("fcntl"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
            for (int file = 3; file < FILES; file++) {
                int _ = (int) fcntl.invokeExact(file, F_SETFD, FD_CLOEXEC);
            }
            int _ = (int) function("execve", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                    .invokeExact(state, path, arguments, variables);
            return "Could not start %s (errno %d).".formatted(argv.getFirst(), errno(state));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MemorySegment array(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }
}
