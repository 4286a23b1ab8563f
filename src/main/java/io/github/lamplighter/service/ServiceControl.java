package io.github.lamplighter.service;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The commands of a tool's background service. A start is done when the service is ready, a stop when its
/// processes are gone. It is long because commands, window and upgrade get all of them from one place.
public final class ServiceControl {

    /// How long a service without an endpoint must run undisturbed to count as ready.
    public static final Duration SETTLE = Duration.ofSeconds(5);

    /// How long a stop may take after the manager kills the service.
    private static final Duration STOP_MARGIN = Duration.ofSeconds(15);

    private final ServiceManager manager;
    private final UnitResolver units;
    private final ServiceDefinitionFactory serviceDefinitionFactory;
    private final DefinitionResolver definitions;
    private final Probe probe;
    private final ReadinessWaiter readiness;
    private final StoppedByUser stopped;
    private final Supplier<List<Installer>> installers;
    private final InstantSource clock;

    /// @param installers tell to which installation a program belongs
    public ServiceControl(
            ServiceManager manager,
            ServiceDefinitionFactory serviceDefinitionFactory,
            LoginShell shell,
            Probe probe,
            EndpointIdentityCheck endpointIdentityCheck,
            StoppedByUser stopped,
            Supplier<List<Installer>> installers,
            InstantSource clock) {
        this(
                manager,
                serviceDefinitionFactory,
                shell,
                probe,
                endpointIdentityCheck,
                stopped,
                installers,
                clock,
                SETTLE);
    }

    ServiceControl(
            ServiceManager manager,
            ServiceDefinitionFactory serviceDefinitionFactory,
            LoginShell shell,
            Probe probe,
            EndpointIdentityCheck endpointIdentityCheck,
            StoppedByUser stopped,
            Supplier<List<Installer>> installers,
            InstantSource clock,
            Duration settle) {
        this.manager = manager;
        this.units = new UnitResolver(manager);
        this.serviceDefinitionFactory = serviceDefinitionFactory;
        this.definitions = new DefinitionResolver(manager, serviceDefinitionFactory, shell);
        this.probe = probe;
        this.readiness = new ReadinessWaiter(manager, probe, endpointIdentityCheck, settle);
        this.stopped = stopped;
        this.installers = installers;
        this.clock = clock;
    }

    /// How the file on disk differs from the one that would be written now.
    public sealed interface Difference {
        record None() implements Difference {}

        /// @param lines each begins with `-` (on disk), `+` (would be written) or a space
        record Lines(List<String> lines) implements Difference {}

        /// Lamplighter did not create it: only [AdoptService] has its difference.
        record Foreign() implements Difference {}

        /// There is nothing to compare; `why` is a sentence.
        record Impossible(String why) implements Difference {}
    }

    /// The unit that runs a tool.
    public String unit(Manifest manifest) {
        return units.of(manifest);
    }

    /// The definition that an installation would write now; runs the login shell.
    public ServiceDefinitionFactory.Result definition(Manifest manifest) {
        return definitions.current(manifest);
    }

    /// The same with the shell's last answer; runs no program.
    public ServiceDefinitionFactory.Result keptDefinition(Manifest manifest) {
        return definitions.kept(manifest);
    }

    /// Whether the file on disk differs from the one that would be written now; empty if that is not known
    /// without running the shell.
    public Optional<Boolean> drift(Manifest manifest) {
        return definitions.drift(manifest, unit(manifest));
    }

    public Difference diff(Manifest manifest) {
        return definitions.difference(manifest, unit(manifest));
    }

    /// The definition for which an installation would restart the running service: the file on disk differs,
    /// or it was written after the service started.
    public Optional<ServiceDefinition> restartedFor(Manifest manifest) {
        String unit = unit(manifest);
        return definition(manifest) instanceof ServiceDefinitionFactory.Result.Made made
                        && (manager.fileText(unit)
                                        .filter(manager.render(made.definition())::equals)
                                        .isEmpty()
                                || isOlderThanItsFiles(manager.state(unit), made.definition()))
                ? Optional.of(made.definition())
                : Optional.empty();
    }

    /// Writes, enables and starts the service, and waits until it is ready. If the file changed, the service
    /// is restarted. One that is wanted on demand is not enabled.
    ///
    /// @param confirmed whether the user confirmed that changes made by hand are lost
    public ServiceOutcome install(Manifest manifest, boolean confirmed) {
        String unit = unit(manifest);
        return usable().then(() -> {
            ServiceState before = manager.state(unit);
            Optional<String> refused = another(manifest, unit, before)
                    .or(() -> confirmed
                            ? Optional.empty()
                            : lostByInstall(manifest).map(lost -> lost + " To replace it, use --yes."));
            if (refused.isPresent()) {
                return new ServiceOutcome.Refused(refused.get());
            }
            return switch (definition(manifest)) {
                case ServiceDefinitionFactory.Result.Refused(String why) -> new ServiceOutcome.Refused(why);
                case ServiceDefinitionFactory.Result.Made made ->
                    withNotes(install(manifest, before, made.definition()), made.notes());
            };
        });
    }

    private ServiceOutcome install(Manifest manifest, ServiceState before, ServiceDefinition definition) {
        ServiceOutcome written = workingDirectory(manifest, definition).then(() -> manager.write(definition));
        Optional<String> notAtLogin = written.isSuccess() ? notAtLogin(manifest, before) : Optional.empty();
        ServiceOutcome enabled = written.then(() -> notAtLogin.isEmpty()
                ? manager.enable(before.unit())
                : manager.disable(before.unit()).then(() -> new ServiceOutcome.Already(notAtLogin.get())));
        if (!enabled.isSuccess()) {
            return enabled;
        }
        boolean changed = written instanceof ServiceOutcome.Done || isOlderThanItsFiles(before, definition);
        ServiceOutcome running =
                changed && before.phase() != Phase.NOT_INSTALLED ? restartAndWait(manifest) : startAndWait(manifest);
        if (running instanceof ServiceOutcome.Failed failed) {
            return stopIfCrashLooping(manifest, failed);
        }
        boolean same = !changed && enabled instanceof ServiceOutcome.Already;
        if (same || !running.isSuccess()) {
            return running;
        }
        String login = notAtLogin.orElseGet(() -> "Start at login is on%s.".formatted(untilLogout()));
        return new ServiceOutcome.Done(running.reason() + " " + login);
    }

    /// Why the service is not enabled, as a sentence.
    private Optional<String> notAtLogin(Manifest manifest, ServiceState before) {
        String enable = "To enable it, run `lamplighter service enable %s`.".formatted(manifest.name());
        if (manager.isDisabledByUser(before.unit())) {
            return Optional.of("The service does not start at login because you disabled it. " + enable);
        }
        boolean isEnabledByUser = before.isInstalled() && before.enabled().orElse(false);
        return manifest.expected() == Manifest.Expected.ON_DEMAND && !isEnabledByUser
                ? Optional.of("The service does not start at login because it is set to on-demand. " + enable)
                : Optional.empty();
    }

    private ServiceOutcome workingDirectory(Manifest manifest, ServiceDefinition definition) {
        try {
            if (serviceDefinitionFactory.isOwnFolder(manifest, definition.workingDirectory())) {
                AtomicFile.makeFolder(definition.workingDirectory());
            }
            return new ServiceOutcome.Already("");
        } catch (IOException e) {
            return new ServiceOutcome.Failed("Could not create the working directory: " + FileProblem.why(e));
        }
    }

    /// Why no service is installed, as a sentence: a service not created by Lamplighter already runs the tool.
    public Optional<String> another(Manifest manifest) {
        String unit = unit(manifest);
        return manager.isWritten(unit) ? Optional.empty() : another(manifest, unit, manager.state(unit));
    }

    private Optional<String> another(Manifest manifest, String unit, ServiceState state) {
        if (state.masked()) {
            return state.sentence();
        }
        if (manager.isWritten(unit)) {
            return Optional.empty();
        }
        Optional<ForeignUnit> foreign = units.foreign(manifest);
        if (foreign.filter(ForeignUnit::isOfTheSystem).isPresent()) {
            String name = ForeignUnit.plain(foreign.get().unit());
            return Optional.of(
                    "The system service %s already runs it. Stop that with `%s`, then run `lamplighter service install %s`."
                            .formatted(name, manager.rootDisableCommand(name), manifest.name()));
        }
        if (foreign.flatMap(ForeignUnit::autostart).isPresent()) {
            return Optional.of(
                    "%s already runs it: your desktop starts it from %s. To use a service instead, delete that file or set `Hidden=true` in it. Log in again, then run `lamplighter service install %s`."
                            .formatted(
                                    foreign.get().unit(),
                                    foreign.get().autostart().get(),
                                    manifest.name()));
        }
        if (foreign.flatMap(ForeignUnit::obstacle).isPresent()) {
            return Optional.of(
                    "%s already runs it, and was not created by Lamplighter. Lamplighter can start and stop that service. %s"
                            .formatted(
                                    foreign.get().unit(),
                                    foreign.get().obstacle().get()));
        }
        if (foreign.isPresent()) {
            return Optional.of(
                    "%s already runs it, and was not created by Lamplighter. Lamplighter can start and stop that service. To let Lamplighter manage its service file, run `lamplighter service adopt %s`."
                            .formatted(foreign.get().unit(), manifest.name()));
        }
        return state.file().isPresent() && state.owner() == Owner.FOREIGN
                ? Optional.of(
                        "%s already runs it, and was not created by Lamplighter. Lamplighter can start and stop that service, but does not change its file."
                                .formatted(unit))
                : Optional.empty();
    }

    /// Why an installation would lose changes made by hand, as a sentence.
    public Optional<String> lostByInstall(Manifest manifest) {
        return manager.isChangedByHand(unit(manifest))
                ? Optional.of(
                        "The service file was changed by hand. To see what would be lost, run `lamplighter service diff %s`."
                                .formatted(manifest.name()))
                : Optional.empty();
    }

    private String untilLogout() {
        return manager.lingers().filter(on -> !on).isPresent() ? "; the service stops at logout" : "";
    }

    /// Restores the text of an earlier service file of Lamplighter's, and restarts the service with it.
    public ServiceOutcome putBack(Manifest manifest, String text) {
        String unit = unit(manifest);
        return usable().then(() -> {
            ServiceState before = manager.state(unit);
            Optional<String> refused = another(manifest, unit, before);
            if (refused.isPresent()) {
                return new ServiceOutcome.Refused(refused.get());
            }
            boolean existed = manager.fileText(unit).isPresent();
            return manager.restore(unit, Optional.of(text))
                    .then(() -> existed || manager.isDisabledByUser(unit)
                            ? new ServiceOutcome.Already("")
                            : manager.enable(unit))
                    .then(() -> existed && before.pid().isEmpty()
                            ? new ServiceOutcome.Done("The earlier service file was restored.")
                            : restartAndWait(manifest));
        });
    }

    /// The unit that Lamplighter created for a tool, if its file exists; from disk alone.
    public Optional<String> own(Manifest manifest) {
        String unit = unit(manifest);
        return unit.equals(manager.unitOf(manifest.name().value()))
                        && manager.fileText(unit).isPresent()
                ? Optional.of(unit)
                : Optional.empty();
    }

    /// Whether a service started before its files were last written, so that it does not use them yet: an
    /// installation was interrupted, or the environment file changed. The start is only known to the second
    /// (systemd omits the fraction, Linux counts from a boot time without one), so a file of that second does
    /// not count.
    private boolean isOlderThanItsFiles(ServiceState state, ServiceDefinition definition) {
        return state.pid().isPresent()
                && Stream.of(
                                state.file().stream(),
                                manager.dropIns(state.unit()).stream(),
                                definition.environmentFile().stream())
                        .flatMap(files -> files)
                        .flatMap(file -> written(file).stream())
                        .anyMatch(at -> state.since()
                                .filter(start -> !at.isBefore(start.plusSeconds(1)))
                                .isPresent());
    }

    private static Optional<Instant> written(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Reports with a new file what it does not take from the shell.
    private static ServiceOutcome withNotes(ServiceOutcome outcome, List<String> notes) {
        return outcome instanceof ServiceOutcome.Done && !notes.isEmpty()
                ? outcome.and(String.join(" ", notes))
                : outcome;
    }

    public ServiceOutcome uninstall(Manifest manifest) {
        String unit = unit(manifest);
        return usable().then(() -> {
            ServiceState state = manager.state(unit);
            if (state.phase() == Phase.UNKNOWN) {
                return new ServiceOutcome.Failed(state.words());
            }
            if (state.phase() == Phase.NOT_INSTALLED && manager.fileText(unit).isEmpty()) {
                return new ServiceOutcome.Already("%s has no service.".formatted(manifest.name()));
            }
            if (state.owner() == Owner.FOREIGN && state.file().isPresent()) {
                return new ServiceOutcome.Refused(
                        "%s was not created by Lamplighter, so Lamplighter does not remove it.".formatted(unit));
            }
            return stopAndWait(manifest)
                    .then(() -> {
                        stopped.forget(manifest.name());
                        return manager.disable(unit);
                    })
                    .then(() -> removed(manager.remove(unit)));
        });
    }

    private static ServiceOutcome removed(ServiceOutcome outcome) {
        return outcome instanceof ServiceOutcome.Done
                ? new ServiceOutcome.Done("The service was stopped and its service file removed.")
                : outcome;
    }

    /// Refused if its program is missing: its manager would try again and again.
    public ServiceOutcome start(Manifest manifest) {
        return unstartable(manifest)
                .filter(_ -> !manager.state(unit(manifest)).isRunning())
                .<ServiceOutcome>map(ServiceOutcome.Refused::new)
                .orElseGet(() -> withRetryHint(manifest, startAndWait(manifest)));
    }

    /// Why a service that Lamplighter wrote cannot start. A drop-in may start something else.
    private Optional<String> unstartable(Manifest manifest) {
        String unit = unit(manifest);
        return manager.isWritten(unit)
                        && manager.command(unit)
                                .contains(manifest.install().program().toString())
                ? serviceDefinitionFactory.unstartable(manifest)
                : Optional.empty();
    }

    private ServiceOutcome startAndWait(Manifest manifest) {
        return usable().then(() -> {
            stopped.forget(manifest.name());
            String unit = unit(manifest);
            ServiceOutcome started = manager.start(unit);
            return started.then(() -> readiness.await(manifest, unit, started instanceof ServiceOutcome.Already));
        });
    }

    /// Stops the service, and remembers that the user wants it stopped.
    public ServiceOutcome stop(Manifest manifest) {
        ServiceOutcome outcome = stopAndWait(manifest);
        if (outcome.isSuccess()) {
            stopped.remember(manifest.name());
        }
        return outcome;
    }

    private ServiceOutcome stopAndWait(Manifest manifest) {
        int seconds =
                manifest.service().map(Manifest.Service::stopTimeoutSeconds).orElse(20);
        return usable().then(() ->
                manager.stop(unit(manifest), Duration.ofSeconds(seconds).plus(STOP_MARGIN)));
    }

    public ServiceOutcome restart(Manifest manifest) {
        Optional<String> gone = unstartable(manifest);
        // A running service whose program is missing could not start again.
        return gone.isPresent()
                ? new ServiceOutcome.Refused(
                        gone.get() + " The service was not stopped, because it could not start again.")
                : withRetryHint(manifest, restartAndWait(manifest));
    }

    private ServiceOutcome restartAndWait(Manifest manifest) {
        return stopAndWait(manifest).then(() -> startAndWait(manifest));
    }

    /// Stops a new service that keeps crashing, and leaves one that is only slow. The file stays, for its log
    /// and the next attempt.
    private ServiceOutcome stopIfCrashLooping(Manifest manifest, ServiceOutcome.Failed failed) {
        ServiceState now = manager.state(unit(manifest));
        // A crashing service is seen running now and then.
        boolean runs = now.phase() == Phase.RUNNING && now.restarts() == 0;
        boolean atLogin = now.enabled().orElse(true);
        String rest = runs
                ? "The service keeps running%s.".formatted(atLogin ? " and starts at login" : "")
                : stopAndWait(manifest) instanceof ServiceOutcome.Failed
                        ? retryHint(manifest)
                        : "Lamplighter stopped the service, so that it does not keep crashing%s. To try again, run `lamplighter start %s`. To remove the service, run `lamplighter service uninstall %s`."
                                .formatted(
                                        atLogin ? "; it starts again at login" : "", manifest.name(), manifest.name());
        return new ServiceOutcome.Failed(failed.reason() + " " + rest, failed.lastLines());
    }

    /// For an existing service, reports that the service manager keeps restarting it.
    private ServiceOutcome withRetryHint(Manifest manifest, ServiceOutcome outcome) {
        if (!(outcome instanceof ServiceOutcome.Failed failed)) {
            return outcome;
        }
        return switch (manager.state(unit(manifest)).phase()) {
            case RESTARTING, STARTING ->
                new ServiceOutcome.Failed(failed.reason() + " " + retryHint(manifest), failed.lastLines());
            case RUNNING, STOPPED, FAILED, NOT_INSTALLED, UNKNOWN -> outcome;
        };
    }

    private static String retryHint(Manifest manifest) {
        return "The service manager keeps trying to start it. To stop that, run `lamplighter stop %s`."
                .formatted(manifest.name());
    }

    /// Enables the service, and lingering for all services of this user.
    public ServiceOutcome enableForGood(Manifest manifest) {
        ServiceOutcome enabled = enable(manifest);
        if (!enabled.isSuccess()) {
            return enabled;
        }
        ServiceOutcome lingers = manager.linger();
        String both = enabled.reason() + " " + lingers.reason();
        return switch (lingers) {
            case ServiceOutcome.Done _ -> new ServiceOutcome.Done(both);
            case ServiceOutcome.Already _ ->
                enabled instanceof ServiceOutcome.Done
                        ? new ServiceOutcome.Done(both)
                        : new ServiceOutcome.Already(both);
            case ServiceOutcome.Refused _ -> new ServiceOutcome.Refused(both);
            case ServiceOutcome.Failed failed -> new ServiceOutcome.Failed(both, failed.lastLines());
        };
    }

    public ServiceOutcome enable(Manifest manifest) {
        return usable().then(() -> manager.enable(unit(manifest)));
    }

    /// Disables lingering for all services of this user; the service still starts at login.
    public ServiceOutcome stopLingering() {
        return manager.stopLingering();
    }

    public ServiceOutcome disable(Manifest manifest) {
        return usable().then(() -> manager.disable(unit(manifest)));
    }

    /// The current status, with the shell's last answer.
    public ServiceStatus status(Manifest manifest) {
        String unit = unit(manifest);
        ServiceState state = manager.state(unit);
        Optional<ProbeResult> probeResult =
                manifest.endpoint().filter(_ -> !state.startsOnConnection()).map(probe::ask);
        boolean answers = probeResult.filter(ProbeResult.Yes.class::isInstance).isPresent();
        Optional<IdentityResult> identityResult = answers
                ? manifest.endpoint().map(endpoint -> identity(manifest, endpoint, unit, state))
                : Optional.empty();
        return new ServiceStatus(
                manifest.name().value(),
                state,
                probeResult,
                identityResult,
                definitions.drift(manifest, unit),
                manager.isChangedByHand(unit),
                manager.lingers(),
                stopped.since(manifest.name(), state),
                clock.instant());
    }

    /// Whether the process that responds belongs to the service, and the service to the managed installation.
    private IdentityResult identity(Manifest manifest, Endpoint endpoint, String unit, ServiceState state) {
        IdentityResult result = isOurs(endpoint, unit, state);
        return endpoint.identity().isPresent()
                ? result
                : ServiceTarget.confirmed(
                        result,
                        ServiceTarget.of(
                                manager,
                                unit,
                                installers.get(),
                                manifest.install(),
                                manifest.install().environment()),
                        state,
                        Stream.concat(state.file().stream(), manager.dropIns(unit).stream())
                                .toList(),
                        Path::toString);
    }

    /// Whether the process that responds at an endpoint belongs to the service in `state`.
    public IdentityResult isOurs(Endpoint endpoint, String unit, ServiceState state) {
        return readiness.isOurs(endpoint, unit, state);
    }

    /// Waits until the service that was just started is ready, has exited, or its time is over.
    public ServiceOutcome awaitReady(Manifest manifest) {
        return readiness.await(manifest, unit(manifest), false);
    }

    public List<LogLine> log(Manifest manifest, int lines, Optional<String> since) {
        return manager.log(unit(manifest), lines, since);
    }

    /// Why the log may be empty although the service wrote something.
    public Optional<String> logUnavailableReason() {
        return manager.logUnavailableReason();
    }

    public Optional<String> refusesSince(String when) {
        return manager.refusesSince(when);
    }

    /// Where the output goes if the service file redirects it.
    public Optional<String> logElsewhere(Manifest manifest) {
        return manager.logElsewhere(unit(manifest));
    }

    /// The last lines of the service itself.
    public List<String> lastLogLines(Manifest manifest, int lines) {
        return manager.lastLogLines(unit(manifest), lines).stream()
                .map(LogLine::text)
                .toList();
    }

    public void follow(Manifest manifest, int lines, Optional<String> since, Consumer<LogLine> line) {
        manager.follow(unit(manifest), lines, since, line);
    }

    private ServiceOutcome usable() {
        return manager.unavailable()
                .<ServiceOutcome>map(ServiceOutcome.Refused::new)
                .orElseGet(() -> new ServiceOutcome.Already(""));
    }
}
