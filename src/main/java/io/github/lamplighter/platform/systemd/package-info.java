/// How systemd does what the core's ports ask.
@NullMarked
package io.github.lamplighter.platform.systemd;

import org.jspecify.annotations.NullMarked;
