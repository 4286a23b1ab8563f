/// Tools that `uv tool` installed: its environments, its receipts, and how uv installs another version.
@org.jspecify.annotations.NullMarked
package io.github.lamplighter.installer.uv;
