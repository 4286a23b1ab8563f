package io.github.lamplighter.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// One of the standard streams, which remembers why it could not be written: a print stream only knows that.
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

    /// Why something is missing from what was written, as a phrase. That the reader had enough (`| head -1`) is no
    /// reason.
    synchronized Optional<String> problem() {
        return problem.map(e -> String.valueOf(e.getMessage())).filter(why -> !why.contains("Broken pipe"));
    }
}
