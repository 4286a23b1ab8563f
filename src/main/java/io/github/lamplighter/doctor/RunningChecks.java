package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.readiness.Identify;
import io.github.lamplighter.readiness.Listeners.Listener;
import io.github.lamplighter.readiness.LiveSessions;
import io.github.lamplighter.readiness.Mine;
import io.github.lamplighter.readiness.Processes;
import io.github.lamplighter.readiness.StartedBy;
import io.github.lamplighter.service.ServiceManager.LogLine;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The group *Running*: is there a process, does it answer, is it the one that is meant.
final class RunningChecks {

    /// So many starts by the manager itself are a storm, not an accident.
    private static final int STORM = 3;

    /// How long it has to stay up until earlier restarts are history (docs/checks.md, unstable).
    private static final Duration UNREST = Duration.ofMinutes(30);

    private static final int LINES = 200;

    /// What systemd writes at each restart; it has no field for that count (systemd.service(5), Restart=).
    private static final String COUNTED = "restart counter is at";

    private RunningChecks() {}

    static Optional<Result> unfinished(Subject subject) {
        return subject.upgrade()
                .filter(OpenUpgrade.CutOff.class::isInstance)
                .map(upgrade -> Result.of(Severity.FAILURE, "unfinished-upgrade")
                        .proof(subject.display(subject.around().places().journals()), upgrade.sentence())
                        .remedy(new Remedy.Action(
                                "recover", List.of("lamplighter", "recover"), Messages.text("remedy.recover"))));
    }

    static Optional<Result> beingUpgraded(Subject subject) {
        return subject.upgrade()
                .filter(OpenUpgrade.AtWork.class::isInstance)
                .map(upgrade -> Result.of(Severity.INFO, "being-upgraded")
                        .proof(subject.display(subject.around().places().journals()), upgrade.sentence())
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait-for-upgrade"))));
    }

    static Optional<Result> stoppedByYou(Subject subject) {
        return subject.stoppedByUser()
                .map(at -> Result.of(Severity.INFO, "stopped-by-you")
                        .proof(
                                "lamplighter stop " + subject.name(),
                                "at " + When.second(at, subject.around().zone().get()))
                        .proof(evidence(subject.service()))
                        .action(subject, "remedy.start", "start"));
    }

    static Optional<Result> process(Subject subject) {
        if (!subject.isService() || subject.stoppedByUser().isPresent()) {
            return Optional.empty();
        }
        ServiceState state = subject.service();
        boolean expected = subject.isExpectedToRun();
        Severity idle = expected ? Severity.WARNING : Severity.OK;
        Result result = switch (state.phase()) {
            case RUNNING -> Result.of(Severity.OK, "process.running");
            case STARTING -> Result.of(Severity.INFO, "process.starting");
            case STOPPED ->
                state.isMasked()
                        ? Result.of(expected ? Severity.WARNING : Severity.INFO, "process.masked")
                                .remedy(new Remedy.CopyCommand(
                                        "systemctl --user unmask " + state.unit(), Messages.text("remedy.unmask")))
                        : expected
                                ? Result.of(idle, "process.stopped").action(subject, "remedy.start", "start")
                                : Result.of(idle, "process.on-demand");
            case FAILED ->
                lastWords(subject, Result.of(Severity.FAILURE, "process.ended"))
                        .action(subject, "remedy.start", "start")
                        .action(subject, "remedy.log", "logs");
            case RESTARTING ->
                lastWords(subject, Result.of(Severity.FAILURE, "process.restarting"))
                        .action(subject, "remedy.log", "logs")
                        .action(subject, "remedy.stop", "stop");
            case NOT_INSTALLED ->
                expected
                        ? Result.of(idle, "process.no-service")
                                .action(subject, "remedy.service-install", "service", "install")
                        : Result.of(idle, "process.on-demand");
            case UNKNOWN ->
                Result.of(Severity.UNKNOWN, "process.unknown").remedy(new Remedy.Wait(Messages.text("remedy.wait")));
        };
        return result.proof(evidence(state)).proof(life(subject, state)).found();
    }

    /// Since when, how often it was started again, and how it ended before.
    private static List<Evidence> life(Subject subject, ServiceState state) {
        List<String> said = new ArrayList<>();
        state.since()
                .ifPresent(at -> said.add(
                        "since " + When.second(at, subject.around().zone().get())));
        if (state.restarts() > 0) {
            said.add(
                    state.restarts() == 1
                            ? "started again once by the service manager"
                            : "started again %d times by the service manager".formatted(state.restarts()));
        }
        if (state.phase() == Phase.RUNNING) {
            state.lastExit().ifPresent(exit -> said.add("it ended before with: " + Foreign.clean(exit)));
        }
        return said.isEmpty() ? List.of() : List.of(new Evidence(state.unit(), String.join("; ", said)));
    }

    /// What it wrote last often says why it ended.
    private static Result lastWords(Subject subject, Result result) {
        List<LogLine> lines = subject.around().services().lastWords(subject.unit(), 3);
        return lines.isEmpty()
                ? result
                : result.proof(
                        "its log",
                        "last words: "
                                + lines.stream()
                                        .map(LogLine::text)
                                        .map(Foreign::clean)
                                        .collect(Collectors.joining(" / ")));
    }

    /// What the service manager said about the unit.
    static List<Evidence> evidence(ServiceState state) {
        StringBuilder detail = new StringBuilder(Foreign.clean(state.words()));
        state.pid().ifPresent(pid -> detail.append("; pid ").append(pid));
        if (state.phase() != Phase.RUNNING) {
            state.lastExit().ifPresent(exit -> detail.append("; ").append(Foreign.clean(exit)));
        }
        Evidence words = new Evidence(state.unit(), detail.toString());
        return state.sentence()
                .map(sentence -> List.of(words, new Evidence(state.unit(), Foreign.clean(sentence))))
                .orElse(List.of(words));
    }

    static Optional<Result> answering(Subject subject) {
        if (subject.endpoint().isEmpty() || !subject.hasProcess()) {
            return Optional.empty();
        }
        String url = subject.endpoint().get().url();
        return subject.answering().map(answer -> switch (answer) {
            case Answering.Yes yes ->
                yes.ready()
                        ? Result.of(Severity.OK, "answering.yes")
                                .proof(
                                        question(url),
                                        "%s in %d ms"
                                                .formatted(
                                                        yes.detail(), yes.took().toMillis()))
                        : Result.of(Severity.FAILURE, "answering.not-ready", yes.detail())
                                .proof(question(url), yes.detail())
                                .action(subject, "remedy.restart", "restart")
                                .action(subject, "remedy.log", "logs");
            case Answering.No no ->
                Result.of(Severity.FAILURE, "answering.no")
                        .proof(question(url), no.detail())
                        .proof(evidence(subject.service()))
                        .proof(listening(subject))
                        .action(subject, "remedy.restart", "restart")
                        .action(subject, "remedy.log", "logs");
        });
    }

    /// Who holds its port, as far as that is seen.
    private static List<Evidence> listening(Subject subject) {
        // Who has the same port here says nothing of another machine's, or of one that nobody knows.
        Optional<Integer> port = subject.endpoint().filter(Identify::isHere).flatMap(RunningChecks::portOf);
        List<Listener> listeners = port.map(subject.around().listeners()::on).orElse(List.of());
        return listeners.isEmpty()
                ? List.of()
                : holders(
                        "port " + port.orElse(0),
                        reached(subject.endpoint().orElseThrow(), listeners).stream()
                                .map(List::getFirst)
                                .toList(),
                        true);
    }

    static Optional<Result> isThisCopy(Subject subject) {
        if (subject.endpoint().isEmpty()) {
            return Optional.empty();
        }
        String where = where(subject.endpoint().get());
        String url = subject.endpoint().get().url();
        return subject.mine().map(mine -> switch (mine) {
            case Mine.Yes yes ->
                yes.besides()
                        .map(besides -> other(
                                subject,
                                Result.of(Severity.WARNING, "is-this-copy.shared", where, subject.name())
                                        .proof(url, yes.detail())
                                        .proof(url, besides)))
                        .orElseGet(
                                () -> Result.of(Severity.OK, "is-this-copy.yes").proof(url, yes.detail()));
            case Mine.No no -> {
                List<Listener> listeners = listeners(subject);
                boolean isOurs = !own(subject, listeners).isEmpty();
                if ((isOurs || listeners.isEmpty())
                        && subject.astray().orElse(null) instanceof WhatItStarts.AnotherCopy other) {
                    yield LoginChecks.anotherCopy(
                            subject,
                            Result.of(Severity.FAILURE, "is-this-copy.another-copy", subject.name())
                                    .proof(url, no.detail()),
                            other);
                }
                if (isOurs) {
                    yield unlike(subject, url, no);
                }
                Optional<Listener> copy = ofTheTool(subject, listeners);
                if (copy.isPresent()) {
                    yield answerOfACopy(subject, where, copy.get())
                            .proof(url, no.detail())
                            .proof(since(subject, copy));
                }
                // What nobody expects to answer now is in nobody's way.
                boolean matters = subject.isToRunNow() || subject.hasProcess();
                yield other(
                                subject,
                                Result.of(
                                        matters ? Severity.FAILURE : Severity.INFO,
                                        "is-this-copy.no",
                                        where,
                                        subject.name()))
                        .proof(url, no.detail())
                        .proof(since(subject, listeners.stream().findFirst()))
                        .proof(subject.hasProcess() ? List.of() : evidence(subject.service()));
            }
            case Mine.Unknown unknown ->
                Result.of(Severity.UNKNOWN, "is-this-copy.unknown")
                        .proof(url, unknown.detail())
                        .remedy(
                                hidesWhoAnswers(subject)
                                        ? new Remedy.Open(subject.description(), Messages.text("remedy.add-identity"))
                                        : new Remedy.Wait(Messages.text("remedy.wait")));
        });
    }

    /// What stands in front of a service is all that is seen of it, now and later.
    private static boolean hidesWhoAnswers(Subject subject) {
        return subject.endpoint()
                .filter(Endpoint::proxied)
                .filter(endpoint -> endpoint.identity().isEmpty())
                .isPresent();
    }

    /// The service's own process answers, and says that it is another copy.
    private static Result unlike(Subject subject, String url, Mine.No no) {
        Result result = Result.of(Severity.FAILURE, "is-this-copy.unlike")
                .proof(url, no.detail())
                .proof(evidence(subject.service()))
                .action(subject, "remedy.restart", "restart");
        return subject.endpoint()
                .flatMap(Endpoint::identity)
                .map(identity -> result.remedy(
                        new Remedy.Open(identity.file().toString(), Messages.text("remedy.open-identity"))))
                .orElse(result);
    }

    private static Result answerOfACopy(Subject subject, String where, Listener copy) {
        Optional<String> unit = copy.pid().flatMap(pid -> unit(subject, pid));
        Result result = Result.of(
                subject.hasProcess() ? Severity.FAILURE : Severity.INFO,
                unit.isPresent() ? "is-this-copy.other-service" : "is-this-copy.elsewhere",
                where,
                unit.map(Foreign::clean).orElse(""));
        return subject.hasProcess()
                ? other(subject, result)
                : result.remedy(new Remedy.Wait(Messages.text("remedy.nothing")));
    }

    private static Optional<String> unit(Subject subject, long pid) {
        return subject.around().processes().origin(pid).unit();
    }

    /// When the program began that listens: what somebody remembers of it.
    private static List<Evidence> since(Subject subject, Optional<Listener> listener) {
        return listener
                .flatMap(Listener::pid)
                .flatMap(pid -> subject.around()
                        .processes()
                        .began(pid)
                        .map(at -> new Evidence(
                                "pid " + pid,
                                "since "
                                        + When.minute(
                                                at, subject.around().zone().get()))))
                .stream()
                .toList();
    }

    /// Who holds the port. Where something answers on it, *is this copy* is the one that says whose answer
    /// that is.
    static Optional<Result> port(Subject subject) {
        Optional<Integer> port = subject.endpoint().flatMap(RunningChecks::portOf);
        // While the service manager cannot be asked, its own listener would be taken for another's.
        if (port.isEmpty() || subject.service().phase() == Phase.UNKNOWN) {
            return Optional.empty();
        }
        String source = "port " + port.get();
        List<Listener> listeners = subject.around().listeners().on(port.get());
        if (listeners.isEmpty()) {
            return subject.hasProcess() || !subject.around().listeners().seesAll()
                    ? Optional.empty()
                    : Result.of(Severity.OK, "port.free", port.get())
                            .proof(source, "nobody listens")
                            .found();
        }
        boolean mine = subject.mine().filter(Mine.Yes.class::isInstance).isPresent();
        List<List<Listener>> reached = reached(subject.endpoint().get(), listeners);
        List<Listener> own = reached.stream()
                .flatMap(there -> own(subject, there).stream().limit(1))
                .toList();
        List<Listener> strangers = reached.stream()
                .filter(there -> own(subject, there).isEmpty())
                .map(List::getFirst)
                .toList();
        if (mine || !own.isEmpty()) {
            boolean shared = !own.isEmpty()
                    && strangers.stream().anyMatch(listener -> !isHidden(listener))
                    && !subject.endpoint().get().proxied();
            Result result = shared
                    ? other(subject, Result.of(Severity.WARNING, "port.shared", port.get(), subject.name()))
                    : Result.of(Severity.OK, "port.held", port.get());
            return result.proof(holders(source, own.isEmpty() ? strangers : own, shared))
                    .proof(holders(source, shared ? strangers : List.of(), shared))
                    .found();
        }
        List<Evidence> who = holders(source, strangers, strangers.size() > 1);
        if (subject.endpoint().get().proxied()) {
            return Result.of(Severity.OK, "port.proxy", port.get()).proof(who).found();
        }
        if (subject.hasProcess() && strangers.stream().anyMatch(RunningChecks::isHidden)) {
            return Result.of(Severity.UNKNOWN, "port.unknown", port.get())
                    .proof(who)
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        if (ofTheTool(subject, listeners).isPresent() && !subject.hasProcess()) {
            return Result.of(Severity.INFO, "port.elsewhere", port.get())
                    .proof(who)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        Severity severity = !subject.isToRunNow() && !subject.hasProcess()
                ? Severity.INFO
                : subject.service().isInstalled() ? Severity.FAILURE : Severity.WARNING;
        return other(subject, Result.of(severity, "port.other", port.get(), subject.name()))
                .proof(who)
                .found();
    }

    /// Those whom the endpoint's address leads to; who listens elsewhere on the port counts where nobody else does.
    private static List<List<Listener>> reached(Endpoint endpoint, List<Listener> listeners) {
        List<List<Listener>> reached = Identify.reached(endpoint, listeners);
        return reached.isEmpty() ? List.of(listeners) : reached;
    }

    /// @param apart whether they hold different addresses, so that each is said
    private static List<Evidence> holders(String source, List<Listener> listeners, boolean apart) {
        return listeners.stream()
                .map(listener ->
                        new Evidence(source, describe(listener) + (apart ? " on " + Identify.address(listener) : "")))
                .toList();
    }

    /// Those that are known to be the service's.
    static List<Listener> own(Subject subject, List<Listener> listeners) {
        if (!subject.hasProcess()) {
            return List.of();
        }
        ServiceState state = subject.service();
        Identify.Service service = new Identify.Service(state.unit(), state.controlGroup(), state.pid(), false);
        return listeners.stream()
                .filter(listener -> Identify.isIn(listener, service))
                .toList();
    }

    private static boolean isHidden(Listener listener) {
        return listener.pid().isEmpty();
    }

    /// Those that get a connection at its address.
    private static List<Listener> listeners(Subject subject) {
        Endpoint endpoint = subject.endpoint().orElseThrow();
        return portOf(endpoint).map(subject.around().listeners()::on).map(all -> reached(endpoint, all)).stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .toList();
    }

    /// One that was started from the tool's environment, whoever started it.
    private static Optional<Listener> ofTheTool(Subject subject, List<Listener> listeners) {
        List<Long> pids = subject
                .provenance()
                .map(found -> subject.around().processes().from(found.environment()))
                .orElse(List.of())
                .stream()
                .map(Processes.Running::pid)
                .toList();
        return listeners.stream()
                .filter(listener -> listener.pid().filter(pids::contains).isPresent())
                .findFirst();
    }

    /// A service that came back and has stayed up since is no concern any more.
    static Optional<Result> unstable(Subject subject) {
        if (!subject.isService()) {
            return Optional.empty();
        }
        ServiceState state = subject.service();
        if (!state.isInstalled()) {
            return Optional.empty();
        }
        boolean settled = state.phase() == Phase.RUNNING
                && state.since()
                        .filter(since -> since.plus(UNREST)
                                .isBefore(subject.around().clock().instant()))
                        .isPresent();
        if (state.restarts() < STORM || settled) {
            // Of one that does not run nobody can say that it stays up.
            return state.phase() == Phase.RUNNING
                    ? Result.of(Severity.OK, "unstable.no")
                            .proof(state.unit(), state.restarts() + " restarts since it was started")
                            .found()
                    : Optional.empty();
        }
        Severity severity = state.phase() == Phase.RUNNING ? Severity.WARNING : Severity.FAILURE;
        String exit = state.lastExit().orElse("");
        String how = exit.isEmpty() || exit.equals("exit status 0") ? "unstable.came-back" : "unstable.crashed";
        List<LogLine> lines = subject.around().services().log(subject.unit(), LINES, Optional.empty());
        Result result = span(lines, state.restarts())
                .map(span -> Result.of(severity, how + "-within", state.restarts(), span))
                .orElseGet(() -> Result.of(severity, how, state.restarts()))
                .proof(
                        state.unit(),
                        state.restarts() + " restarts; "
                                + (exit.isEmpty() ? "the way it ended was not recorded" : exit + " the last time"));
        return lastWords(subject, result)
                .action(subject, "remedy.log", "logs")
                .action(subject, "remedy.stop-until", "stop")
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
    static Optional<Result> sessions(Subject subject) {
        return subject.sessions().map(count -> switch (count) {
            case LiveSessions.Count.Open(int number, String source) ->
                Result.of(
                                Severity.OK,
                                number == 0 ? "sessions.none" : number == 1 ? "sessions.one" : "sessions.some",
                                number)
                        .proof(source, number + " counted");
            case LiveSessions.Count.NotCounted(String source, String why) ->
                Result.of(Severity.UNKNOWN, "sessions.unknown")
                        .proof(source, why)
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")));
        });
    }

    /// Processes of the tool that no service of it started: in a terminal, under tmux or pm2, by cron.
    static Optional<Result> elsewhere(Subject subject) {
        if (!subject.isService()
                || subject.provenance().isEmpty()
                || subject.service().phase() == Phase.UNKNOWN) {
            return Optional.empty();
        }
        Optional<String> group = subject.service().controlGroup();
        List<Processes.Running> outside =
                subject.around().processes().from(subject.provenance().get().environment()).stream()
                        .filter(process -> group.filter(own -> isWithin(process.controlGroup(), own))
                                .isEmpty())
                        .filter(process -> subject.service()
                                .pid()
                                .filter(pid -> pid == process.pid())
                                .isEmpty())
                        .toList();
        // That a second service runs it is a finding of its own.
        Set<String> services = outside.isEmpty() ? Set.of() : DuplicateCheck.others(subject);
        outside = outside.stream()
                .filter(process ->
                        unit(subject, process.pid()).filter(services::contains).isEmpty())
                .toList();
        if (outside.isEmpty()) {
            return Optional.empty();
        }
        List<Evidence> proof = outside.stream()
                .limit(3)
                .map(process -> new Evidence(
                        "pid " + process.pid(), Foreign.clean(process.command()) + startedBy(subject, process)))
                .toList();
        Optional<String> unit = unit(subject, outside.getFirst().pid());
        if (unit.isPresent()) {
            return Result.of(Severity.INFO, "elsewhere.service", Foreign.clean(unit.get()))
                    .proof(proof)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        if (subject.hasProcess()) {
            return Result.of(Severity.INFO, "elsewhere.too", outside.size())
                    .proof(proof)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        Result result = Result.of(Severity.INFO, "elsewhere.only").proof(proof);
        return (subject.service().isInstalled()
                        ? result.action(subject, "remedy.start", "start")
                        : result.action(subject, "remedy.service-install", "service", "install"))
                .found();
    }

    private static boolean isWithin(String controlGroup, String own) {
        return controlGroup.equals(own) || controlGroup.startsWith(own + "/");
    }

    private static String startedBy(Subject subject, Processes.Running process) {
        StartedBy by = StartedBy.of(subject.around().processes().origin(process.pid()));
        return "; started by " + Foreign.clean(by.words());
    }

    private static Result other(Subject subject, Result result) {
        return portOf(subject.endpoint().orElseThrow())
                .map(port -> result.remedy(new Remedy.CopyCommand(
                        subject.around().system().equals("macos")
                                ? "lsof -nP -iTCP:%d -sTCP:LISTEN".formatted(port)
                                : "ss -ltnp 'sport = :%d'".formatted(port),
                        Messages.text("remedy.who-listens"))))
                .orElseGet(() -> result.action(subject, "remedy.log", "logs"));
    }

    private static String describe(Listener listener) {
        return listener.pid()
                .map(pid -> "pid %d %s".formatted(pid, listener.command().orElse("")))
                .orElse("a process of user id %d, which cannot be looked at".formatted(listener.userId()));
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
