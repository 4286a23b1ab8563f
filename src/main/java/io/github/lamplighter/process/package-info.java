/// Runs other programs; the only place that does.
@NullMarked
package io.github.lamplighter.process;

import org.jspecify.annotations.NullMarked;
