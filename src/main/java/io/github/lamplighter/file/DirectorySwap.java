package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The port to swapping two folders of one file system.
public interface DirectorySwap {

    /// Each then lies where the other was. Where the system can, there is no instant without either.
    ///
    /// @throws IOException when nothing was changed, or (with two renames) when the second did not work
    void exchange(Path one, Path other) throws IOException;

    /// Whether there is an instant in which `one` is missing.
    boolean hasGap();

    /// The fall-back: `one` steps aside, `other` takes its place, and what stepped aside takes `other`'s.
    /// Between the first two renames `one` is missing; the journal covers that gap.
    final class Renames implements DirectorySwap {

        /// Where `one` waits in the gap.
        public static Path aside(Path other) {
            return other.resolveSibling(other.getFileName() + ".aside");
        }

        @Override
        public void exchange(Path one, Path other) throws IOException {
            Path aside = aside(other);
            if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(aside + " is in the way");
            }
            Files.move(one, aside, StandardCopyOption.ATOMIC_MOVE);
            try {
                Files.move(other, one, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.move(aside, one, StandardCopyOption.ATOMIC_MOVE);
                throw e;
            }
            Files.move(aside, other, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public boolean hasGap() {
            return true;
        }
    }
}
