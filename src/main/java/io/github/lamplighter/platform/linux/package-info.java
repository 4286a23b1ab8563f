/// How Linux does what the core's ports ask.
@NullMarked
package io.github.lamplighter.platform.linux;

import org.jspecify.annotations.NullMarked;
