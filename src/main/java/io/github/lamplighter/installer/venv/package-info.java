/// Installations in a plain Python virtual environment.
@NullMarked
package io.github.lamplighter.installer.venv;

import org.jspecify.annotations.NullMarked;
