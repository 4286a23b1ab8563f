/// What the implementations of the core's ports have in common; what differs is in a package each.
@NullMarked
package io.github.lamplighter.platform;

import org.jspecify.annotations.NullMarked;
