/// Atomic writes, locks, watching, and the folders of this user.
@NullMarked
package io.github.lamplighter.file;

import org.jspecify.annotations.NullMarked;
