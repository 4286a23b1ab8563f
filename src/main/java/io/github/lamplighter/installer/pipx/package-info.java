/// Tools that pipx installed: its environments, its record of each, and how pipx installs another version.
@org.jspecify.annotations.NullMarked
package io.github.lamplighter.installer.pipx;
