/// Implementations that use systemd: services, timers, the journal, logind.
@NullMarked
package io.github.lamplighter.platform.systemd;

import org.jspecify.annotations.NullMarked;
