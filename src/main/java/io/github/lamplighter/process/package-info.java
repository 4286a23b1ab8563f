/// Running another program and getting a typed answer; the only place that does.
@NullMarked
package io.github.lamplighter.process;

import org.jspecify.annotations.NullMarked;
