package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The port to swapping two folders of one file system.
public interface DirectorySwap {

    /// Exchanges the two folders. Where the system can, neither is missing at any moment.
    ///
    /// @throws IOException if nothing was changed, or (with several renames) if a later one failed
    void exchange(Path one, Path other) throws IOException;

    /// Whether `one` is missing for a moment.
    boolean hasGap();

    /// The fallback, three renames. Between the first two `one` is missing; the journal covers that gap.
    final class Renames implements DirectorySwap {

        /// The temporary place of `one`.
        public static Path aside(Path other) {
            return other.resolveSibling(other.getFileName() + ".aside");
        }

        @Override
        public void exchange(Path one, Path other) throws IOException {
            Path aside = aside(other);
            if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(aside + " already exists");
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
