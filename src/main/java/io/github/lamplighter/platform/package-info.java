/// The implementations of the core's ports: what all systems share here, what differs in a package each.
@NullMarked
package io.github.lamplighter.platform;

import org.jspecify.annotations.NullMarked;
