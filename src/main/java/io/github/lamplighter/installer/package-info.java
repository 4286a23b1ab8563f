/// Finds how a tool was installed, with evidence, and plans how its package manager installs another version.
@NullMarked
package io.github.lamplighter.installer;

import org.jspecify.annotations.NullMarked;
