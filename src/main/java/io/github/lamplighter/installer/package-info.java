/// How a tool got onto this machine, with the evidence, and how its package manager installs another version.
@NullMarked
package io.github.lamplighter.installer;

import org.jspecify.annotations.NullMarked;
