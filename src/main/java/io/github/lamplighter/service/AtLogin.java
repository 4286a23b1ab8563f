package io.github.lamplighter.service;

import java.util.List;
import java.util.Optional;

/// Whether a service starts when its user logs in. A unit can be enabled and still never start: what wants it
/// has to start as well.
public sealed interface AtLogin {

    record Starts() implements AtLogin {}

    record Disabled() implements AtLogin {}

    /// Enabled, but nothing that starts at login wants it.
    ///
    /// @param wantedBy the units that want it
    record Unreached(List<String> wantedBy) implements AtLogin {
        public Unreached {
            wantedBy = List.copyOf(wantedBy);
        }
    }

    /// Starts with a graphical session, and none is running.
    ///
    /// @param wantedBy the units that want it
    record WithDesktop(List<String> wantedBy) implements AtLogin {
        public WithDesktop {
            wantedBy = List.copyOf(wantedBy);
        }
    }

    /// Cannot be enabled: other units start it, at login or later.
    ///
    /// @param units a socket or timer, or a service that needs it
    record ByUnit(List<String> units) implements AtLogin {
        public ByUnit {
            units = List.copyOf(units);
        }
    }

    /// The manager did not say.
    record Unknown() implements AtLogin {}

    static AtLogin of(Optional<Boolean> enabled) {
        return enabled.<AtLogin>map(on -> on ? new Starts() : new Disabled()).orElseGet(Unknown::new);
    }

    /// Empty if that is not known.
    default Optional<Boolean> starts() {
        return switch (this) {
            case Starts _ -> Optional.of(true);
            case Disabled _, Unreached _, WithDesktop _ -> Optional.of(false);
            case ByUnit _, Unknown _ -> Optional.empty();
        };
    }

    /// `enabled`, `disabled`, or why an enabled service does not start.
    default String words() {
        return switch (this) {
            case Starts _ -> "enabled";
            case Disabled _ -> "disabled";
            case Unreached(List<String> wantedBy) ->
                wantedBy.isEmpty()
                        ? "enabled, but no unit wants it"
                        : "enabled for %s, which does not start at login".formatted(String.join(", ", wantedBy));
            case WithDesktop(List<String> wantedBy) ->
                "enabled for %s, which starts with a graphical session only".formatted(String.join(", ", wantedBy));
            case ByUnit(List<String> units) -> "started by " + String.join(", ", units);
            case Unknown _ -> "not known";
        };
    }
}
