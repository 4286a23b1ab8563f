package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.service.AdoptService;
import io.github.lamplighter.service.ProcessesOutsideService;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.tool.ManifestStore;
import java.time.InstantSource;
import java.time.ZoneId;

/// Dependencies of the `service` commands.
public record ServiceContext(
        ServiceControl control,
        StopImpactAssessor stopImpact,
        AdoptService adoption,
        ProcessesOutsideService processesOutsideService,
        ServiceOperation operation,
        ManifestStore manifests,
        AppDirectories directories,
        InstantSource clock,
        ZoneId zone,
        Console console) {

    ServiceStatusText statusText() {
        return new ServiceStatusText(directories, clock, zone);
    }
}
