package io.github.lamplighter.cli;

/// The exit codes (docs/cli.md).
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int REFUSED = 3;
    public static final int NEEDS_ATTENTION = 4;
    public static final int BUSY = 5;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /// The exit code for several tools: the first of 4, 1, 5, 3 that occurs.
    public static int combine(Iterable<Integer> codes) {
        int[] order = {NEEDS_ATTENTION, FAILED, BUSY, REFUSED};
        for (int candidate : order) {
            for (int code : codes) {
                if (code == candidate) {
                    return candidate;
                }
            }
        }
        return OK;
    }
}
