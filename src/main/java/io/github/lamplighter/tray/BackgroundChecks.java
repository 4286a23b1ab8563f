package io.github.lamplighter.tray;

import java.util.Optional;

/// Decides how much of a check runs that no user asked for: none in power saver, and nothing that needs the network
/// on a metered connection, or where the network does not lead to the internet. What was left out runs once, as soon
/// as it may.
final class BackgroundChecks {

    /// Why a check would run. A later one covers those before it, unless it has to wait.
    enum Reason {
        /// The computer woke up before the interval was over: only what is local may have changed.
        RESUME,
        /// A service or the panel changed: that has nothing to do with the network, and should be known at once.
        STATE,
        /// A manifest or a version changed.
        CHANGE,
        /// Its interval is over.
        DUE,
        /// The user wants it now.
        CLICK
    }

    /// How much of it runs.
    enum Extent {
        FULL,
        WITHOUT_NETWORK
    }

    /// What the system reports; all false where it reports nothing.
    ///
    /// @param portal whether the network first wants a sign-in on a page of its own
    record Conditions(boolean metered, boolean offline, boolean portal, boolean powerSaver) {

        static final Conditions NONE = new Conditions(false, false, false, false);

        boolean limitsNetwork() {
            return metered || offline || portal;
        }

        /// Why updates were not checked, as a sentence for the menu.
        Optional<String> reason() {
            return portal
                    ? Optional.of("Updates not checked: the network wants a sign-in")
                    : offline
                            ? Optional.of("Updates not checked: no network")
                            : metered
                                    ? Optional.of("Updates not checked: metered connection")
                                    : powerSaver ? Optional.of("Not checked: power saver is on") : Optional.empty();
        }
    }

    private boolean overdue;

    /// Empty if the check has to wait.
    Optional<Extent> begin(Reason reason, Conditions conditions) {
        Optional<Extent> extent = switch (reason) {
            case RESUME -> conditions.powerSaver() ? Optional.empty() : Optional.of(Extent.WITHOUT_NETWORK);
            case STATE -> Optional.of(Extent.WITHOUT_NETWORK);
            case CLICK -> Optional.of(Extent.FULL);
            case CHANGE ->
                Optional.of(
                        conditions.powerSaver() || conditions.limitsNetwork() ? Extent.WITHOUT_NETWORK : Extent.FULL);
            case DUE ->
                conditions.powerSaver()
                        ? Optional.empty()
                        : Optional.of(conditions.limitsNetwork() ? Extent.WITHOUT_NETWORK : Extent.FULL);
        };
        overdue = extent.filter(Extent.FULL::equals).isEmpty() && (overdue || reason == Reason.DUE);
        return extent;
    }

    /// Whether something was left out that may run now.
    boolean mayCatchUp(Conditions conditions) {
        return overdue && !conditions.powerSaver() && !conditions.limitsNetwork();
    }

    /// Whether a check was left out.
    boolean isOverdue() {
        return overdue;
    }
}
