/// Implementations that use launchd and other programs of macOS.
@NullMarked
package io.github.lamplighter.platform.launchd;

import org.jspecify.annotations.NullMarked;
