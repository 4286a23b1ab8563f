/// What every Python installer leaves on disk, read the same way for all of them: environments, distributions and
/// where each came from.
@org.jspecify.annotations.NullMarked
package io.github.lamplighter.installer.python;
