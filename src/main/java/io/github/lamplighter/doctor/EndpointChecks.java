package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SamePort;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceTarget;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The part of the group *Process* that is about the endpoint: whether it responds, whose response it is, and which
/// process listens there.
final class EndpointChecks {

    private static final Pattern URL = Pattern.compile("(https?://|tcp:(?://)?)[^/]*(/.*)?");

    /// A server with so many ports would only be guessed at.
    private static final int MOST_URLS = 6;

    private EndpointChecks() {}

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
            case ProbeResult.No no
            when isNotListeningYet(context) ->
                Result.of(Severity.UNKNOWN, "answering.starting")
                        .proof(question(url), no.detail())
                        .proof(ProcessChecks.evidence(context.service()))
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")));
            case ProbeResult.No no ->
                elsewhere(context)
                        .map(other -> with(
                                        context,
                                        Result.of(Severity.FAILURE, "answering.elsewhere")
                                                .proof(question(url), no.detail()),
                                        other)
                                .proof(ProcessChecks.evidence(context.service())))
                        .orElseGet(() -> Result.of(Severity.FAILURE, "answering.no")
                                .proof(question(url), no.detail())
                                .proof(ProcessChecks.evidence(context.service()))
                                .proof(listening(context))
                                .action(context, "remedy.restart", "restart"))
                        .action(context, "remedy.log", "logs");
        });
    }

    /// Adds where the service responds, and what tells Lamplighter.
    private static Result with(DiagnosisContext context, Result result, String url) {
        return result.proof(question(url), "the service responds here")
                .remedy(new Remedy.CopyCommand(
                        Command.of(Duration.ZERO, "lamplighter", "add", context.name(), "--url", url)
                                .line(),
                        Messages.text("remedy.url")));
    }

    /// The URL at which the service's own process responds although its manifest has another one: with another scheme,
    /// port or address. Empty if there are several, of which none is certainly the one.
    private static Optional<String> elsewhere(DiagnosisContext context) {
        Endpoint endpoint = context.endpoint().orElseThrow();
        if (endpoint.port().isPresent() || !EndpointIdentityCheck.isHere(endpoint)) {
            return Optional.empty();
        }
        List<Endpoint> others = own(context, context.around().listeningSockets().all()).stream()
                .flatMap(listener -> urls(endpoint.url(), listener))
                .distinct()
                .filter(url -> !url.equals(endpoint.url()))
                .map(endpoint::at)
                .toList();
        List<Endpoint> found = others.size() > MOST_URLS
                ? List.of()
                : context.around().endpoints().responding(others);
        return found.size() == 1 ? Optional.of(found.getFirst().url()) : Optional.empty();
    }

    /// The endpoint's URL at a listener, with its own scheme and with the other one.
    private static Stream<String> urls(String url, Listener listener) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            return Stream.empty();
        }
        String address = EndpointIdentityCheck.address(listener).replaceFirst("^(0\\.0\\.0\\.0|\\[::])", "127.0.0.1");
        Stream<String> schemes = switch (parts.group(1)) {
            case "http://" -> Stream.of("http://", "https://");
            case "https://" -> Stream.of("https://", "http://");
            default -> Stream.of(parts.group(1));
        };
        return schemes.map(
                scheme -> scheme + address + Optional.ofNullable(parts.group(2)).orElse(""));
    }

    /// Whether the service is starting. What listens and does not respond hangs, however short it has been running.
    static boolean isNotListeningYet(DiagnosisContext context) {
        return context.isStarting() && listeners(context).isEmpty();
    }

    /// The process that listens on its port, as far as visible.
    private static List<Evidence> listening(DiagnosisContext context) {
        // A listener on this computer says nothing about a port of another one.
        Optional<Integer> port =
                context.endpoint().filter(EndpointIdentityCheck::isHere).flatMap(EndpointChecks::portOf);
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
                Result taken = other(
                                context,
                                Result.of(
                                        matters ? Severity.FAILURE : Severity.INFO,
                                        "is-this-copy.no",
                                        where,
                                        context.name()))
                        .proof(url, no.detail())
                        .proof(since(context, listeners.stream().findFirst()))
                        .proof(urls(samePort(context)))
                        .proof(context.hasProcess() ? List.of() : ProcessChecks.evidence(context.service()));
                // Some servers take the next port.
                yield elsewhere(context).map(own -> with(context, taken, own)).orElse(taken);
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
                .proof(ProcessChecks.evidence(context.service()))
                .action(context, "remedy.restart", "restart");
        return context.endpoint()
                .flatMap(Endpoint::identity)
                .map(identity -> result.remedy(
                        new Remedy.Open(identity.file().toString(), Messages.text("remedy.open-identity"))))
                .orElse(result);
    }

    private static Result answerOfACopy(DiagnosisContext context, String where, Listener copy) {
        Optional<String> unit = copy.pid().flatMap(pid -> ProcessChecks.unit(context, pid));
        Result result = Result.of(
                context.hasProcess() ? Severity.FAILURE : Severity.INFO,
                unit.isPresent() ? "is-this-copy.other-service" : "is-this-copy.elsewhere",
                where,
                unit.map(UntrustedText::masked).orElse(""));
        return context.hasProcess()
                ? other(context, result)
                : result.remedy(new Remedy.Wait(Messages.text("remedy.nothing")));
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

    /// The process that listens on the port, and the managed tools that need the same port. If the port responds, *is
    /// this copy* reports whose response it is.
    static Optional<Result> port(DiagnosisContext context) {
        Optional<SamePort> same = samePort(context);
        return listener(context)
                .map(result -> same.map(shared -> with(context, result, shared)).orElse(result));
    }

    private static Optional<SamePort> samePort(DiagnosisContext context) {
        return context.endpoint()
                .flatMap(_ -> SamePort.of(
                        context.manifest(), context.around().managed().get()));
    }

    /// The managed tools that may be the other process.
    private static List<Evidence> urls(Optional<SamePort> same) {
        return same.map(SamePort::others).orElse(List.of()).stream()
                .map(other -> new Evidence(
                        other.name().value(),
                        "managed, with the URL "
                                + other.endpoint().orElseThrow().url()))
                .toList();
    }

    /// Whether a service manager starts another tool.
    private static boolean isStarted(DiagnosisContext context, Manifest other) {
        ServiceManager services = context.around().services();
        return other.expected() == Manifest.Expected.RUNNING
                && services.state(new UnitResolver(services).of(other)).isInstalled();
    }

    /// Both run only until one of them is started again.
    private static Result with(DiagnosisContext context, Result result, SamePort same) {
        List<Evidence> urls = urls(Optional.of(same));
        if (result.severity() != Severity.OK) {
            return result.proof(urls);
        }
        boolean matters = context.isExpectedToRun()
                && context.service().isInstalled()
                && same.others().stream().anyMatch(other -> isStarted(context, other));
        return Result.of(matters ? Severity.WARNING : Severity.INFO, "port.same", same.port(), same.names())
                .proof(result.evidence())
                .proof(urls)
                .remedy(new Remedy.Open(context.description(), Messages.text("remedy.other-port", context.name())));
    }

    private static Optional<Result> listener(DiagnosisContext context) {
        Optional<Integer> port = context.endpoint().flatMap(EndpointChecks::portOf);
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
        if (context.isAskingAStart() && strangers.stream().allMatch(EndpointIdentityCheck::mayBeTheManager)) {
            return Result.of(Severity.OK, "port.on-connection", port.get())
                    .proof(who)
                    .found();
        }
        if (context.endpoint().get().proxied()) {
            return Result.of(Severity.OK, "port.proxy", port.get()).proof(who).found();
        }
        if (context.hasProcess() && strangers.stream().anyMatch(EndpointChecks::isHidden)) {
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

    /// @param apart whether they hold different addresses, so that each is named
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
                new EndpointIdentityCheck.Service(state.unit(), state.presumedControlGroup(), state.pid(), false);
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
                                || ProcessChecks.unit(context, pid)
                                        .filter(services::contains)
                                        .isPresent())
                        .isPresent())
                .findFirst();
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
