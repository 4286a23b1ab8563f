/// What tests stand on: a home, a service manager, a desktop, repositories, prefixes and servers, all real,
/// all thrown away afterwards.
@NullMarked
package io.github.lamplighter.harness;

import org.jspecify.annotations.NullMarked;
