package io.github.lamplighter.status;

import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.tool.Manifest;
import java.util.Optional;

/// A managed tool with its last report.
///
/// @param unit the service's name in its manager
/// @param report empty if the tool was never checked
public record ManagedTool(Manifest manifest, String unit, Optional<Report> report) {

    /// Whether the tool has a service.
    public boolean isService() {
        return manifest.expected() != Manifest.Expected.COMMAND;
    }
}
