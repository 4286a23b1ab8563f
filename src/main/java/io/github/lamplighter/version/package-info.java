/// Parsing and ordering of PEP 440, SemVer and opaque versions.
@NullMarked
package io.github.lamplighter.version;

import org.jspecify.annotations.NullMarked;
