package io.github.lamplighter.upgrade;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.tool.Manifest;
import java.util.Map;

/// The checks of the doctor that decide whether an upgrade is rolled back.
@FunctionalInterface
public interface GateChecks {

    /// Runs every gate that applies to the tool; by check id.
    Map<String, Gate> gates(Manifest manifest);

    /// @param title of the finding
    record Gate(Severity severity, String title) {
        boolean isWell() {
            return severity == Severity.OK || severity == Severity.INFO;
        }

        /// Warnings count: a new one after an upgrade, such as an old process that still responds, means that
        /// the upgrade failed.
        boolean isBroken() {
            return severity == Severity.FAILURE || severity == Severity.WARNING;
        }
    }
}
