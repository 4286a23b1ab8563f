package io.github.lamplighter.cli;

import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import java.util.function.BiFunction;

/// Changes of a service that need nothing but its tool.
enum ServiceVerb {
    START("service start", "Starting", "started %s", "stop", ServiceControl::start),
    STOP("service stop", "Stopping", "stopped %s", "start", ServiceControl::stop),
    RESTART("service restart", "Restarting", "restarted %s", "", ServiceControl::restart),
    ENABLE("service enable", "Enabling", "enabled %s at login", "service disable", ServiceControl::enable),
    ENABLE_LINGERING(
            "service enable",
            "Enabling",
            "turned on lingering and enabled %s at login",
            "service disable",
            ServiceControl::enableForGood),
    DISABLE_LINGERING(
            "service disable", "Disabling", "turned off lingering", "", (control, _) -> control.stopLingering()),
    DISABLE("service disable", "Disabling", "disabled %s at login", "service enable", ServiceControl::disable);

    final String command;
    final String doing;
    final String done;
    final String undo;
    private final BiFunction<ServiceControl, Manifest, ServiceOutcome> action;

    /// @param command as in the JSON envelope
    /// @param doing and `done` and `undo` as in [ServiceOperation.Labels]
    ServiceVerb(
            String command,
            String doing,
            String done,
            String undo,
            BiFunction<ServiceControl, Manifest, ServiceOutcome> action) {
        this.command = command;
        this.doing = doing;
        this.done = done;
        this.undo = undo;
        this.action = action;
    }

    ServiceOutcome apply(ServiceControl control, Manifest manifest) {
        return action.apply(control, manifest);
    }
}
