package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceFilePath;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceTarget;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The tool that is being examined: its manifest, and the answers that more than one check needs.
final class DiagnosisContext {

    /// A start that takes longer hangs.
    private static final Duration LONG_START = Duration.ofMinutes(5);

    private final Manifest manifest;
    private final DoctorPorts around;
    private final Lazy<Optional<UnfinishedUpgrade>> upgrade;
    private final Lazy<Optional<Provenance>> provenance;
    private final Lazy<Optional<Verdict>> verdict;
    private final Lazy<String> unit;
    private final Lazy<ServiceState> service;
    private final Lazy<Optional<String>> file;
    private final Lazy<Optional<ProbeResult>> answering;
    private final Lazy<Optional<IdentityResult>> mine;
    private final Lazy<LoginShell.Answer> shell;
    private final Lazy<Optional<String>> servicePath;
    private final Lazy<Optional<ServiceEnvironment>> variables;
    private final Lazy<List<Path>> additions;
    private final Lazy<Optional<ServiceTarget>> astray;
    private final Lazy<Optional<SessionCounter.Count>> sessions;

    DiagnosisContext(Manifest manifest, DoctorPorts around) {
        this.manifest = manifest;
        this.around = around;
        this.upgrade = new Lazy<>(() -> around.upgrade().apply(manifest));
        this.provenance = new Lazy<>(this::readProvenance);
        this.verdict = new Lazy<>(() -> provenance()
                .map(found -> around.newest().apply(found, manifest.install().variables())));
        this.unit = new Lazy<>(() -> new UnitResolver(around.services()).of(manifest));
        this.service = new Lazy<>(() -> around.services().state(unit()));
        this.file = new Lazy<>(() -> around.services().fileText(unit()));
        this.answering = new Lazy<>(() -> endpoint()
                .filter(_ -> !isAskingAStart())
                .map(found -> around.endpoints().answering(found, this::hasProcess)));
        this.mine = new Lazy<>(() ->
                probeResult().filter(ProbeResult.Yes.class::isInstance).isPresent()
                        ? endpoint().map(found -> ofThisCopy(around.endpoints().identify(found, service())))
                        : Optional.empty());
        this.shell = new Lazy<>(() -> around.shell().path());
        this.servicePath = new Lazy<>(this::readServicePath);
        this.variables = new Lazy<>(() -> around.services().variables(unit()));
        this.sessions = new Lazy<>(() -> hasProcess()
                ? manifest.sessions().map(asked -> around.endpoints().sessions(asked, endpoint(), described()))
                : Optional.empty());
        this.additions = new Lazy<>(() -> around.services().dropIns(unit()));
        this.astray = new Lazy<>(() -> file().isEmpty()
                ? Optional.empty()
                : ServiceTarget.of(
                        around.services(),
                        unit(),
                        around.installers(),
                        manifest.install(),
                        provenance()
                                .map(Provenance::environment)
                                .orElse(manifest.install().environment())));
    }

    Manifest manifest() {
        return manifest;
    }

    DoctorPorts around() {
        return around;
    }

    String name() {
        return manifest.name().value();
    }

    /// Whether the tool has a service; a plain command has none to check.
    boolean isService() {
        return manifest.expected() != Expected.COMMAND;
    }

    boolean isExpectedToRun() {
        return manifest.expected() == Expected.RUNNING;
    }

    /// When the user stopped it; empty if the user did not.
    Optional<Instant> stoppedByUser() {
        return isExpectedToRun() ? around.stoppedByUser().apply(manifest, service()) : Optional.empty();
    }

    /// Whether it should have a process at this moment.
    boolean isToRunNow() {
        return isExpectedToRun() && stoppedByUser().isEmpty();
    }

    /// The unfinished upgrade, read once.
    Optional<UnfinishedUpgrade> upgrade() {
        return upgrade.get();
    }

    boolean isBeingUpgraded() {
        return upgrade().filter(UnfinishedUpgrade.InProgress.class::isInstance).isPresent();
    }

    Optional<Provenance> provenance() {
        return provenance.get();
    }

    /// Whether its verdict is known without a query, because its source publishes nothing.
    boolean hasNoSourceToAsk() {
        return provenance()
                .filter(found -> switch (found.origin()) {
                    case Origin.Index _, Origin.Git _, Origin.ReleaseFeed _ -> false;
                    case Origin.Editable _,
                            Origin.LocalDirectory _,
                            Origin.Archive _,
                            Origin.Linked _,
                            Origin.SystemPackage _,
                            Origin.Unknown _ -> true;
                })
                .isPresent();
    }

    /// The provenance after its source was queried: only the source knows whether a name is a tag or a branch.
    Optional<Provenance> provenanceAsTold() {
        return provenance()
                .map(found -> found.origin() instanceof Origin.Git git
                        ? found.withOrigin(git.withKind(around.revisionKind().apply(git)))
                        : found);
    }

    /// Needs the network, unless [#hasNoSourceToAsk].
    Optional<Verdict> verdict() {
        return verdict.get();
    }

    /// The upgrade to the offered version that was tried before and undone.
    Optional<Report.RolledBack> rolledBack() {
        return verdict()
                .flatMap(found -> found instanceof Verdict.Outdated outdated
                        ? around.rolledBack().apply(manifest, outdated.upgradeTarget())
                        : Optional.empty());
    }

    String unit() {
        return unit.get();
    }

    ServiceState service() {
        return service.get();
    }

    /// The service that its manifest describes.
    ServiceDefinitionFactory.Result definition() {
        return around.definition().apply(around.services(), manifest);
    }

    boolean hasProcess() {
        return isService()
                && switch (service().phase()) {
                    case RUNNING, STARTING -> true;
                    case STOPPED, FAILED, RESTARTING, NOT_INSTALLED, UNKNOWN -> false;
                };
    }

    /// Whether asking its URL would start it: who looks at a service must not change it.
    boolean isAskingAStart() {
        return !hasProcess() && service().startsOnConnection();
    }

    /// Whether the service has not had the time yet that its manifest gives it to respond. One that was restarted after
    /// a failure is not waited for again.
    boolean isStarting() {
        if (!hasProcess() || service().restarts() > 0) {
            return false;
        }
        return service().phase() == ServiceState.Phase.STARTING
                ? !isStartingForLong()
                : isWithin(Duration.ofSeconds(
                        endpoint().map(Manifest.Endpoint::readyTimeoutSeconds).orElse(0)));
    }

    /// Whether its start does not end: its manager may wait for it without limit.
    boolean isStartingForLong() {
        Duration ready = Duration.ofSeconds(
                endpoint().map(Manifest.Endpoint::readyTimeoutSeconds).orElse(0));
        return service().phase() == ServiceState.Phase.STARTING
                && service().since().isPresent()
                && !isWithin(ready.compareTo(LONG_START) > 0 ? ready : LONG_START);
    }

    /// Whether the service has been in its state for at most that long.
    private boolean isWithin(Duration limit) {
        return service()
                .since()
                .filter(since -> since.plus(limit).isAfter(around.clock().instant()))
                .isPresent();
    }

    /// The service file on disk.
    Optional<String> file() {
        return file.get();
    }

    /// The `PATH` that the service file on disk sets, without drop-ins.
    Optional<String> pathInFile() {
        return file().flatMap(
                        text -> ServiceFilePath.in(text, around.directories().home()));
    }

    /// The `PATH` of the service's process: read from a file that Lamplighter wrote; for other files, or with
    /// drop-ins, from the service manager.
    Optional<String> servicePath() {
        return servicePath.get();
    }

    private Optional<String> readServicePath() {
        if (file().isEmpty()) {
            return Optional.empty();
        }
        boolean saysItAll = service().owner() == Owner.OURS
                && additions().isEmpty()
                && pathInFile().isPresent();
        return saysItAll
                ? pathInFile()
                : variables().flatMap(ServiceEnvironment::path).or(this::pathInFile);
    }

    /// The environment of its process; empty if unknown.
    Optional<ServiceEnvironment> variables() {
        return variables.get();
    }

    /// The actual values of the service's variables that its manifest names.
    Map<String, String> described() {
        List<String> names =
                manifest.service().map(Manifest.Service::variableNames).orElse(List.of());
        return names.isEmpty() || file().isEmpty()
                ? Map.of()
                : variables().map(given -> given.of(names)).orElse(Map.of());
    }

    /// Its open sessions; empty if the manifest does not describe how to count them, and while it does not
    /// run.
    Optional<SessionCounter.Count> sessions() {
        return sessions.get();
    }

    /// Drop-ins: files that override the service file.
    List<Path> additions() {
        return additions.get();
    }

    /// The result of the user's interactive shell. Starts it, so this is the last resort.
    LoginShell.Answer shell() {
        return shell.get();
    }

    /// A time in the user's zone, to the second.
    String second(Instant at) {
        return FindingTimes.second(at, around.zone().get());
    }

    Optional<Endpoint> endpoint() {
        return isService() ? manifest.endpoint() : Optional.empty();
    }

    /// Empty also where it is not asked, see [#isAskingAStart].
    Optional<ProbeResult> probeResult() {
        return answering.get();
    }

    /// Empty while nothing responds.
    Optional<IdentityResult> identityResult() {
        return mine.get();
    }

    /// The other installation that its service starts, or the program that does not exist.
    Optional<ServiceTarget> astray() {
        return astray.get();
    }

    /// Whether the service is loaded but its file is gone: the manager only notices when the service stops.
    boolean isWithoutFile() {
        return service().isInstalled()
                && !service().masked()
                && file().isEmpty()
                && service().file().filter(Files::exists).isEmpty();
    }

    /// The result, or `No` if the service file named another installation when the process started.
    private IdentityResult ofThisCopy(IdentityResult identityResult) {
        return manifest.endpoint().flatMap(Endpoint::identity).isPresent()
                ? identityResult
                : ServiceTarget.confirmed(
                        identityResult,
                        astray(),
                        service(),
                        Stream.concat(service().file().stream(), additions().stream())
                                .toList(),
                        this::display);
    }

    /// The text of a file; empty when it cannot be read.
    static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The path of its manifest.
    String description() {
        return around.directories().manifests().resolve(name() + ".json").toString();
    }

    String display(Path path) {
        return around.directories().display(path);
    }

    private Optional<Provenance> readProvenance() {
        Manifest.Install install = manifest.install();
        return around.installers().stream()
                .filter(installer -> installer.kind() == install.installer())
                .findFirst()
                .flatMap(installer -> installer
                        .owner(install.program())
                        // The launcher may be gone while the install is still there: then its version is known.
                        .or(() -> installer.installed().stream()
                                .filter(found -> found.environment().equals(install.environment())
                                        && found.packageName().equals(install.packageName()))
                                .findFirst()))
                .map(install::withDeclaredOrigin)
                .map(found -> found.withKnownRevision(() -> around.lastSeen().apply(manifest)));
    }
}
