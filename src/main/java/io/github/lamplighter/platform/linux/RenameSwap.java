package io.github.lamplighter.platform.linux;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectorySwap;
import java.io.IOException;
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
import java.util.Optional;

/// Swaps two directories in one step, with `renameat2(2)` and `RENAME_EXCHANGE`. Older kernels and some file
/// systems (NFS, some FUSE) do not support it; there it uses renames.
public final class RenameSwap implements DirectorySwap {

    private static final int AT_FDCWD = -100;
    private static final int RENAME_EXCHANGE = 2;
    /// ENOSYS, EINVAL and EOPNOTSUPP: not supported here.
    private static final java.util.Set<Integer> UNSUPPORTED = java.util.Set.of(38, 22, 95);

    private final Renames renames = new Renames();

    /// Linked at the first use: that takes 0.1 s, and most commands never swap anything.
    private static final class Linked {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        static final Optional<MethodHandle> RENAMEAT2 = link(Linker.nativeLinker());

        private static Optional<MethodHandle> link(Linker linker) {
            return linker.defaultLookup()
                    .find("renameat2")
                    .map(symbol -> linker.downcallHandle(
                            symbol,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT),
                            Linker.Option.captureCallState("errno")));
        }
    }

    @Override
    public void exchange(Path one, Path other) throws IOException {
        int errno = Linked.RENAMEAT2.isPresent() ? call(Linked.RENAMEAT2.get(), one, other) : 38;
        if (UNSUPPORTED.contains(errno)) {
            renames.exchange(one, other);
        } else if (errno != 0) {
            throw new IOException("Could not swap %s and %s: %s".formatted(one, other, why(errno)));
        }
        AtomicFile.sync(AtomicFile.folderOf(one));
        AtomicFile.sync(AtomicFile.folderOf(other));
    }

    @Override
    public boolean hasGap() {
        return Linked.RENAMEAT2.isEmpty();
    }

    /// errno(3), as far as users meet it.
    private static String why(int errno) {
        return switch (errno) {
            case 2 -> "one of them is missing";
            case 1, 13 -> "no permission";
            case 16 -> "one of them is a mount point or in use";
            case 18 -> "they are on different disks";
            case 28 -> "the disk is full";
            case 30 -> "the disk is read-only";
            default -> "errno " + errno;
        };
    }

    /// 0, or errno.
    private static int call(MethodHandle renameat2, Path one, Path other) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linked.STATE);
            int result = (int) renameat2.invokeExact(
                    state,
                    AT_FDCWD,
                    arena.allocateFrom(one.toString()),
                    AT_FDCWD,
                    arena.allocateFrom(other.toString()),
                    RENAME_EXCHANGE);
            return result == 0 ? 0 : (int) Linked.ERRNO.get(state, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
