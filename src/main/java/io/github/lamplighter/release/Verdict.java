package io.github.lamplighter.release;

import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.Target;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether an install is the newest that its own source offers. *Not checkable* is never *outdated*.
public sealed interface Verdict {

    /// What the source has beyond what is offered, and why it is not taken: at most one of each reason, the
    /// newest first.
    default List<NotTaken> notTaken() {
        return List.of();
    }

    /// @param newest the newest that this copy can take; it is installed
    record Current(String newest, List<NotTaken> notTaken) implements Verdict {
        public Current {
            notTaken = List.copyOf(notTaken);
        }

        public Current(String newest) {
            this(newest, List.of());
        }
    }

    /// @param target what an upgrade would install
    /// @param publishedAt when that appeared, if the source says
    record Outdated(Target target, Optional<OffsetDateTime> publishedAt, List<NotTaken> notTaken) implements Verdict {
        public Outdated {
            notTaken = List.copyOf(notTaken);
        }

        public Outdated(Target target, Optional<OffsetDateTime> publishedAt) {
            this(target, publishedAt, List.of());
        }
    }

    /// The installed version is newer than anything final that the source has: never a downgrade.
    record Ahead(String newest) implements Verdict {}

    /// It never moves by itself; `why` is a sentence.
    record Pinned(String why, List<NotTaken> notTaken) implements Verdict {
        public Pinned {
            notTaken = List.copyOf(notTaken);
        }

        public Pinned(String why) {
            this(why, List.of());
        }
    }

    /// It could not be told; `why` is a sentence.
    record NotCheckable(String why) implements Verdict {}

    /// Something newer that is not taken.
    ///
    /// @param version what the source calls it
    /// @param title a phrase that says why: `2.41.3 needs Node >=24; this copy has 22.1.0`
    record NotTaken(String version, Reason reason, String title, Evidence proof) {}

    enum Reason {
        /// The tool's own Python or Node is too old or too new for it.
        RUNTIME,
        /// It lies outside of the versions that were asked for.
        CONSTRAINT,
        /// It was yanked, or its authors advise against it.
        WITHDRAWN,
        /// It is younger than the user's `updates.minimumAge`.
        TOO_YOUNG,
        /// It is younger than the package manager's own cut-off.
        CUT_OFF,
        /// The tag that was installed stands for another commit now.
        TAG_MOVED;

        /// As the contract writes it: `too-young`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Reason> of(String word) {
            return Arrays.stream(values())
                    .filter(reason -> reason.word().equals(word))
                    .findFirst();
        }
    }
}
