/// Which versions a source publishes, and the verdict.
@NullMarked
package io.github.lamplighter.release;

import org.jspecify.annotations.NullMarked;
