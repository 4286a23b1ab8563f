/// Main, wiring by plain constructors, single instance.
@NullMarked
package io.github.lamplighter.app;

import org.jspecify.annotations.NullMarked;
