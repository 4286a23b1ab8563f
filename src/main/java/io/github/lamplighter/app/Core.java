package io.github.lamplighter.app;

import io.github.lamplighter.cli.AutostartCommand;
import io.github.lamplighter.cli.CompletionCommand;
import io.github.lamplighter.cli.Console;
import io.github.lamplighter.cli.ExitCode;
import io.github.lamplighter.cli.LamplighterCommand;
import io.github.lamplighter.cli.ServiceCommand;
import io.github.lamplighter.cli.SettingsCommand;
import io.github.lamplighter.platform.linux.DesktopAutostart;
import io.github.lamplighter.platform.linux.InteractiveLoginShell;
import io.github.lamplighter.platform.linux.ProcListeners;
import io.github.lamplighter.platform.systemd.DoctorTimer;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.process.LocalPrograms;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.readiness.Identify;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.service.Definitions;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.Services;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.tool.ManifestStore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// The composition root: every face's parts, put together by plain constructors. The only place that knows which
/// provider a port has on this system.
final class Core {

    /// The version of this program; the build checks that it is the module's.
    static final String VERSION = "0.1.0";

    /// What the desktop and the service manager know this program by.
    static final String APPLICATION_ID = "io.github.lamplighter.Lamplighter";

    private final Host host;

    Core(Host host) {
        this.host = host;
    }

    CommandLine commandLine() {
        Console console = console();
        ServiceCommand service = service(console);
        List<Object> verbs = new ArrayList<>(List.of(
                new SettingsCommand(new Settings(host.places().settings()), console),
                new CompletionCommand(console),
                autostart(console),
                service.withVerbs()));
        verbs.addAll(service.shortForms());
        return new LamplighterCommand(console, VERSION, () -> {
                    console.err().println("lamplighter: nothing here yet");
                    return ExitCode.OK;
                })
                .with(verbs);
    }

    private Programs programs() {
        return new LocalPrograms(host.environment());
    }

    private ServiceManager serviceManager() {
        return new SystemdServiceManager(programs(), host.environment(), host.places());
    }

    private Services services() {
        Probe probe = new Probe();
        return new Services(
                serviceManager(),
                new Definitions(host.places()),
                new InteractiveLoginShell(programs(), host.environment(), host.places(), host.clock()),
                probe,
                new Identify(new ProcListeners(), probe),
                host.clock());
    }

    private AutostartCommand autostart(Console console) {
        // The system starts it later, with no PATH of a shell: the launcher's full path has to be in the file.
        List<String> launcher = new ArrayList<>(host.launcher());
        programs().find(launcher.getFirst()).ifPresent(path -> launcher.set(0, path.toString()));
        return new AutostartCommand(
                new DesktopAutostart(host.places(), APPLICATION_ID, launcher),
                new DoctorTimer(
                        programs(),
                        host.environment(),
                        host.places(),
                        new InteractiveLoginShell(programs(), host.environment(), host.places(), host.clock()),
                        launcher),
                console);
    }

    private ServiceCommand service(Console console) {
        return new ServiceCommand(
                services(), new ManifestStore(host.places()), programs(), host.places(), host.clock(), console);
    }

    /// Colour only on a terminal that wants it; questions only where somebody can answer.
    private Console console() {
        Optional<java.io.Console> terminal =
                Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
        boolean colour = terminal.isPresent()
                && host.environment().getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(host.environment().get("TERM"));
        return new Console(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                colour,
                terminal.map(asked -> question ->
                        Optional.ofNullable(asked.readLine("%s", question)).orElse("")));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
