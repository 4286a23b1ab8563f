/// Implementations for Linux that need neither systemd nor `/proc`: desktop autostart, os-release, renameat2.
@NullMarked
package io.github.lamplighter.platform.linux;

import org.jspecify.annotations.NullMarked;
