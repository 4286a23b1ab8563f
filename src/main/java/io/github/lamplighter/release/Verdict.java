package io.github.lamplighter.release;

import io.github.lamplighter.installer.Target;
import java.time.OffsetDateTime;
import java.util.Optional;

/// Whether an install is the newest that its own source offers. *Not checkable* is never *outdated*.
public sealed interface Verdict {

    record Current(String newest) implements Verdict {}

    /// @param target what an upgrade would install
    /// @param publishedAt when that appeared, if the source says
    record Outdated(Target target, Optional<OffsetDateTime> publishedAt) implements Verdict {}

    /// The installed version is newer than anything final that the source has: never a downgrade.
    record Ahead(String newest) implements Verdict {}

    /// It never moves by itself; `why` is a sentence.
    record Pinned(String why) implements Verdict {}

    /// It could not be told; `why` is a sentence.
    record NotCheckable(String why) implements Verdict {}
}
