/// Lamplighter itself, the first tool in its own list.
@NullMarked
package io.github.lamplighter.installer.self;

import org.jspecify.annotations.NullMarked;
