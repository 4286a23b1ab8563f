package io.github.lamplighter.service;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceManager.LogLine;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The verbs of a tool's background service. Done is only what is seen to be so: a start ends when the
/// service is ready, a stop when its processes are gone.
public final class ServiceControl {

    /// How long a service without an endpoint must run undisturbed to count as ready.
    public static final Duration SETTLE = Duration.ofSeconds(5);

    /// What a stop may take beyond the time after which the manager kills.
    private static final Duration STOP_MARGIN = Duration.ofSeconds(15);

    private final ServiceManager manager;
    private final UnitResolver units;
    private final ServiceDefinitionFactory serviceDefinitionFactory;
    private final LoginShell shell;
    private final Probe probe;
    private final ReadinessWaiter awaiting;
    private final StoppedByUser stopped;
    private final InstantSource clock;

    public ServiceControl(
            ServiceManager manager,
            ServiceDefinitionFactory serviceDefinitionFactory,
            LoginShell shell,
            Probe probe,
            EndpointIdentityCheck endpointIdentityCheck,
            StoppedByUser stopped,
            InstantSource clock) {
        this(manager, serviceDefinitionFactory, shell, probe, endpointIdentityCheck, stopped, clock, SETTLE);
    }

    ServiceControl(
            ServiceManager manager,
            ServiceDefinitionFactory serviceDefinitionFactory,
            LoginShell shell,
            Probe probe,
            EndpointIdentityCheck endpointIdentityCheck,
            StoppedByUser stopped,
            InstantSource clock,
            Duration settle) {
        this.manager = manager;
        this.units = new UnitResolver(manager);
        this.serviceDefinitionFactory = serviceDefinitionFactory;
        this.shell = shell;
        this.probe = probe;
        this.awaiting = new ReadinessWaiter(manager, probe, endpointIdentityCheck, settle);
        this.stopped = stopped;
        this.clock = clock;
    }

    /// How the file on disk differs from the one that would be written now.
    public sealed interface Difference {
        record None() implements Difference {}

        /// @param lines each begins with `-` (on disk), `+` (would be written) or a space
        record Lines(List<String> lines) implements Difference {}

        /// Somebody else wrote it: only [AdoptService] says what it would be.
        record Foreign() implements Difference {}

        /// There is nothing to compare; `why` is a sentence.
        record Impossible(String why) implements Difference {}
    }

    /// The unit that runs a tool: the one that its manifest names, else Lamplighter's own.
    public String unit(Manifest manifest) {
        return units.of(manifest);
    }

    /// The definition that an install would write now; asks the login shell.
    public ServiceDefinitionFactory.Result definition(Manifest manifest) {
        LoginShell.Answer answer = shell.path();
        ServiceDefinitionFactory.Result result = named(
                manifest,
                serviceDefinitionFactory.of(
                        manifest, answer.value(), shell.variables(InheritedVariables.names(manifest))));
        if (!(result
                instanceof ServiceDefinitionFactory.Result.Made(ServiceDefinition definition, List<String> notes))) {
            return result;
        }
        List<String> all = new ArrayList<>(notes);
        switch (answer) {
            case LoginShell.Answer.Found found -> all.addAll(found.warnings());
            case LoginShell.Answer.Fallback fallback ->
                all.add("Its PATH is the one that Lamplighter has itself: " + fallback.why());
        }
        return new ServiceDefinitionFactory.Result.Made(definition, all);
    }

    /// The same by what the shell said when it was last asked; asks nobody.
    public ServiceDefinitionFactory.Result keptDefinition(Manifest manifest) {
        String path = shell.kept()
                .map(LoginShell.Answer::value)
                .or(() -> manager.fileText(unit(manifest))
                        .flatMap(text -> ServiceFilePath.in(text, serviceDefinitionFactory.home())))
                .orElse("");
        return named(
                manifest,
                serviceDefinitionFactory.of(
                        manifest,
                        // What was there then may have vanished since.
                        SearchPath.cleaned(path, serviceDefinitionFactory.home(), Optional.empty())
                                .value(),
                        shell.keptVariables(InheritedVariables.names(manifest))));
    }

    /// A description has a name for each kind of manager.
    private ServiceDefinitionFactory.Result named(Manifest manifest, ServiceDefinitionFactory.Result result) {
        return result instanceof ServiceDefinitionFactory.Result.Made(ServiceDefinition definition, List<String> notes)
                ? new ServiceDefinitionFactory.Result.Made(
                        definition.withUnit(manifest.service().flatMap(manager::unitName)), notes)
                : result;
    }

    /// The definition for which an install would restart what runs: the file on disk says something else, or what runs
    /// began before its files were written last.
    public Optional<ServiceDefinition> restartedFor(Manifest manifest) {
        String unit = unit(manifest);
        return definition(manifest) instanceof ServiceDefinitionFactory.Result.Made made
                        && (manager.fileText(unit)
                                        .filter(manager.render(made.definition())::equals)
                                        .isEmpty()
                                || isOlderThanItsFiles(unit, made.definition()))
                ? Optional.of(made.definition())
                : Optional.empty();
    }

    /// Writes, enables, starts, and waits until it is ready. A changed file is really in use afterwards.
    ///
    /// @param agreed whether the user agreed that hand-made changes of the file go
    public ServiceOutcome install(Manifest manifest, boolean agreed) {
        Optional<ServiceOutcome> stopper = unwritable(manifest);
        if (stopper.isPresent()) {
            return stopper.get();
        }
        Optional<String> lost = agreed ? Optional.empty() : lostByInstall(manifest);
        if (lost.isPresent()) {
            return new ServiceOutcome.Refused(lost.get() + " With --yes it is written anew.");
        }
        return switch (definition(manifest)) {
            case ServiceDefinitionFactory.Result.Refused refused -> new ServiceOutcome.Refused(refused.why());
            case ServiceDefinitionFactory.Result.Made made ->
                withNotes(install(manifest, unit(manifest), made.definition()), made.notes());
        };
    }

    /// Why no file is put into the place of its own one.
    private Optional<ServiceOutcome> unwritable(Manifest manifest) {
        return unusable().or(() -> another(manifest).map(ServiceOutcome.Refused::new));
    }

    /// Somebody else's service that runs the tool already: a second one would only be in its way.
    public Optional<String> another(Manifest manifest) {
        String unit = unit(manifest);
        if (manager.isWritten(unit)) {
            return Optional.empty();
        }
        Optional<ForeignUnit> foreign = units.foreign(manifest);
        if (foreign.filter(ForeignUnit::isOfTheSystem).isPresent()) {
            String name = foreign.get().unit().substring(ForeignUnit.SYSTEM.length());
            return Optional.of(
                    "%s, a service of the system, runs it already. `%s` ends that; then `lamplighter service install %s` runs it in your session."
                            .formatted(name, manager.rootDisableCommand(name), manifest.name()));
        }
        if (foreign.isPresent()) {
            return Optional.of(
                    "%s runs it already, and Lamplighter did not write that one: it is shown, watched and controlled as it is. `lamplighter service adopt %s` shows what would change if Lamplighter wrote it, and asks."
                            .formatted(foreign.get().unit(), manifest.name()));
        }
        ServiceState state = manager.state(unit);
        return state.file().isPresent() && state.owner() == Owner.FOREIGN
                ? Optional.of(
                        "%s runs it, and Lamplighter did not write that one: it is started and stopped, never rewritten."
                                .formatted(unit))
                : Optional.empty();
    }

    /// What a person wrote into the file and an install would take away, as a sentence.
    public Optional<String> lostByInstall(Manifest manifest) {
        return manager.isChangedByHand(unit(manifest))
                ? Optional.of(
                        "The service file was changed by hand; `lamplighter service diff %s` shows what would be lost."
                                .formatted(manifest.name()))
                : Optional.empty();
    }

    /// Said at once, not when somebody wonders after the next log-out.
    private String untilLogOut() {
        return manager.lingers().filter(on -> !on).isPresent() ? " and stops when you log out" : "";
    }

    private ServiceOutcome install(Manifest manifest, String unit, ServiceDefinition definition) {
        if (definition.workingDirectory().equals(serviceDefinitionFactory.emptyFolder(manifest))) {
            try {
                AtomicFile.makeFolder(definition.workingDirectory());
            } catch (IOException e) {
                return new ServiceOutcome.Failed("Its folder could not be made: " + e.getMessage(), List.of());
            }
        }
        ServiceOutcome written = manager.write(definition);
        if (!isWell(written)) {
            return written;
        }
        ServiceOutcome enabled = manager.enableAtInstall(unit);
        if (!isWell(enabled)) {
            return enabled;
        }
        boolean changed = written instanceof ServiceOutcome.Done || isOlderThanItsFiles(unit, definition);
        ServiceOutcome running = changed ? restartAndWait(manifest) : startAndWait(manifest);
        if (running instanceof ServiceOutcome.Failed failed) {
            return stopIfCrashLooping(manifest, failed);
        }
        boolean same = !changed && enabled instanceof ServiceOutcome.Already;
        if (same || !isWell(running)) {
            return running;
        }
        String login = manager.state(unit).enabled().equals(Optional.of(false))
                ? enabled.reason()
                : "It starts when you log in%s.".formatted(untilLogOut());
        return new ServiceOutcome.Done(login + " " + running.reason());
    }

    /// Puts back what a service file of Lamplighter's said before, word for word, and has what runs use it.
    public ServiceOutcome putBack(Manifest manifest, String text) {
        Optional<ServiceOutcome> stopper = unwritable(manifest);
        if (stopper.isPresent()) {
            return stopper.get();
        }
        String unit = unit(manifest);
        boolean there = manager.fileText(unit).isPresent();
        boolean ran = manager.state(unit).pid().isPresent();
        ServiceOutcome restored = manager.restore(unit, Optional.of(text));
        if (!isWell(restored)) {
            return restored;
        }
        ServiceOutcome enabled = there ? new ServiceOutcome.Already("") : manager.enableAtInstall(unit);
        if (!isWell(enabled)) {
            return enabled;
        }
        return there && !ran
                ? new ServiceOutcome.Done("The service file says what it said before.")
                : restartAndWait(manifest);
    }

    /// The unit of a tool whose file is called as ours are and lies here; from disk alone.
    public Optional<String> own(Manifest manifest) {
        String unit = unit(manifest);
        return unit.equals(manager.unitOf(manifest.name().value()))
                        && manager.fileText(unit).isPresent()
                ? Optional.of(unit)
                : Optional.empty();
    }

    /// Whether a process started before its files were last written, and so does not have what stands in
    /// them: an installation was cut off, the file with its secrets was changed. A start is only known to the
    /// second: systemd leaves the fraction out, and Linux counts processes from a boot time without one. A
    /// file of that second may have been there already, and what runs is not restarted on suspicion.
    private boolean isOlderThanItsFiles(String unit, ServiceDefinition definition) {
        ServiceState state = manager.state(unit);
        return state.pid().isPresent()
                && Stream.of(
                                state.file().stream(),
                                manager.dropIns(unit).stream(),
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

    /// What a new file does not take over from the shell is said when it is written, not afterwards by a fault.
    private static ServiceOutcome withNotes(ServiceOutcome outcome, List<String> notes) {
        return outcome instanceof ServiceOutcome.Done(String reason) && !notes.isEmpty()
                ? new ServiceOutcome.Done(reason + " " + String.join(" ", notes))
                : outcome;
    }

    public ServiceOutcome uninstall(Manifest manifest) {
        Optional<ServiceOutcome> stopper = unusable();
        if (stopper.isPresent()) {
            return stopper.get();
        }
        String unit = unit(manifest);
        ServiceState state = manager.state(unit);
        if (state.phase() == Phase.UNKNOWN) {
            return new ServiceOutcome.Failed(state.words(), List.of());
        }
        boolean nothing =
                state.phase() == Phase.NOT_INSTALLED && manager.fileText(unit).isEmpty();
        if (nothing) {
            return new ServiceOutcome.Already("It has no service.");
        }
        if (state.owner() == Owner.FOREIGN && state.file().isPresent()) {
            return new ServiceOutcome.Refused("%s was not written by Lamplighter, so it stays.".formatted(unit));
        }
        ServiceOutcome halted = stopAndWait(manifest);
        if (!isWell(halted)) {
            return halted;
        }
        stopped.forget(manifest.name());
        ServiceOutcome disabled = manager.disable(unit);
        if (!isWell(disabled)) {
            return disabled;
        }
        ServiceOutcome removed = manager.remove(unit);
        return removed instanceof ServiceOutcome.Done
                ? new ServiceOutcome.Done("It was stopped and its service file removed.")
                : removed;
    }

    public ServiceOutcome start(Manifest manifest) {
        return withRetryHint(manifest, startAndWait(manifest));
    }

    private ServiceOutcome startAndWait(Manifest manifest) {
        Optional<ServiceOutcome> stopper = unusable();
        if (stopper.isPresent()) {
            return stopper.get();
        }
        stopped.forget(manifest.name());
        ServiceOutcome started = manager.start(unit(manifest));
        return isWell(started)
                ? awaiting.ready(manifest, unit(manifest), started instanceof ServiceOutcome.Already)
                : started;
    }

    /// Stops it, and remembers that the user wants it so.
    public ServiceOutcome stop(Manifest manifest) {
        ServiceOutcome outcome = stopAndWait(manifest);
        if (isWell(outcome)) {
            stopped.remember(manifest.name());
        }
        return outcome;
    }

    private ServiceOutcome stopAndWait(Manifest manifest) {
        int seconds =
                manifest.service().map(Manifest.Service::stopTimeoutSeconds).orElse(20);
        return unusable()
                .orElseGet(() ->
                        manager.stop(unit(manifest), Duration.ofSeconds(seconds).plus(STOP_MARGIN)));
    }

    public ServiceOutcome restart(Manifest manifest) {
        Optional<String> gone =
                manager.isWritten(unit(manifest)) ? serviceDefinitionFactory.gone(manifest) : Optional.empty();
        if (gone.isPresent()) {
            // What runs is in memory; stopped, it would be gone too.
            return new ServiceOutcome.Refused(gone.get() + " It was not stopped, since it could not be started again.");
        }
        return withRetryHint(manifest, restartAndWait(manifest));
    }

    private ServiceOutcome restartAndWait(Manifest manifest) {
        Optional<ServiceOutcome> stopper = unusable();
        if (stopper.isPresent()) {
            return stopper.get();
        }
        ServiceOutcome halted = stopAndWait(manifest);
        if (!isWell(halted)) {
            return halted;
        }
        return startAndWait(manifest);
    }

    /// A new service whose program ends at once is not left to be started over and over; one that is only
    /// slow is left alone. The file stays, so that its log can be read and the next try is one verb.
    private ServiceOutcome stopIfCrashLooping(Manifest manifest, ServiceOutcome.Failed failed) {
        ServiceState now = manager.state(unit(manifest));
        // One that ends again and again is seen running now and then.
        boolean runs = now.phase() == Phase.RUNNING && now.restarts() == 0;
        String rest = runs
                ? "It goes on running, and starts when you log in."
                : stopAndWait(manifest) instanceof ServiceOutcome.Failed
                        ? "The service manager goes on trying to start it; `lamplighter stop %s` ends that."
                                .formatted(manifest.name())
                        : "It was stopped, so that it is not started over and over; `lamplighter start %s` tries again, and so does the next login. `lamplighter service uninstall %s` takes the service away."
                                .formatted(manifest.name(), manifest.name());
        return new ServiceOutcome.Failed(failed.reason() + " " + rest, failed.lastLines());
    }

    /// What was there before keeps its manager's patience: that it goes on trying is said.
    private ServiceOutcome withRetryHint(Manifest manifest, ServiceOutcome outcome) {
        if (!(outcome instanceof ServiceOutcome.Failed failed)) {
            return outcome;
        }
        return switch (manager.state(unit(manifest)).phase()) {
            case RESTARTING, STARTING ->
                new ServiceOutcome.Failed(
                        failed.reason()
                                + " The service manager goes on trying to start it; `lamplighter stop %s` ends that."
                                        .formatted(manifest.name()),
                        failed.lastLines());
            case RUNNING, STOPPED, FAILED, NOT_INSTALLED, UNKNOWN -> outcome;
        };
    }

    /// Starts it at login, and lets all services of this user go on after log-out.
    public ServiceOutcome enableForGood(Manifest manifest) {
        ServiceOutcome enabled = enable(manifest);
        if (!isWell(enabled)) {
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
        return unusable().orElseGet(() -> manager.enable(unit(manifest)));
    }

    public ServiceOutcome disable(Manifest manifest) {
        return unusable().orElseGet(() -> manager.disable(unit(manifest)));
    }

    /// Everything about it, asked now; the shell is not asked, its kept answer serves.
    public ServiceStatus status(Manifest manifest) {
        String unit = unit(manifest);
        ServiceState state = manager.state(unit);
        Optional<ProbeResult> probeResult = manifest.endpoint().map(probe::ask);
        boolean answers = probeResult.filter(ProbeResult.Yes.class::isInstance).isPresent();
        Optional<IdentityResult> identityResult =
                answers ? manifest.endpoint().map(endpoint -> isOurs(endpoint, unit, state)) : Optional.empty();
        return new ServiceStatus(
                manifest.name().value(),
                state,
                probeResult,
                identityResult,
                drift(manifest),
                manager.isChangedByHand(unit),
                manager.lingers(),
                stopped.since(manifest.name(), state),
                clock.instant());
    }

    /// Whether the answer at an endpoint comes from the service in `state`.
    public IdentityResult isOurs(Endpoint endpoint, String unit, ServiceState state) {
        return awaiting.mine(endpoint, unit, state);
    }

    /// Whether the file on disk differs from the one that would be written now, as far as that is known
    /// without asking the shell again.
    public Optional<Boolean> drift(Manifest manifest) {
        String unit = unit(manifest);
        Optional<String> disk = manager.isWritten(unit) ? manager.fileText(unit) : Optional.empty();
        if (disk.isEmpty() || shell.kept().isEmpty()) {
            return Optional.empty();
        }
        return switch (keptDefinition(manifest)) {
            case ServiceDefinitionFactory.Result.Made made ->
                Optional.of(!Drift.between(
                                disk.get(),
                                made.definition(),
                                manager::render,
                                InheritedVariables.names(manifest),
                                serviceDefinitionFactory.home())
                        .isNone());
            case ServiceDefinitionFactory.Result.Refused _ -> Optional.empty();
        };
    }

    public Difference diff(Manifest manifest) {
        String unit = unit(manifest);
        boolean theirs = unit.startsWith(ForeignUnit.SYSTEM)
                || (!manager.isWritten(unit) && manager.fileText(unit).isPresent());
        if (theirs) {
            return new Difference.Foreign();
        }
        Optional<String> disk = manager.fileText(unit);
        return switch (definition(manifest)) {
            case ServiceDefinitionFactory.Result.Refused refused -> new Difference.Impossible(refused.why());
            case ServiceDefinitionFactory.Result.Made made -> {
                String now = manager.render(made.definition());
                yield disk.filter(now::equals).isPresent()
                        ? new Difference.None()
                        : new Difference.Lines(LineDiff.between(
                                disk.orElse("").lines().toList(), now.lines().toList()));
            }
        };
    }

    public List<LogLine> log(Manifest manifest, int lines, Optional<String> since) {
        return manager.log(unit(manifest), lines, since);
    }

    /// Why an empty log may not mean that nothing was written.
    public Optional<String> logGap() {
        return manager.logUnavailableReason();
    }

    public Optional<String> refusesSince(String when) {
        return manager.refusesSince(when);
    }

    /// Where its output goes when its definition sends it away from the log.
    public Optional<String> logElsewhere(Manifest manifest) {
        return manager.logElsewhere(unit(manifest));
    }

    /// What the program itself wrote last.
    public List<String> lastWords(Manifest manifest, int lines) {
        return manager.lastLogLines(unit(manifest), lines).stream()
                .map(LogLine::text)
                .toList();
    }

    public void follow(Manifest manifest, int lines, Optional<String> since, Consumer<LogLine> line) {
        manager.follow(unit(manifest), lines, since, line);
    }

    /// Waits until the service that was just started is ready, is seen to have died, or its time is over.
    public ServiceOutcome awaitReady(Manifest manifest) {
        return awaiting.ready(manifest, unit(manifest), false);
    }

    private Optional<ServiceOutcome> unusable() {
        return manager.unavailable().map(ServiceOutcome.Refused::new);
    }

    private static boolean isWell(ServiceOutcome outcome) {
        return outcome instanceof ServiceOutcome.Done || outcome instanceof ServiceOutcome.Already;
    }
}
