/// The user's choices.
@NullMarked
package io.github.lamplighter.settings;

import org.jspecify.annotations.NullMarked;
