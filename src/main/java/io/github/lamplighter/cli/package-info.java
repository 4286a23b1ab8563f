/// The command line: verbs, their text and their JSON.
@NullMarked
package io.github.lamplighter.cli;

import org.jspecify.annotations.NullMarked;
