/// Installs a package of Lamplighter in the user's home, and removes Lamplighter from it.
@NullMarked
package io.github.lamplighter.setup;

import org.jspecify.annotations.NullMarked;
