package io.github.lamplighter.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the icon needs to know, and no more: `glance.json`, written after each run of the doctor. The tray reads
/// nothing else from disk; it asks the service manager for the rest.
///
/// @param writtenAt when the doctor ran
/// @param staleAfter when this stops being worth believing: what is older is *unknown*
public record Glance(Instant writtenAt, Instant staleAfter, List<ToolGlance> tools) {

    public Glance {
        tools = List.copyOf(tools);
    }

    /// One tool that is looked after.
    ///
    /// @param state of its last report
    /// @param headline the worst finding's title, or `well`
    /// @param version installed, empty when it could not be read
    /// @param updateTo what an upgrade would install
    /// @param updateAsked when its source said so, where that was before the last run
    /// @param unit the service to watch, when it has one
    /// @param endpoint what to ask by a plain socket once a minute, when it is expected to run
    /// @param aside the checks of its last report whose findings the user set aside
    public record ToolGlance(
            String name,
            State state,
            String headline,
            String version,
            Optional<String> updateTo,
            Optional<Instant> updateAsked,
            boolean expectedRunning,
            Optional<String> unit,
            Optional<String> endpoint,
            Set<String> aside) {
        public ToolGlance {
            aside = Set.copyOf(aside);
        }
    }

    /// The icon's states, worst last; `WORKING` while a transaction runs.
    public enum State {
        WELL,
        UPDATE,
        UNKNOWN,
        ATTENTION,
        FAILURE,
        WORKING;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
