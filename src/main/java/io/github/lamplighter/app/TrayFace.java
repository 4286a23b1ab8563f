package io.github.lamplighter.app;

import io.github.lamplighter.cli.Console;
import io.github.lamplighter.incident.GlanceFile;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tray.Tray;
import io.github.lamplighter.upgrade.Journals;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/// Puts the tray together.
final class TrayFace {

    /// Held, because the log manager forgets a logger and its level when nobody does. The D-Bus library reports each
    /// connection at `INFO`.
    private static final Logger BUS_LIBRARY = Logger.getLogger("org.freedesktop.dbus");

    private final Host host;
    private final Programs programs;
    private final ServiceManager services;
    private final Autostart autostart;
    private final Console console;

    TrayFace(Host host, Programs programs, ServiceManager services, Autostart autostart, Console console) {
        this.host = host;
        this.programs = programs;
        this.services = services;
        this.autostart = autostart;
        this.console = console;
    }

    int run() {
        BUS_LIBRARY.setLevel(Level.WARNING);
        return new Tray(
                        new Tray.Given(
                                host.environment(),
                                host.places(),
                                host.launcher(),
                                ProcessHandle.current().pid(),
                                host.clock(),
                                ZoneId.systemDefault()),
                        new GlanceFile(host.places().glance()),
                        services,
                        TrayFace::ask,
                        this::transactions,
                        () -> autostart.state().on(),
                        programs,
                        sentence -> console.err().println("lamplighter: " + sentence))
                .run();
    }

    private static Answering ask(String url) {
        return new Probe().ask(new Manifest.Endpoint(url, List.of(), Optional.empty(), Optional.empty(), false, 30));
    }

    private Set<String> transactions() {
        return new Journals(host.places())
                .open().stream().map(Journals.Transaction::name).collect(Collectors.toSet());
    }

}
