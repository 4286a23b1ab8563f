/// Text that other programs and people wrote: cleaned for display, secrets found and masked.
@NullMarked
package io.github.lamplighter.text;

import org.jspecify.annotations.NullMarked;
