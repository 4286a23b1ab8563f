/// Reads what every Python package manager leaves on disk: environments, distributions and their origins.
@org.jspecify.annotations.NullMarked
package io.github.lamplighter.installer.python;
