/// Installations by pipx: their environments, pipx's records, and how pipx installs another version.
@org.jspecify.annotations.NullMarked
package io.github.lamplighter.installer.pipx;
