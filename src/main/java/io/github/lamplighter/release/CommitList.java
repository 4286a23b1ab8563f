package io.github.lamplighter.release;

import java.util.List;

/// The commits between the installed version and another one, the newest first.
///
/// @param messages the first lines of their messages, cleaned
/// @param isComplete whether there are no more than these
public record CommitList(List<String> messages, boolean isComplete) {

    /// Nothing is known.
    public static final CommitList NONE = new CommitList(List.of(), false);

    public CommitList {
        messages = List.copyOf(messages);
    }
}
