/// The catalogue of checks, their findings, and the remedies.
@NullMarked
package io.github.lamplighter.doctor;

import org.jspecify.annotations.NullMarked;
