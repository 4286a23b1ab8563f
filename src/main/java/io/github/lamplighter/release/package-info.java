/// Fetches the releases of a package's source and decides whether an update is available.
@NullMarked
package io.github.lamplighter.release;

import org.jspecify.annotations.NullMarked;
