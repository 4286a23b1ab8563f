/// The demo: a small tool and a home of its own, to try Lamplighter without changing anything of the user's.
@NullMarked
package io.github.lamplighter.demo;

import org.jspecify.annotations.NullMarked;
