/// Manifests, recipes, and the catalog of installed and managed tools.
@NullMarked
package io.github.lamplighter.tool;

import org.jspecify.annotations.NullMarked;
