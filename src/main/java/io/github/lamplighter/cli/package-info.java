/// The command line: commands, their options, and their results as text and JSON.
@NullMarked
package io.github.lamplighter.cli;

import org.jspecify.annotations.NullMarked;
