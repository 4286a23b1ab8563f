package io.github.lamplighter.upgrade;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.tool.Manifest;
import java.util.Map;

/// The doctor, as far as a transaction needs it: the gates.
@FunctionalInterface
public interface GateChecks {

    /// Every gate that applies to the tool, asked now, by the id of its check.
    Map<String, Gate> gates(Manifest manifest);

    /// @param title what is so
    record Gate(Severity severity, String title) {
        boolean isWell() {
            return severity == Severity.OK || severity == Severity.INFO;
        }

        /// The old version that still answers, or a service file that differs, is a warning by itself; new after an
        /// upgrade it says that the upgrade did not take.
        boolean isBroken() {
            return severity == Severity.FAILURE || severity == Severity.WARNING;
        }
    }
}
