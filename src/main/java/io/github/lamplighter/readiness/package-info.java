/// Whether a running service answers, whether it is the one meant, and which version answers.
@NullMarked
package io.github.lamplighter.readiness;

import org.jspecify.annotations.NullMarked;
