package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.readiness.Listeners.Listener;
import io.github.lamplighter.readiness.LiveSessions;
import io.github.lamplighter.readiness.Mine;
import io.github.lamplighter.readiness.Processes;
import io.github.lamplighter.service.ServiceManager.LogLine;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Sessions;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The group *Running*: is there a process, does it answer, is it the one that is meant.
final class RunningChecks {

    /// So many starts by the manager itself are a storm, not an accident.
    private static final int STORM = 3;

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
                        .proof("lamplighter stop " + subject.name(), "at " + at.truncatedTo(ChronoUnit.SECONDS))
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
                expected
                        ? Result.of(idle, "process.stopped").action(subject, "remedy.start", "start")
                        : Result.of(idle, "process.on-demand");
            case FAILED ->
                Result.of(Severity.FAILURE, "process.ended")
                        .action(subject, "remedy.start", "start")
                        .action(subject, "remedy.log", "logs");
            case RESTARTING ->
                Result.of(Severity.FAILURE, "process.restarting")
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
        return result.proof(evidence(state)).found();
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
                        .action(subject, "remedy.restart", "restart")
                        .action(subject, "remedy.log", "logs");
        });
    }

    static Optional<Result> isThisCopy(Subject subject) {
        if (subject.endpoint().isEmpty()) {
            return Optional.empty();
        }
        String where = where(subject.endpoint().get());
        String url = subject.endpoint().get().url();
        return subject.mine().map(mine -> switch (mine) {
            case Mine.Yes yes -> Result.of(Severity.OK, "is-this-copy.yes").proof(url, yes.detail());
            case Mine.No no ->
                other(subject, Result.of(Severity.FAILURE, "is-this-copy.no", where, subject.name()))
                        .proof(url, no.detail());
            case Mine.Unknown unknown ->
                Result.of(Severity.UNKNOWN, "is-this-copy.unknown")
                        .proof(url, unknown.detail())
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")));
        });
    }

    /// Somebody else on the port only matters while the service itself is not there: else *is this copy*
    /// says it.
    static Optional<Result> port(Subject subject) {
        Optional<Integer> port = subject.endpoint().flatMap(RunningChecks::portOf);
        // While the service manager cannot be asked, its own listener would be taken for another's.
        if (port.isEmpty() || subject.service().phase() == Phase.UNKNOWN) {
            return Optional.empty();
        }
        String source = "port " + port.get();
        List<Listener> listeners = subject.around().listeners().on(port.get());
        if (listeners.isEmpty()) {
            return subject.hasProcess()
                    ? Optional.empty()
                    : Result.of(Severity.OK, "port.free", port.get())
                            .proof(source, "nobody listens")
                            .found();
        }
        String who = describe(listeners.getFirst());
        if (subject.hasProcess()) {
            return subject.mine().orElse(new Mine.Unknown("")) instanceof Mine.No
                    ? Optional.empty()
                    : Result.of(Severity.OK, "port.held", port.get())
                            .proof(source, who)
                            .found();
        }
        Severity severity = subject.isToRunNow() && subject.service().isInstalled()
                ? Severity.FAILURE
                : subject.isToRunNow() ? Severity.WARNING : Severity.INFO;
        return other(subject, Result.of(severity, "port.other", port.get(), subject.name()))
                .proof(source, who)
                .found();
    }

    static Optional<Result> unstable(Subject subject) {
        if (!subject.isService() || !subject.service().isInstalled()) {
            return Optional.empty();
        }
        ServiceState state = subject.service();
        if (state.restarts() < STORM) {
            return Result.of(Severity.OK, "unstable.no")
                    .proof(state.unit(), state.restarts() + " restarts since it was started")
                    .found();
        }
        Severity severity = state.phase() == Phase.RUNNING ? Severity.WARNING : Severity.FAILURE;
        Result result = Result.of(severity, "unstable.yes", state.restarts())
                .proof(
                        state.unit(),
                        state.restarts() + " restarts; "
                                + state.lastExit().orElse("the way it ended was not recorded"));
        List<LogLine> lines = subject.around().services().lastWords(subject.unit(), 3);
        if (!lines.isEmpty()) {
            result = result.proof(
                    "its log",
                    "last words: "
                            + lines.stream()
                                    .map(LogLine::text)
                                    .map(Foreign::clean)
                                    .collect(Collectors.joining(" / ")));
        }
        return result.action(subject, "remedy.log", "logs")
                .action(subject, "remedy.stop-until", "stop")
                .found();
    }

    /// How many sessions a stop would touch.
    static Optional<Result> sessions(Subject subject) {
        if (subject.manifest().sessions().isEmpty() || !subject.hasProcess()) {
            return Optional.empty();
        }
        Sessions sessions = subject.manifest().sessions().get();
        return switch (subject.around().endpoints().sessions(sessions, subject.endpoint())) {
            case LiveSessions.Count.Open(int number, String source) ->
                Result.of(
                                Severity.OK,
                                number == 0 ? "sessions.none" : number == 1 ? "sessions.one" : "sessions.some",
                                number)
                        .proof(source, number + " counted")
                        .found();
            case LiveSessions.Count.NotCounted(String source, String why) ->
                Result.of(Severity.UNKNOWN, "sessions.unknown")
                        .proof(source, why)
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                        .found();
        };
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
        if (outside.isEmpty()) {
            return Optional.empty();
        }
        List<Evidence> proof = outside.stream()
                .limit(3)
                .map(process -> new Evidence(
                        "pid " + process.pid(), Foreign.clean(process.command()) + startedBy(subject, process)))
                .toList();
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
        List<String> ancestors = subject.around().processes().ancestors(process.pid()).stream()
                .filter(name -> !name.equals("systemd"))
                .limit(4)
                .toList();
        return ancestors.isEmpty() ? "" : "; started by " + Foreign.clean(String.join(" of ", ancestors));
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
