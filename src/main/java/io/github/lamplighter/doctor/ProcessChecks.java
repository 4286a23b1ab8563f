package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.ProcessOrigin;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceTarget;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The group *Process*: whether the tool is running, responding, and the expected process. It is long because
/// its checks share the same observations of one service.
final class ProcessChecks {

    /// So many starts by the manager itself are a storm, not an accident.
    private static final int STORM = 3;

    /// How long it must run before earlier restarts no longer count (docs/checks.md, unstable).
    private static final Duration UNREST = Duration.ofMinutes(30);

    private static final int LINES = 200;

    /// What systemd writes at each restart; it has no field for that count (systemd.service(5), Restart=).
    private static final String COUNTED = "restart counter is at";

    private ProcessChecks() {}

    static Optional<Result> unfinished(DiagnosisContext context) {
        String journals = context.display(context.around().directories().journals());
        return context.upgrade().flatMap(upgrade -> switch (upgrade) {
            case UnfinishedUpgrade.Interrupted(String sentence) ->
                Optional.of(Result.of(Severity.FAILURE, "unfinished-upgrade")
                        .proof(journals, sentence)
                        .remedy(new Remedy.Action(
                                "recover", List.of("lamplighter", "recover"), Messages.text("remedy.recover"))));
            case UnfinishedUpgrade.LeftOver(String sentence, String command) ->
                Optional.of(Result.of(Severity.WARNING, "unfinished-upgrade.left-over")
                        .proof(journals, sentence)
                        .remedy(new Remedy.CopyCommand(command, Messages.text("remedy.delete-left-over"))));
            case UnfinishedUpgrade.InProgress _ -> Optional.empty();
        });
    }

    static Optional<Result> beingUpgraded(DiagnosisContext context) {
        return context.upgrade()
                .filter(UnfinishedUpgrade.InProgress.class::isInstance)
                .map(upgrade -> Result.of(Severity.INFO, "being-upgraded")
                        .proof(context.display(context.around().directories().journals()), upgrade.sentence())
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait-for-upgrade"))));
    }

    static Optional<Result> stoppedByYou(DiagnosisContext context) {
        return context.stoppedByUser()
                .map(at -> Result.of(Severity.INFO, "stopped-by-you")
                        .proof(
                                "lamplighter stop " + context.name(),
                                "at "
                                        + FindingTimes.second(
                                                at, context.around().zone().get()))
                        .proof(evidence(context.service()))
                        .action(context, "remedy.start", "start"));
    }

    static Optional<Result> process(DiagnosisContext context) {
        if (!context.isService() || context.stoppedByUser().isPresent()) {
            return Optional.empty();
        }
        ServiceState state = context.service();
        ServiceVerdict verdict = ServiceVerdict.of(state);
        Result result = context.isExpectedToRun() || state.isRunning() || verdict.severity() == Severity.FAILURE
                ? Result.of(verdict.severity(), verdict.key())
                : switch (state.phase()) {
                    case STOPPED ->
                        state.masked()
                                ? Result.of(Severity.INFO, verdict.key())
                                : Result.of(Severity.OK, "process.on-demand");
                    case NOT_INSTALLED -> Result.of(Severity.OK, "process.on-demand");
                    case RUNNING, STARTING, FAILED, RESTARTING, UNKNOWN -> Result.of(verdict.severity(), verdict.key());
                };
        boolean matters = result.severity().weight() > Severity.OK.weight();
        result = switch (state.phase()) {
            case RUNNING, STARTING -> result;
            case STOPPED ->
                state.masked()
                        ? result.remedy(new Remedy.CopyCommand(
                                "systemctl --user unmask " + state.unit(), Messages.text("remedy.unmask")))
                        : verdict.severity() == Severity.FAILURE && matters
                                ? failed(context, result)
                                : matters ? result.action(context, "remedy.start", "start") : result;
            case FAILED -> failed(context, result);
            case RESTARTING ->
                withLastLogLines(context, result)
                        .action(context, "remedy.log", "logs")
                        .action(context, "remedy.stop", "stop");
            case NOT_INSTALLED ->
                matters ? result.action(context, "remedy.service-install", "service", "install") : result;
            case UNKNOWN -> result.remedy(new Remedy.Wait(Messages.text("remedy.wait")));
        };
        return result.proof(evidence(state))
                .proof(uptimeEvidence(context, state))
                .found();
    }

    /// A start does not help a service that its manager cannot start: its file has to change first.
    private static Result failed(DiagnosisContext context, Result result) {
        Result told = withLastLogLines(context, result);
        return context.service().isNeverStarted()
                ? ServiceRemedies.file(context, told).action(context, "remedy.log", "logs")
                : told.action(context, "remedy.start", "start").action(context, "remedy.log", "logs");
    }

    /// Since when, how often it was started again, and how it ended before.
    private static List<Evidence> uptimeEvidence(DiagnosisContext context, ServiceState state) {
        List<String> said = new ArrayList<>();
        state.since()
                .ifPresent(at -> said.add("since "
                        + FindingTimes.second(at, context.around().zone().get())));
        if (state.restarts() > 0) {
            said.add(
                    state.restarts() == 1
                            ? "restarted once by the service manager"
                            : "restarted %d times by the service manager".formatted(state.restarts()));
        }
        if (state.phase() == Phase.RUNNING) {
            state.lastExit().ifPresent(exit -> said.add("last exit: " + UntrustedText.masked(exit.words())));
        }
        return said.isEmpty() ? List.of() : List.of(new Evidence(state.unit(), String.join("; ", said)));
    }

    /// The last lines of its log, which often contain the reason for its end.
    private static Result withLastLogLines(DiagnosisContext context, Result result) {
        List<LogLine> lines = context.around().services().lastLogLines(context.unit(), 3);
        return lines.isEmpty()
                ? result
                : result.proof(
                        "log",
                        "last log lines: "
                                + lines.stream()
                                        .map(LogLine::text)
                                        .map(UntrustedText::masked)
                                        .collect(Collectors.joining(" / ")));
    }

    /// The messages of the service manager about the unit.
    static List<Evidence> evidence(ServiceState state) {
        StringBuilder detail = new StringBuilder(UntrustedText.masked(state.words()));
        state.pid().ifPresent(pid -> detail.append("; pid ").append(pid));
        if (state.phase() != Phase.RUNNING) {
            state.lastExit().ifPresent(exit -> detail.append("; ").append(UntrustedText.masked(exit.words())));
        }
        Evidence words = new Evidence(state.unit(), detail.toString());
        return state.sentence()
                .map(sentence -> List.of(words, new Evidence(state.unit(), UntrustedText.masked(sentence))))
                .orElse(List.of(words));
    }

    static Optional<Result> answering(DiagnosisContext context) {
        if (context.endpoint().isEmpty() || !context.hasProcess()) {
            return Optional.empty();
        }
        String url = context.endpoint().get().url();
        return context.probeResult().map(answer -> switch (answer) {
            case ProbeResult.Yes yes ->
                yes.ready()
                        ? Result.of(Severity.OK, "answering.yes")
                                .proof(
                                        question(url),
                                        "%s in %d ms"
                                                .formatted(
                                                        yes.detail(), yes.took().toMillis()))
                        : Result.of(Severity.FAILURE, "answering.not-ready", yes.detail())
                                .proof(question(url), yes.detail())
                                .action(context, "remedy.restart", "restart")
                                .action(context, "remedy.log", "logs");
            case ProbeResult.No no ->
                Result.of(Severity.FAILURE, "answering.no")
                        .proof(question(url), no.detail())
                        .proof(evidence(context.service()))
                        .proof(listening(context))
                        .action(context, "remedy.restart", "restart")
                        .action(context, "remedy.log", "logs");
        });
    }

    /// The process that listens on its port, as far as visible.
    private static List<Evidence> listening(DiagnosisContext context) {
        // A listener on this computer says nothing about a port of another one.
        Optional<Integer> port =
                context.endpoint().filter(EndpointIdentityCheck::isHere).flatMap(ProcessChecks::portOf);
        List<Listener> listeners =
                port.map(context.around().listeningSockets()::on).orElse(List.of());
        return listeners.isEmpty()
                ? List.of()
                : holders(
                        "port " + port.orElse(0),
                        reached(context.endpoint().orElseThrow(), listeners).stream()
                                .map(List::getFirst)
                                .toList(),
                        true);
    }

    static Optional<Result> isThisCopy(DiagnosisContext context) {
        if (context.endpoint().isEmpty()) {
            return Optional.empty();
        }
        String where = where(context.endpoint().get());
        String url = context.endpoint().get().url();
        return context.identityResult().map(identityResult -> switch (identityResult) {
            case IdentityResult.Yes yes ->
                yes.besides()
                        .map(besides -> other(
                                context,
                                Result.of(Severity.WARNING, "is-this-copy.shared", where, context.name())
                                        .proof(url, yes.detail())
                                        .proof(url, besides)))
                        .orElseGet(
                                () -> Result.of(Severity.OK, "is-this-copy.yes").proof(url, yes.detail()));
            case IdentityResult.No no -> {
                List<Listener> listeners = listeners(context);
                boolean isOurs = !own(context, listeners).isEmpty();
                if ((isOurs || listeners.isEmpty())
                        && context.astray().orElse(null) instanceof ServiceTarget.OtherInstallation other) {
                    yield StartupChecks.anotherCopy(
                            context,
                            Result.of(Severity.FAILURE, "is-this-copy.another-copy", context.name())
                                    .proof(url, no.detail()),
                            other);
                }
                if (isOurs) {
                    yield identityMismatch(context, url, no);
                }
                Optional<Listener> copy = ofTheTool(context, listeners);
                if (copy.isPresent()) {
                    yield answerOfACopy(context, where, copy.get())
                            .proof(url, no.detail())
                            .proof(since(context, copy));
                }
                // A port conflict does not matter while the tool is not expected to respond.
                boolean matters = context.isToRunNow() || context.hasProcess();
                yield other(
                                context,
                                Result.of(
                                        matters ? Severity.FAILURE : Severity.INFO,
                                        "is-this-copy.no",
                                        where,
                                        context.name()))
                        .proof(url, no.detail())
                        .proof(since(context, listeners.stream().findFirst()))
                        .proof(context.hasProcess() ? List.of() : evidence(context.service()));
            }
            case IdentityResult.Unknown unknown ->
                Result.of(Severity.UNKNOWN, "is-this-copy.unknown")
                        .proof(url, unknown.detail())
                        .remedy(
                                isBehindProxy(context)
                                        ? new Remedy.Open(context.description(), Messages.text("remedy.add-identity"))
                                        : new Remedy.Wait(Messages.text("remedy.wait")));
        });
    }

    /// What stands in front of a service is all that is seen of it, now and later.
    private static boolean isBehindProxy(DiagnosisContext context) {
        return context.endpoint()
                .filter(Endpoint::proxied)
                .filter(endpoint -> endpoint.identity().isEmpty())
                .isPresent();
    }

    /// The service's own process answers, and says that it is another copy.
    private static Result identityMismatch(DiagnosisContext context, String url, IdentityResult.No no) {
        Result result = Result.of(Severity.FAILURE, "is-this-copy.unlike")
                .proof(url, no.detail())
                .proof(evidence(context.service()))
                .action(context, "remedy.restart", "restart");
        return context.endpoint()
                .flatMap(Endpoint::identity)
                .map(identity -> result.remedy(
                        new Remedy.Open(identity.file().toString(), Messages.text("remedy.open-identity"))))
                .orElse(result);
    }

    private static Result answerOfACopy(DiagnosisContext context, String where, Listener copy) {
        Optional<String> unit = copy.pid().flatMap(pid -> unit(context, pid));
        Result result = Result.of(
                context.hasProcess() ? Severity.FAILURE : Severity.INFO,
                unit.isPresent() ? "is-this-copy.other-service" : "is-this-copy.elsewhere",
                where,
                unit.map(UntrustedText::masked).orElse(""));
        return context.hasProcess()
                ? other(context, result)
                : result.remedy(new Remedy.Wait(Messages.text("remedy.nothing")));
    }

    private static Optional<String> unit(DiagnosisContext context, long pid) {
        return context.around().processTable().origin(pid).unit();
    }

    /// The start time of the program that listens, which helps to recognize it.
    private static List<Evidence> since(DiagnosisContext context, Optional<Listener> listener) {
        return listener
                .flatMap(Listener::pid)
                .flatMap(pid -> context.around()
                        .processTable()
                        .startedAt(pid)
                        .map(at -> new Evidence(
                                "pid " + pid,
                                "since "
                                        + FindingTimes.minute(
                                                at, context.around().zone().get()))))
                .stream()
                .toList();
    }

    /// The process that listens on the port. If the port responds, *is this copy* reports whose response it
    /// is.
    static Optional<Result> port(DiagnosisContext context) {
        Optional<Integer> port = context.endpoint().flatMap(ProcessChecks::portOf);
        // Without the service manager, the tool's own listener would look like another program.
        if (port.isEmpty() || context.service().phase() == Phase.UNKNOWN) {
            return Optional.empty();
        }
        String source = "port " + port.get();
        List<Listener> listeners = context.around().listeningSockets().on(port.get());
        if (listeners.isEmpty()) {
            return context.hasProcess() || !context.around().listeningSockets().seesAll()
                    ? Optional.empty()
                    : Result.of(Severity.OK, "port.free", port.get())
                            .proof(source, "nothing is listening")
                            .found();
        }
        boolean mine = context.identityResult()
                .filter(IdentityResult.Yes.class::isInstance)
                .isPresent();
        List<List<Listener>> reached = reached(context.endpoint().get(), listeners);
        List<Listener> own = reached.stream()
                .flatMap(there -> own(context, there).stream().limit(1))
                .toList();
        List<Listener> strangers = reached.stream()
                .filter(there -> own(context, there).isEmpty())
                .map(List::getFirst)
                .toList();
        if (mine || !own.isEmpty()) {
            boolean shared = !own.isEmpty()
                    && strangers.stream().anyMatch(listener -> !isHidden(listener))
                    && !context.endpoint().get().proxied();
            Result result = shared
                    ? other(context, Result.of(Severity.WARNING, "port.shared", port.get(), context.name()))
                    : Result.of(Severity.OK, "port.held", port.get());
            return result.proof(holders(source, own.isEmpty() ? strangers : own, shared))
                    .proof(holders(source, shared ? strangers : List.of(), shared))
                    .found();
        }
        List<Evidence> who = holders(source, strangers, strangers.size() > 1);
        if (context.endpoint().get().proxied()) {
            return Result.of(Severity.OK, "port.proxy", port.get()).proof(who).found();
        }
        if (context.hasProcess() && strangers.stream().anyMatch(ProcessChecks::isHidden)) {
            return Result.of(Severity.UNKNOWN, "port.unknown", port.get())
                    .proof(who)
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        if (ofTheTool(context, listeners).isPresent() && !context.hasProcess()) {
            return Result.of(Severity.INFO, "port.elsewhere", port.get())
                    .proof(who)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        Severity severity = !context.isToRunNow() && !context.hasProcess()
                ? Severity.INFO
                : context.service().isInstalled() ? Severity.FAILURE : Severity.WARNING;
        return other(context, Result.of(severity, "port.other", port.get(), context.name()))
                .proof(who)
                .found();
    }

    /// The listeners on the endpoint's address, or those on other addresses of the port if there are none.
    private static List<List<Listener>> reached(Endpoint endpoint, List<Listener> listeners) {
        List<List<Listener>> reached = EndpointIdentityCheck.reached(endpoint, listeners);
        return reached.isEmpty() ? List.of(listeners) : reached;
    }

    /// @param apart whether they hold different addresses, so that each is said
    private static List<Evidence> holders(String source, List<Listener> listeners, boolean apart) {
        return listeners.stream()
                .map(listener -> new Evidence(
                        source, describe(listener) + (apart ? " on " + EndpointIdentityCheck.address(listener) : "")))
                .toList();
    }

    /// Those that are known to be the service's.
    static List<Listener> own(DiagnosisContext context, List<Listener> listeners) {
        if (!context.hasProcess()) {
            return List.of();
        }
        ServiceState state = context.service();
        EndpointIdentityCheck.Service service =
                new EndpointIdentityCheck.Service(state.unit(), state.controlGroup(), state.pid(), false);
        return listeners.stream()
                .filter(listener -> EndpointIdentityCheck.isIn(listener, service))
                .toList();
    }

    private static boolean isHidden(Listener listener) {
        return listener.pid().isEmpty();
    }

    /// Those that get a connection at its address.
    private static List<Listener> listeners(DiagnosisContext context) {
        Endpoint endpoint = context.endpoint().orElseThrow();
        return portOf(endpoint).map(context.around().listeningSockets()::on).map(all -> reached(endpoint, all)).stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .toList();
    }

    /// A listener that was started from the tool's environment, or by another service of the tool.
    private static Optional<Listener> ofTheTool(DiagnosisContext context, List<Listener> listeners) {
        List<Long> pids = context
                .provenance()
                .map(found -> context.around().processTable().from(found.environment()))
                .orElse(List.of())
                .stream()
                .map(ProcessTable.Running::pid)
                .toList();
        Set<String> services = DuplicateServiceCheck.others(context);
        return listeners.stream()
                .filter(listener -> listener.pid()
                        .filter(pid -> pids.contains(pid)
                                || unit(context, pid).filter(services::contains).isPresent())
                        .isPresent())
                .findFirst();
    }

    /// A service that came back and has stayed up since is no concern any more.
    static Optional<Result> unstable(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        ServiceState state = context.service();
        // What was never started did not crash: *process* says why.
        if (!state.isInstalled() || (state.isNeverStarted() && !state.isRunning())) {
            return Optional.empty();
        }
        boolean settled = state.phase() == Phase.RUNNING
                && state.since()
                        .filter(since -> since.plus(UNREST)
                                .isBefore(context.around().clock().instant()))
                        .isPresent();
        if (state.restarts() < STORM || settled) {
            // A service that does not run cannot be stable.
            return state.phase() == Phase.RUNNING
                    ? Result.of(Severity.OK, "unstable.no")
                            .proof(state.unit(), state.restarts() + " restarts since it was started")
                            .found()
                    : Optional.empty();
        }
        Severity severity = state.phase() == Phase.RUNNING ? Severity.WARNING : Severity.FAILURE;
        Optional<LastExit> exit = state.lastExit();
        String how = exit.filter(last -> !last.isClean()).isEmpty() ? "unstable.came-back" : "unstable.crashed";
        List<LogLine> lines = context.around().services().log(context.unit(), LINES, Optional.empty());
        Result result = span(lines, state.restarts())
                .map(span -> Result.of(severity, how + "-within", state.restarts(), span))
                .orElseGet(() -> Result.of(severity, how, state.restarts()))
                .proof(
                        state.unit(),
                        state.restarts() + " restarts; "
                                + exit.map(last -> "last exit: " + last.words()).orElse("exit status not recorded"));
        return withLastLogLines(context, result)
                .action(context, "remedy.log", "logs")
                .action(context, "remedy.stop-until", "stop")
                .found();
    }

    /// In how long it was started again so often, by the manager's own lines about it; empty where they do not
    /// say.
    private static Optional<String> span(List<LogLine> lines, int restarts) {
        List<Long> times = lines.stream()
                .filter(line -> line.text().contains(COUNTED) && line.at() > 0)
                .map(LogLine::at)
                .toList();
        if (times.size() < restarts) {
            return Optional.empty();
        }
        Duration span = Duration.of(times.getLast() - times.get(times.size() - restarts), ChronoUnit.MICROS);
        return Optional.of(
                span.toHours() >= 2
                        ? span.toHours() + " hours"
                        : span.toMinutes() >= 2 ? span.toMinutes() + " minutes" : Math.max(1, span.toSeconds()) + " s");
    }

    /// How many sessions a stop would touch.
    static Optional<Result> sessions(DiagnosisContext context) {
        return context.sessions().map(count -> switch (count) {
            case SessionCounter.Count.Open(int number, String source) ->
                Result.of(
                                Severity.OK,
                                number == 0 ? "sessions.none" : number == 1 ? "sessions.one" : "sessions.some",
                                number)
                        .proof(source, number + " counted");
            case SessionCounter.Count.NotCounted(String source, String why) ->
                Result.of(Severity.UNKNOWN, "sessions.unknown")
                        .proof(source, why)
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")));
        });
    }

    /// Processes of the tool that no service of it started: in a terminal, under tmux or pm2, by cron.
    static Optional<Result> elsewhere(DiagnosisContext context) {
        if (!context.isService()
                || context.provenance().isEmpty()
                || context.service().phase() == Phase.UNKNOWN) {
            return Optional.empty();
        }
        Optional<String> group = context.service().controlGroup();
        List<ProcessTable.Running> outside =
                context.around().processTable().from(context.provenance().get().environment()).stream()
                        .filter(process -> group.filter(process::isIn).isEmpty())
                        .filter(process -> context.service()
                                .pid()
                                .filter(pid -> pid == process.pid())
                                .isEmpty())
                        .toList();
        // That a second service runs it is a finding of its own.
        Set<String> services = outside.isEmpty() ? Set.of() : DuplicateServiceCheck.others(context);
        outside = outside.stream()
                .filter(process ->
                        unit(context, process.pid()).filter(services::contains).isEmpty())
                .toList();
        if (outside.isEmpty()) {
            return Optional.empty();
        }
        List<Evidence> proof = outside.stream()
                .limit(3)
                .map(process -> new Evidence(
                        "pid " + process.pid(), UntrustedText.masked(process.command()) + startedBy(context, process)))
                .toList();
        Optional<String> unit = unit(context, outside.getFirst().pid());
        if (unit.isPresent()) {
            return Result.of(Severity.INFO, "elsewhere.service", UntrustedText.masked(unit.get()))
                    .proof(proof)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        if (context.hasProcess()) {
            return Result.of(Severity.INFO, "elsewhere.too", outside.size())
                    .proof(proof)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        Result result = Result.of(Severity.INFO, "elsewhere.only").proof(proof);
        // A start would find the address in use; an installation replaces that process.
        return result.action(context, "remedy.service-install", "service", "install")
                .found();
    }

    private static String startedBy(DiagnosisContext context, ProcessTable.Running process) {
        ProcessOrigin by = ProcessOrigin.of(context.around().processTable().origin(process.pid()));
        return "; started by " + UntrustedText.masked(by.words());
    }

    private static Result other(DiagnosisContext context, Result result) {
        return portOf(context.endpoint().orElseThrow())
                .map(port -> result.remedy(new Remedy.CopyCommand(
                        context.around().system().isMacos()
                                ? "lsof -nP -iTCP:%d -sTCP:LISTEN".formatted(port)
                                : "ss -ltnp 'sport = :%d'".formatted(port),
                        Messages.text("remedy.who-listens"))))
                .orElseGet(() -> result.action(context, "remedy.log", "logs"));
    }

    private static String describe(Listener listener) {
        return listener.pid()
                .map(pid -> "pid %d %s".formatted(pid, listener.command().orElse("")))
                .orElse("a process of user ID %d (details not readable)".formatted(listener.userId()));
    }

    private static String question(String url) {
        return url.startsWith("http") ? "GET " + url : url;
    }

    private static String where(Endpoint endpoint) {
        return portOf(endpoint).map(port -> "port " + port).orElse("its address");
    }

    static Optional<Integer> portOf(Endpoint endpoint) {
        String url = endpoint.url();
        if (url.startsWith("unix:")) {
            return Optional.empty();
        }
        try {
            URI uri =
                    URI.create(url.startsWith("tcp:") && !url.startsWith("tcp://") ? "tcp://" + url.substring(4) : url);
            int standard = url.startsWith("https") ? 443 : url.startsWith("http") ? 80 : -1;
            int port = uri.getPort() > 0 ? uri.getPort() : standard;
            return port > 0 ? Optional.of(port) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
