package io.github.lamplighter.release;

import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.text.Evidence;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether an install is the newest that its own source offers. *Not checkable* is never *outdated*.
public sealed interface Verdict {

    /// What the source has beyond what is offered, and why it is not taken: at most one of each reason, the
    /// newest first.
    default List<SkippedRelease> notTaken() {
        return List.of();
    }

    /// @param newest the newest that this copy can take; it is installed
    record Current(String newest, List<SkippedRelease> notTaken) implements Verdict {
        public Current {
            notTaken = List.copyOf(notTaken);
        }

        public Current(String newest) {
            this(newest, List.of());
        }
    }

    /// @param target what an upgrade would install
    /// @param publishedAt when that appeared, if the source says
    record Outdated(UpgradeTarget upgradeTarget, Optional<OffsetDateTime> publishedAt, List<SkippedRelease> notTaken)
            implements Verdict {
        public Outdated {
            notTaken = List.copyOf(notTaken);
        }

        public Outdated(UpgradeTarget upgradeTarget, Optional<OffsetDateTime> publishedAt) {
            this(upgradeTarget, publishedAt, List.of());
        }
    }

    /// The installed version is newer than anything final that the source has: never a downgrade.
    record Ahead(String newest) implements Verdict {}

    /// It never moves by itself; `why` is a sentence.
    record Pinned(String why, List<SkippedRelease> notTaken) implements Verdict {
        public Pinned {
            notTaken = List.copyOf(notTaken);
        }

        public Pinned(String why) {
            this(why, List.of());
        }
    }

    /// It could not be told.
    ///
    /// @param gap of what kind that is: it decides what helps
    /// @param why a sentence
    /// @param help what to do about it, in a few words without a full stop
    /// @param command that does it, for a person to copy, where there is one
    record NotCheckable(UncheckableReason uncheckableReason, String why, String help, Optional<String> command)
            implements Verdict {
        public NotCheckable(UncheckableReason uncheckableReason, String why) {
            this(uncheckableReason, why, uncheckableReason.help, Optional.empty());
        }

        public NotCheckable(UncheckableReason uncheckableReason, String why, Optional<String> command) {
            this(uncheckableReason, why, uncheckableReason.help, command);
        }

        /// What is so, and what a person can do about it, where that is more than to wait.
        public String sentence() {
            return switch (uncheckableReason) {
                case NO_SOURCE, NOT_RECORDED, NOT_REACHED, IN_TROUBLE, TOO_OLD, NOT_FOUND -> why;
                default ->
                    "%s %s%s."
                            .formatted(
                                    why, help, command.map(": `%s`"::formatted).orElse(""));
            };
        }
    }

    /// Why nothing could be told.
    enum UncheckableReason {
        /// There is nothing to compare with: an archive, a folder, a source that publishes nothing.
        NO_SOURCE("Nothing is needed"),
        /// Nobody recorded where it came from.
        NOT_RECORDED("Nothing is needed"),
        /// Where it came from was recorded, and the record is damaged.
        NOT_READ("Install it again, so that its record is whole"),
        /// Two records of where it came from say different things.
        NOT_AGREED("Install it again, so that its records agree"),
        /// Its address is of a kind that is never asked, with or without a network.
        NEVER_ASKED("Install it from an https or ssh address to have it asked"),
        /// The package manager's own settings keep it from being asked, or cannot be read.
        SETTINGS("Change what keeps its package manager from asking"),
        /// It is not there, or is not described so that it could be found.
        NOT_FOUND("Look at what `lamplighter doctor` says of it"),
        /// What is installed cannot be put in an order with what its source has.
        NO_ORDER("Install a published version to have it compared"),
        /// What it was installed from is neither a tag nor a branch that is there.
        NOTHING_FOLLOWED("Install it from a tag or a branch to have it followed"),
        /// There is no repository at its address any more.
        GONE("Install it from where its repository is now"),
        /// Its source was asked, and does not have the package.
        NOT_THERE("Where it is private, sign in there; else say where it came from"),
        /// Its source was asked, and what it has is not what is installed.
        ELSEWHERE("Say where it came from"),
        /// Its index keeps it from everybody while it looks at it.
        QUARANTINED("Leave it as it is until its index has looked at it"),
        SIGN_IN("Sign in there, in the package manager's own configuration"),
        NOT_TRUSTED("Name the authority that signed it in the package manager's configuration"),
        NOT_REACHED("Checked again when it can be reached"),
        TOO_SLOW("Give it more time"),
        /// It answers, and says that it cannot.
        IN_TROUBLE("Checked again by itself"),
        /// What answers is no such source, or the answer was damaged on its way.
        NO_SENSE("Often a network that wants a sign-in first; checked again by itself"),
        /// The program that asks is not there, or does not start.
        NO_PROGRAM("Install it as your system does"),
        /// It was left out so far.
        NOT_ASKED("Ask now"),
        /// It was told once, too long ago to be believed.
        TOO_OLD("Checked again when its source can be reached"),
        INTERRUPTED("Ask again");

        private final String help;

        UncheckableReason(String help) {
            this.help = help;
        }

        /// Whether there is nothing that anybody could know: that is how it is, and no gap.
        public boolean isHowItIs() {
            return this == NO_SOURCE || this == NOT_RECORDED;
        }

        /// Whether its source was asked and gave no answer this time. What it said before still stands then, for a
        /// while; every other gap says something of its own.
        public boolean isSilence() {
            return switch (this) {
                case SIGN_IN, NOT_TRUSTED, NOT_REACHED, TOO_SLOW, IN_TROUBLE, NO_SENSE, NO_PROGRAM, INTERRUPTED -> true;
                case NO_SOURCE,
                        NOT_RECORDED,
                        NOT_READ,
                        NOT_AGREED,
                        NEVER_ASKED,
                        SETTINGS,
                        NO_ORDER,
                        NOT_FOUND,
                        NOTHING_FOLLOWED,
                        GONE,
                        NOT_THERE,
                        ELSEWHERE,
                        QUARANTINED,
                        NOT_ASKED,
                        TOO_OLD -> false;
            };
        }

        /// As it is written down: `too-slow`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<UncheckableReason> of(String word) {
            return Arrays.stream(values())
                    .filter(uncheckableReason -> uncheckableReason.word().equals(word))
                    .findFirst();
        }
    }

    /// Something newer that is not taken.
    ///
    /// @param version what the source calls it
    /// @param title a phrase that says why: `2.41.3 needs Node >=24; this copy has 22.1.0`
    /// @param needs the versions of Node or Python that it needs, where that is the reason; else empty
    record SkippedRelease(String version, Reason reason, String title, String needs, Evidence proof) {
        public SkippedRelease(String version, Reason reason, String title, Evidence proof) {
            this(version, reason, title, "", proof);
        }
    }

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
