package io.github.lamplighter.release;

import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.text.Evidence;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether the installed version is the newest one of its source. *Not checkable* is never *outdated*.
public sealed interface Verdict {

    /// Newer releases that are not offered, with the reason: at most one per reason, the newest first.
    default List<SkippedRelease> notTaken() {
        return List.of();
    }

    /// @param newest the newest version for this installation, which is installed
    record Current(String newest, List<SkippedRelease> notTaken) implements Verdict {
        public Current {
            notTaken = List.copyOf(notTaken);
        }

        public Current(String newest) {
            this(newest, List.of());
        }
    }

    /// @param target what an upgrade would install
    /// @param publishedAt its release time, if known
    record Outdated(UpgradeTarget upgradeTarget, Optional<OffsetDateTime> publishedAt, List<SkippedRelease> notTaken)
            implements Verdict {
        public Outdated {
            notTaken = List.copyOf(notTaken);
        }

        public Outdated(UpgradeTarget upgradeTarget, Optional<OffsetDateTime> publishedAt) {
            this(upgradeTarget, publishedAt, List.of());
        }
    }

    /// The installed version is newer than all final releases of the source. It is never downgraded.
    record Ahead(String newest) implements Verdict {}

    /// The installation is pinned; `why` is a sentence.
    record Pinned(String why, List<SkippedRelease> notTaken) implements Verdict {
        public Pinned {
            notTaken = List.copyOf(notTaken);
        }

        public Pinned(String why) {
            this(why, List.of());
        }
    }

    /// The update check was not possible.
    ///
    /// @param gap the kind of reason, which decides the fix
    /// @param why a sentence
    /// @param help what the user can do, as a phrase
    /// @param command a command that does it, to copy
    record NotCheckable(UncheckableReason uncheckableReason, String why, String help, Optional<String> command)
            implements Verdict {
        public NotCheckable(UncheckableReason uncheckableReason, String why) {
            this(uncheckableReason, why, uncheckableReason.help, Optional.empty());
        }

        public NotCheckable(UncheckableReason uncheckableReason, String why, Optional<String> command) {
            this(uncheckableReason, why, uncheckableReason.help, command);
        }

        /// The reason, with what the user can do unless that is to wait.
        public String sentence() {
            return switch (uncheckableReason) {
                case NO_SOURCE, NOT_RECORDED, NO_FEED, NOT_REACHED, IN_TROUBLE, TOO_OLD, NOT_FOUND -> why;
                default ->
                    "%s %s%s."
                            .formatted(
                                    why, help, command.map(": `%s`"::formatted).orElse(""));
            };
        }
    }

    /// Why an update check was not possible.
    enum UncheckableReason {
        /// The source has no releases: an archive, a folder.
        NO_SOURCE("No action needed"),
        /// The origin was not recorded.
        NOT_RECORDED("No action needed"),
        /// This build of Lamplighter was given no release feed.
        NO_FEED("No action needed"),
        /// The user turned off the check for Lamplighter's own releases.
        TURNED_OFF("Turn them on"),
        /// The system's package manager updates it.
        SYSTEM_PACKAGE("Update it with the system's package manager"),
        /// The signature of the release feed is missing or wrong.
        WRONG_SIGNATURE("Don't install a release from there; tell the maintainers of Lamplighter"),
        /// The record of the origin is damaged.
        NOT_READ("Reinstall it to repair its metadata"),
        /// Two records of the origin contradict each other.
        NOT_AGREED("Reinstall it to repair its metadata"),
        /// URLs of this type are never requested.
        NEVER_ASKED("Reinstall it from an https or ssh URL to get update checks"),
        /// The package manager's settings prevent the check, or are invalid.
        SETTINGS("Check the package manager's settings, such as `offline` or `no-index`"),
        /// The installation was not found.
        NOT_FOUND("Run `lamplighter doctor` for details"),
        /// The installed version cannot be compared.
        NO_ORDER("Install a published version to get update checks"),
        /// The requested revision is neither a tag nor a branch.
        NOTHING_FOLLOWED("Reinstall it from a tag or a branch to get update checks"),
        /// The repository no longer exists.
        GONE("Reinstall it from the new URL of its repository"),
        /// The source doesn't have the package.
        NOT_THERE("If it is private, sign in; otherwise say where it came from"),
        /// The source has other content than what is installed.
        ELSEWHERE("Set its origin"),
        /// The index has quarantined the package.
        QUARANTINED("Wait until the index has reviewed it"),
        SIGN_IN("Sign in with the package manager"),
        NOT_TRUSTED("Add its CA certificate to the package manager's configuration"),
        NOT_REACHED("Lamplighter checks again when it is reachable"),
        TOO_SLOW("Increase the time limit"),
        /// The source reports a problem of its own.
        IN_TROUBLE("Lamplighter checks again later"),
        /// The response is not one of such a source, or damaged.
        NO_SENSE("Sign in to the network if it requires that; Lamplighter checks again later"),
        /// A required program is missing or doesn't start.
        NO_PROGRAM("Install it with your system's package manager"),
        /// Network checks were skipped.
        NOT_ASKED("Check now"),
        /// The last result is too old.
        TOO_OLD("Lamplighter checks again when the source is reachable"),
        INTERRUPTED("Check again");

        private final String help;

        UncheckableReason(String help) {
            this.help = help;
        }

        /// Distinguishes *inherently unknowable* from *not known yet*.
        public boolean isHowItIs() {
            return switch (this) {
                case NO_SOURCE, NOT_RECORDED, NO_FEED, TURNED_OFF, SYSTEM_PACKAGE -> true;
                default -> false;
            };
        }

        /// Whether the source gave no answer this time. Then the last result stays valid for a while; every
        /// other reason is a result of its own.
        public boolean isSilence() {
            return switch (this) {
                case SIGN_IN, NOT_TRUSTED, NOT_REACHED, TOO_SLOW, IN_TROUBLE, NO_SENSE, NO_PROGRAM, INTERRUPTED -> true;
                case NO_SOURCE,
                        NOT_RECORDED,
                        NO_FEED,
                        TURNED_OFF,
                        SYSTEM_PACKAGE,
                        WRONG_SIGNATURE,
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

        /// The word in saved reports: `too-slow`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<UncheckableReason> of(String word) {
            return Arrays.stream(values())
                    .filter(uncheckableReason -> uncheckableReason.word().equals(word))
                    .findFirst();
        }
    }

    /// A newer release that is not offered.
    ///
    /// @param version as the source spells it
    /// @param title the reason as a phrase: `2.41.3 needs Node >=24 (installed: 22.1.0)`
    /// @param needs the required Node or Python versions if that is the reason; else empty
    record SkippedRelease(String version, Reason reason, String title, String needs, Evidence proof) {
        public SkippedRelease(String version, Reason reason, String title, Evidence proof) {
            this(version, reason, title, "", proof);
        }
    }

    enum Reason {
        /// The tool's Python or Node is too old or too new.
        RUNTIME,
        /// The release is outside the requested version range.
        CONSTRAINT,
        /// The release was yanked or deprecated.
        WITHDRAWN,
        /// The release is newer than `updates.minimumAge` allows.
        TOO_YOUNG,
        /// The release is newer than the package manager's cutoff.
        CUT_OFF,
        /// The installed tag now points to another commit.
        TAG_MOVED;

        /// The word in JSON: `too-young`.
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
