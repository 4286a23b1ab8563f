/// The catalog of checks, their findings and remedies, and the saved reports.
@NullMarked
package io.github.lamplighter.doctor;

import org.jspecify.annotations.NullMarked;
