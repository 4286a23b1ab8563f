/// What becomes of findings over time: expected or not, set aside, grace, flapping, what is worth a
/// notification.
@NullMarked
package io.github.lamplighter.incident;

import org.jspecify.annotations.NullMarked;
