/// How macOS's launchd does what the core's ports ask.
@NullMarked
package io.github.lamplighter.platform.launchd;

import org.jspecify.annotations.NullMarked;
