package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.readiness.ProcessOrigin;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The part of the group *Process* that is about processes: whether the tool is running, is stable, and has copies
/// outside of its service. [EndpointChecks] has the other part.
final class ProcessChecks {

    /// So many starts by the manager itself are a storm, not an accident.
    private static final int STORM = 3;

    private static final int LINES = 200;
    private static final int LAST_LINES = 3;

    /// What systemd writes at each restart; it has no field for that count (systemd.service(5), Restart=).
    private static final String COUNTED = "restart counter is at";

    /// What systemd writes when a service ended in another way than it should: not for a clean exit that
    /// `Restart=always` follows.
    private static final String FAILED = "Failed with result";

    private ProcessChecks() {}

    static Optional<Result> unfinished(DiagnosisContext context) {
        String journals = context.display(context.around().directories().journals());
        return context.upgrade().flatMap(upgrade -> switch (upgrade) {
            case UnfinishedUpgrade.Interrupted(String sentence) ->
                Optional.of(Result.of(Severity.FAILURE, "unfinished-upgrade")
                        .proof(journals, sentence)
                        .remedy(new Remedy.Action(
                                "recover", List.of("lamplighter", "recover"), Messages.text("remedy.recover"))));
            case UnfinishedUpgrade.NotKept(String sentence) ->
                Optional.of(Result.of(Severity.WARNING, "unfinished-upgrade.not-kept")
                        .proof(journals, sentence)
                        .remedy(new Remedy.Action(
                                "recover", List.of("lamplighter", "recover"), Messages.text("remedy.keep"))));
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
                        .proof("lamplighter stop " + context.name(), "at " + context.second(at))
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
            case RUNNING -> result;
            case STARTING ->
                context.isStartingForLong()
                        ? Result.of(Severity.WARNING, "process.starting-for-long")
                                .action(context, "remedy.log", "logs")
                        : result.remedy(new Remedy.Wait(Messages.text("remedy.wait")));
            case STOPPED ->
                state.masked()
                        ? result.remedy(new Remedy.CopyCommand(
                                "systemctl --user unmask " + state.unit(), Messages.text("remedy.unmask")))
                        : verdict.severity() == Severity.FAILURE && matters
                                ? failed(context, result)
                                : matters ? ended(context, result) : result;
            case FAILED -> failed(context, result);
            case RESTARTING ->
                withLastLogLines(context, needsRepair(context) ? repairedFirst(result) : result)
                        .action(context, "remedy.log", "logs")
                        .action(context, "remedy.stop", "stop");
            case NOT_INSTALLED ->
                matters ? result.action(context, "remedy.service-install", "service", "install") : result;
            case UNKNOWN -> result.remedy(new Remedy.Wait(Messages.text("remedy.wait")));
        };
        return result.proof(evidence(state))
                .proof(state.startedBy().stream()
                        .map(starter -> new Evidence(starter, "active, and starts it"))
                        .toList())
                .proof(uptimeEvidence(context, state))
                .found();
    }

    /// Some programs write an error and exit with 0.
    private static Result ended(DiagnosisContext context, Result result) {
        return context.service().lastExit().isEmpty()
                ? result.action(context, "remedy.start", "start")
                : withLastLogLines(context, result)
                        .action(context, "remedy.start", "start")
                        .action(context, "remedy.log", "logs");
    }

    /// A start does not help a service that its manager cannot start: its file has to change first. Nor does it help
    /// while another process uses the port.
    private static Result failed(DiagnosisContext context, Result result) {
        Result told = withLastLogLines(context, result).proof(missingData(context));
        if (context.service().isNeverStarted()) {
            return (needsRepair(context)
                            ? repairedFirst(told)
                            : ServiceRemedies.file(context, told.proof(missingVariables(context))))
                    .action(context, "remedy.log", "logs");
        }
        boolean isPortTaken = EndpointChecks.port(context)
                .filter(port -> port.severity() == Severity.FAILURE)
                .isPresent();
        return (isPortTaken ? told : told.action(context, "remedy.start", "start"))
                .action(context, "remedy.log", "logs");
    }

    /// Whether its manager cannot start it because its Python or Node was removed: its file is right.
    private static boolean needsRepair(DiagnosisContext context) {
        return context.service().isNeverStarted() && RequirementChecks.isRuntimeGone(context);
    }

    private static Result repairedFirst(Result result) {
        return result.effect(Messages.text("process.repair.effect"))
                .remedy(new Remedy.Wait(Messages.text("remedy.repair-first")));
    }

    /// The environment file without which systemd starts nothing.
    private static List<Evidence> missingVariables(DiagnosisContext context) {
        boolean isOptional = context.file()
                .filter(text -> text.contains("EnvironmentFile=-"))
                .isPresent();
        return context.around().services().foreign(context.manifest().install()).stream()
                .filter(unit -> unit.unit().equals(context.unit()))
                .flatMap(unit -> unit.environmentFile().stream())
                .filter(file -> !isOptional && Files.notExists(file))
                .map(file -> new Evidence(context.display(file), "is its environment file, and does not exist"))
                .toList();
    }

    /// Some servers do not start without the folder that their first command creates.
    private static List<Evidence> missingData(DiagnosisContext context) {
        return context.manifest().data().stream()
                .filter(path -> !Files.exists(path))
                .map(path -> new Evidence(context.display(path), "is listed in `data`, and does not exist"))
                .toList();
    }

    /// Since when, how often it was started again, and how it ended before.
    private static List<Evidence> uptimeEvidence(DiagnosisContext context, ServiceState state) {
        List<String> said = new ArrayList<>();
        state.since().ifPresent(at -> said.add("since " + context.second(at)));
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
        return withLogLines(result, context.around().services().lastLogLines(context.unit(), LAST_LINES));
    }

    private static Result withLogLines(Result result, List<LogLine> lines) {
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

    /// The messages of the service manager about the unit. A sentence about a failure says how the service ended.
    static List<Evidence> evidence(ServiceState state) {
        StringBuilder detail = new StringBuilder(UntrustedText.masked(state.words()));
        state.pid().ifPresent(pid -> detail.append("; pid ").append(pid));
        if (state.phase() != Phase.RUNNING) {
            state.lastExit()
                    .filter(exit -> state.sentence().isEmpty() || !exit.isFailure())
                    .ifPresent(exit -> detail.append("; ").append(UntrustedText.masked(exit.words())));
        }
        Evidence words = new Evidence(state.unit(), detail.toString());
        return state.sentence()
                .map(sentence -> List.of(words, new Evidence(state.unit(), UntrustedText.masked(sentence))))
                .orElse(List.of(words));
    }

    static Optional<String> unit(DiagnosisContext context, long pid) {
        return context.around().processTable().origin(pid).unit();
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
        boolean running = state.phase() == Phase.RUNNING;
        boolean settled = running
                && state.since()
                        .filter(since -> since.plus(ServiceVerdict.STABLE_AFTER)
                                .isBefore(context.around().clock().instant()))
                        .isPresent();
        if (state.restarts() == 0 || settled || (!running && state.restarts() < STORM)) {
            // A service that does not run cannot be stable.
            return running ? stable(state) : Optional.empty();
        }
        Optional<LastExit> exit = state.lastExit();
        List<LogLine> lines = context.around().services().managerLines(context.unit(), LINES);
        if (state.restarts() < STORM) {
            return restarted(context, state, lines);
        }
        Severity severity = running ? Severity.WARNING : Severity.FAILURE;
        String how = exit.filter(last -> !last.isClean()).isEmpty() ? "unstable.came-back" : "unstable.crashed";
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

    private static Optional<Result> stable(ServiceState state) {
        return Result.of(Severity.OK, "unstable.no")
                .proof(state.unit(), state.restarts() + " restarts since it was started")
                .found();
    }

    /// It is running again within seconds: without a warning that stays for a while nobody would know. A manager may
    /// also start a program again that exited well.
    private static Optional<Result> restarted(DiagnosisContext context, ServiceState state, List<LogLine> lines) {
        List<LogLine> recent = lines.stream()
                .filter(line -> state.since()
                        .filter(since -> line.at() < micros(since.minus(ServiceVerdict.STABLE_AFTER)))
                        .isEmpty())
                .toList();
        Optional<LogLine> failure =
                recent.stream().filter(line -> line.text().contains(FAILED)).reduce((_, last) -> last);
        Optional<LastExit> exit = state.lastExit();
        if (failure.isEmpty() && exit.isEmpty() && recent.isEmpty()) {
            return Result.of(Severity.WARNING, "unstable.unknown-reason")
                    .proof(uptimeEvidence(context, state))
                    .proof(
                            "log",
                            context.around()
                                    .services()
                                    .logUnavailableReason()
                                    .orElse("contains no lines of the service manager about it"))
                    .action(context, "remedy.log", "logs")
                    .found();
        }
        if (failure.isEmpty() && exit.filter(LastExit::isFailure).isEmpty()) {
            return stable(state);
        }
        String key = state.restarts() == 1 ? "unstable.restarted" : "unstable.restarted-twice";
        return withLogLines(
                        Result.of(Severity.WARNING, key).proof(uptimeEvidence(context, state)),
                        failure.map(line -> upTo(context, recent, line)).orElse(List.of()))
                .action(context, "remedy.log", "logs")
                .found();
    }

    /// What was written before the manager's line about a failure: by the service if that is still near, else by the
    /// manager.
    private static List<LogLine> upTo(DiagnosisContext context, List<LogLine> manager, LogLine failure) {
        List<LogLine> all = context.around().services().log(context.unit(), LINES, Optional.empty());
        int at = all.lastIndexOf(failure);
        List<LogLine> before = at >= 0 ? all.subList(0, at) : manager.subList(0, manager.lastIndexOf(failure) + 1);
        return before.subList(Math.max(0, before.size() - LAST_LINES), before.size());
    }

    private static long micros(Instant at) {
        return at.toEpochMilli() * 1000;
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
        Set<String> neighbours = outside.isEmpty() ? Set.of() : neighbours(context);
        outside = outside.stream()
                .filter(process -> unit(context, process.pid())
                        .filter(unit -> services.contains(unit) || neighbours.contains(unit))
                        .isEmpty())
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

    /// The units of other managed tools in the same environment.
    private static Set<String> neighbours(DiagnosisContext context) {
        UnitResolver units = new UnitResolver(context.around().services());
        Manifest manifest = context.manifest();
        return context.around().managed().get().stream()
                .filter(other -> !other.name().equals(manifest.name())
                        && other.install()
                                .environment()
                                .equals(manifest.install().environment()))
                .map(units::of)
                .collect(Collectors.toSet());
    }

    private static String startedBy(DiagnosisContext context, ProcessTable.Running process) {
        ProcessOrigin by = ProcessOrigin.of(context.around().processTable().origin(process.pid()));
        return "; started by " + UntrustedText.masked(by.words());
    }
}
