/// What a tool is: its manifest, the recipes, and the catalogue of tools that are installed and that are
/// looked after.
@NullMarked
package io.github.lamplighter.tool;

import org.jspecify.annotations.NullMarked;
