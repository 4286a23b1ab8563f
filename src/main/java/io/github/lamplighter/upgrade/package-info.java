/// Upgrades and rollbacks: plan, stage, switch, snapshot, journal, recovery.
@NullMarked
package io.github.lamplighter.upgrade;

import org.jspecify.annotations.NullMarked;
