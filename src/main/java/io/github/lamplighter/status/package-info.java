/// The status of each tool: runs the doctor, and reduces its reports to what the front ends show.
@NullMarked
package io.github.lamplighter.status;

import org.jspecify.annotations.NullMarked;
