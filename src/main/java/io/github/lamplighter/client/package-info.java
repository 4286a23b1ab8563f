/// Runs Lamplighter's own commands as child processes, and reads their envelopes.
@NullMarked
package io.github.lamplighter.client;

import org.jspecify.annotations.NullMarked;
