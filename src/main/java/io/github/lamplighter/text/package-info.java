/// Text: untrusted text cleaned for display, secrets found and masked, times formatted for people.
@NullMarked
package io.github.lamplighter.text;

import org.jspecify.annotations.NullMarked;
