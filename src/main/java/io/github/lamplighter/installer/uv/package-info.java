/// Installations by `uv tool`: their environments, uv's receipts, and how uv installs another version.
@org.jspecify.annotations.NullMarked
package io.github.lamplighter.installer.uv;
