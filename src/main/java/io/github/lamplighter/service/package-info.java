/// The definition, file, state and commands of a background service, on any service manager.
@NullMarked
package io.github.lamplighter.service;

import org.jspecify.annotations.NullMarked;
