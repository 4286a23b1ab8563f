package io.github.lamplighter.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// A standard stream that keeps the first write error; a print stream only records that there was one.
final class FailureTrackingStream extends OutputStream {

    private final OutputStream out;
    private Optional<IOException> problem = Optional.empty();

    FailureTrackingStream(FileDescriptor descriptor) {
        this.out = new FileOutputStream(descriptor);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            problem = problem.or(() -> Optional.of(e));
            throw e;
        }
    }

    /// Why the output is incomplete, as a phrase; empty also if the reader closed the pipe (`| head -1`).
    synchronized Optional<String> problem() {
        return problem.map(e -> String.valueOf(e.getMessage())).filter(why -> !why.contains("Broken pipe"));
    }
}
