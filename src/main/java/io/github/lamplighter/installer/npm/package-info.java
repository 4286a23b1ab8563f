/// Tools that `npm install -g` put into a prefix.
@NullMarked
package io.github.lamplighter.installer.npm;

import org.jspecify.annotations.NullMarked;
