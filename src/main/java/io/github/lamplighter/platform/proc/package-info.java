/// Processes and listening sockets, read from `/proc` (proc(5)).
@NullMarked
package io.github.lamplighter.platform.proc;

import org.jspecify.annotations.NullMarked;
