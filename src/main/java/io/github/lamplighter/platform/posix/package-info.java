/// Implementations that Linux and macOS share.
@NullMarked
package io.github.lamplighter.platform.posix;

import org.jspecify.annotations.NullMarked;
