/// Plan, stage, switch, snapshot, journal, roll-back, recovery.
@NullMarked
package io.github.lamplighter.upgrade;

import org.jspecify.annotations.NullMarked;
