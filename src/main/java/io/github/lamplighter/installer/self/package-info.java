/// Finds Lamplighter's own installation, the first tool in its list.
@NullMarked
package io.github.lamplighter.installer.self;

import org.jspecify.annotations.NullMarked;
