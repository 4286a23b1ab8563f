/// The window: what the tools are, how they are, and a click for what can be done.
@NullMarked
package io.github.lamplighter.window;

import org.jspecify.annotations.NullMarked;
