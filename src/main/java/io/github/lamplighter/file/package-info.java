/// Atomic writes, locks, watching, and where this user's files lie.
@NullMarked
package io.github.lamplighter.file;

import org.jspecify.annotations.NullMarked;
