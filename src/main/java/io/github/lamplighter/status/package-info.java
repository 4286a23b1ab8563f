/// What becomes of findings over time: expected or not, set aside, grace, flapping, what is worth a
/// notification.
@NullMarked
package io.github.lamplighter.status;

import org.jspecify.annotations.NullMarked;
