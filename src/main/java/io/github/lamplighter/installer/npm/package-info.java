/// Installations by `npm install -g` in a prefix.
@NullMarked
package io.github.lamplighter.installer.npm;

import org.jspecify.annotations.NullMarked;
