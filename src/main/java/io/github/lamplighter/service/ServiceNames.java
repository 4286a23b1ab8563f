package io.github.lamplighter.service;

import io.github.lamplighter.tool.Manifest;
import java.util.Optional;

/// The port to the names that a service manager gives services.
public interface ServiceNames {

    /// The unit or label of the service that Lamplighter creates for a tool.
    String unitOf(String toolName);

    /// The unit or label that a manifest names for this service manager.
    default Optional<String> unitName(Manifest.Service service) {
        return service.unit();
    }

    /// A copy of `service` that names `unit` for this service manager.
    default Manifest.Service unitName(Manifest.Service service, String unit) {
        return service.withUnit(unit);
    }

    /// The command with which root stops and disables a system service.
    default String rootDisableCommand(String name) {
        return "sudo systemctl disable --now " + name;
    }
}
