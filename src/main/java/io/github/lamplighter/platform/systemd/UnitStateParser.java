package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Load;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Parses the properties of a unit that `systemctl show` prints.
final class UnitStateParser {

    static final List<String> PROPERTIES = List.of(
            "Id",
            "LoadState",
            "LoadError",
            "ActiveState",
            "SubState",
            "Result",
            "UnitFileState",
            "FragmentPath",
            "NeedDaemonReload",
            "MainPID",
            "ExecMainCode",
            "ExecMainStatus",
            "ExecMainStartTimestamp",
            "ExecMainExitTimestamp",
            "NRestarts",
            "ActiveEnterTimestamp",
            "InactiveEnterTimestamp",
            "StateChangeTimestamp",
            "InvocationID",
            "ControlGroup",
            "TriggeredBy",
            "WantedBy",
            "RequiredBy",
            "BoundBy",
            "UpheldBy",
            "KillMode",
            "Restart",
            "RestartUSec",
            "StartLimitBurst");

    /// systemd.exec(5): what its own exit statuses stand for happens before the program starts.
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final String[] SIGNALS = {
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };

    private UnitStateParser() {}

    /// @param loginReach tells whether a unit that is enabled also starts
    static ServiceState of(String unit, Properties shown, Predicate<Path> isOurs, LoginReach loginReach) {
        if (shown.trouble().isPresent()) {
            return ServiceState.unknown(unit, shown.trouble().get());
        }
        Optional<Path> file = Optional.of(shown.get("FragmentPath"))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
        Phase phase = phase(shown);
        return new ServiceState(
                unit,
                phase,
                load(shown),
                phase == Phase.NOT_INSTALLED ? new AtLogin.Unknown() : atLogin(unit, shown, file, loginReach),
                Optional.of(number(shown.get("MainPID"))).filter(pid -> pid > 0),
                since(shown, phase),
                (int) number(shown.get("NRestarts")),
                lastExit(shown),
                file,
                owner(unit, file.filter(isOurs).isPresent()),
                words(shown),
                controlGroup(shown),
                Optional.of(shown.get("InvocationID")).filter(id -> !id.isEmpty()),
                sentence(unit, shown, phase));
    }

    /// A file that we wrote under a name that is not ours was adopted.
    private static Owner owner(String unit, boolean ours) {
        return !ours ? Owner.FOREIGN : unit.startsWith(SystemdServiceManager.PREFIX) ? Owner.OURS : Owner.ADOPTED;
    }

    private static Load load(Properties shown) {
        return switch (shown.get("LoadState")) {
            case "masked" -> Load.MASKED;
            case "bad-setting", "error" -> Load.UNUSABLE;
            default -> Load.USABLE;
        };
    }

    private static Phase phase(Properties shown) {
        String sub = shown.get("SubState");
        boolean unloadable = !shown.is("LoadState", "loaded") && !shown.is("LoadState", "masked");
        return switch (shown.get("ActiveState")) {
            // The command of an "exited" one-shot has ended, but may have started others (`tmux new-session -d`).
            case "active" ->
                sub.equals("exited")
                                && ControlGroup.processes(controlGroup(shown)).isEmpty()
                        ? Phase.STOPPED
                        : Phase.RUNNING;
            case "reloading", "refreshing" -> Phase.RUNNING;
            // Without a main process, only what its file does after the end is still at work.
            case "deactivating" ->
                !shown.is("MainPID", "0")
                        ? Phase.RUNNING
                        : shown.is("Result", "success") ? Phase.STOPPED : Phase.FAILED;
            case "activating" -> sub.contains("auto-restart") ? Phase.RESTARTING : Phase.STARTING;
            case "failed" -> Phase.FAILED;
            case "inactive" ->
                shown.is("LoadState", "not-found") ? Phase.NOT_INSTALLED : unloadable ? Phase.FAILED : Phase.STOPPED;
            default -> Phase.UNKNOWN;
        };
    }

    private static Optional<String> controlGroup(Properties shown) {
        return Optional.of(shown.get("ControlGroup")).filter(group -> !group.isEmpty());
    }

    /// systemd reports a removed file as before until the next reload.
    private static AtLogin atLogin(String unit, Properties shown, Optional<Path> file, LoginReach loginReach) {
        boolean isGone = file.map(Files::notExists).orElseGet(() -> shown.is("LoadState", "not-found"));
        return isGone ? new AtLogin.Disabled() : loginReach.of(unit, shown);
    }

    private static Optional<Instant> since(Properties shown, Phase phase) {
        return switch (phase) {
            case RUNNING -> instant(shown.get("ActiveEnterTimestamp")).or(() -> changed(shown));
            case STOPPED, FAILED -> instant(shown.get("InactiveEnterTimestamp")).or(() -> changed(shown));
            case STARTING, RESTARTING -> changed(shown);
            case NOT_INSTALLED, UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<Instant> changed(Properties shown) {
        return instant(shown.get("StateChangeTimestamp"));
    }

    private static Optional<Instant> instant(String value) {
        return value.matches("@\\d{1,12}")
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(value.substring(1))))
                : Optional.empty();
    }

    private static Optional<LastExit> lastExit(Properties shown) {
        int status = (int) number(shown.get("ExecMainStatus"));
        Optional<Duration> ran = instant(shown.get("ExecMainStartTimestamp"))
                .flatMap(start -> instant(shown.get("ExecMainExitTimestamp")).map(end -> Duration.between(start, end)));
        return switch (shown.get("ExecMainCode")) {
            case "1" -> Optional.of(new LastExit(exited(status, ran), ran));
            case "2" -> Optional.of(new LastExit(new LastExit.Signal(signal(status), false), ran));
            case "3" -> Optional.of(new LastExit(new LastExit.Signal(signal(status), true), ran));
            default ->
                // Not even a process was made.
                shown.is("Result", "resources")
                        ? Optional.of(LastExit.of(new LastExit.NotStarted(
                                "a file or resource that its service file names is missing or not allowed")))
                        : Optional.empty();
        };
    }

    private static LastExit.How exited(int status, Optional<Duration> ran) {
        return StartFailures.of(status)
                .filter(_ -> ran.filter(time -> time.compareTo(AT_ONCE) > 0).isEmpty())
                .<LastExit.How>map(failure -> new LastExit.NotStarted("exit status %d%s: %s"
                        .formatted(
                                status, failure.setting().isEmpty() ? "" : "/" + failure.setting(), failure.phrase())))
                .orElseGet(() -> new LastExit.Status(status));
    }

    private static String signal(long number) {
        return number > 0 && number < SIGNALS.length ? SIGNALS[(int) number] : "signal " + number;
    }

    private static String words(Properties shown) {
        String words = shown.get("ActiveState") + "/" + shown.get("SubState");
        return switch (shown.get("LoadState")) {
            case "loaded" -> shown.is("Result", "success") ? words : words + " (" + shown.get("Result") + ")";
            case "not-found" -> shown.is("ActiveState", "inactive") ? "not-found" : words + ", its file is missing";
            default -> {
                String problem = problem(shown);
                yield shown.get("LoadState") + (problem.isEmpty() ? "" : ": " + problem);
            }
        };
    }

    /// What the phase does not say.
    private static Optional<String> sentence(String unit, Properties shown, Phase phase) {
        Optional<String> about = shown.is("LoadState", "masked")
                ? Optional.of(
                        "The service is masked, so nothing can start it. To allow it again, run `systemctl --user unmask %s`."
                                .formatted(unit))
                : shown.is("LoadState", "bad-setting") || shown.is("LoadState", "error")
                        ? Optional.of(
                                "systemd cannot use its service file: %s. For details, run `systemd-analyze --user verify %s`."
                                        .formatted(problem(shown), Command.quoted(shown.get("FragmentPath"))))
                        : switch (phase) {
                            case RUNNING -> running(shown);
                            case RESTARTING -> Optional.of(again(shown));
                            case FAILED -> Optional.of(ending(shown).orElseGet(() -> failed(shown)));
                            case STOPPED -> ending(shown).or(() -> failedBefore(shown));
                            case STARTING, NOT_INSTALLED, UNKNOWN -> Optional.empty();
                        };
        if (!shown.is("NeedDaemonReload", "yes") || !shown.is("LoadState", "loaded")) {
            return about;
        }
        String reload = Files.exists(Path.of(shown.get("FragmentPath")))
                ? "The service file changed on disk. Restart the service to apply the changes."
                : "The service file was deleted, and systemd has not noticed yet. Once stopped, the service can't"
                        + " start.";
        return Optional.of(about.map(text -> text + " ").orElse("") + reload);
    }

    private static Optional<String> running(Properties shown) {
        if (shown.is("ActiveState", "deactivating")) {
            return Optional.of("The service is stopping, but has not ended yet.");
        }
        return shown.is("LoadState", "not-found")
                ? Optional.of("The service file was deleted. Once stopped, the service can't start again.")
                : Optional.empty();
    }

    private static Optional<String> ending(Properties shown) {
        return shown.is("ActiveState", "deactivating")
                ? Optional.of(
                        "The program has ended (%s). systemd still runs the commands that its service file sets for afterwards."
                                .formatted(how(shown)))
                : Optional.empty();
    }

    /// A reset clears systemd's `failed`, not how the program ended.
    private static Optional<String> failedBefore(Properties shown) {
        return lastExit(shown)
                .filter(LastExit::isFailure)
                .map(exit -> exit.isNotStarted()
                        ? notStarted(shown, exit)
                        : "The service failed when it last ran (%s).".formatted(exit.words()));
    }

    /// systemd's reason, and what helps.
    private static String notStarted(Properties shown, LastExit exit) {
        String advice = StartFailures.of((int) number(shown.get("ExecMainStatus")))
                .map(StartFailures.StartFailure::advice)
                .filter(text -> !text.isEmpty())
                .map(text -> " " + text)
                .orElse("");
        return "systemd could not start the program (%s).%s".formatted(exit.words(), advice);
    }

    private static String again(Properties shown) {
        long restarts = number(shown.get("NRestarts"));
        String pause = shown.get("RestartUSec");
        Optional<LastExit> notStarted = lastExit(shown).filter(LastExit::isNotStarted);
        if (notStarted.isPresent()) {
            return "%s It tries again after %s.".formatted(notStarted(shown, notStarted.get()), pause);
        }
        return restarts == 0 || lastExit(shown).filter(exit -> !exit.isSoon()).isPresent()
                ? "The service exited (%s). systemd will restart it after %s.".formatted(how(shown), pause)
                : "The service keeps crashing (%s). systemd has restarted it %s, %s %s."
                        .formatted(how(shown), times(restarts), restarts == 1 ? "after" : "each time after", pause);
    }

    /// `Result` stays that of the last run if systemd's own restarts reach the start limit.
    private static String failed(Properties shown) {
        long restarts = number(shown.get("NRestarts"));
        long limit = number(shown.get("StartLimitBurst"));
        Optional<LastExit> notStarted = lastExit(shown).filter(LastExit::isNotStarted);
        if (notStarted.isPresent()) {
            return notStarted(shown, notStarted.get());
        }
        if (shown.is("Result", "start-limit-hit") || (limit > 0 && restarts >= limit)) {
            return "systemd gave up after it started the service %s within a short time (%s). Starting it with Lamplighter resets the limit."
                    .formatted(times(Math.max(restarts, limit)), how(shown));
        }
        String stays = shown.is("Restart", "no") || shown.get("Restart").isEmpty()
                ? "systemd does not restart it."
                : "systemd does not restart it after such an exit.";
        return switch (shown.get("Result")) {
            case "timeout" -> "The service took too long to start or stop, so systemd killed it. " + stays;
            case "oom-kill" -> "The system ran out of memory and killed the service. " + stays;
            case "watchdog" -> "The service missed its watchdog deadline, so systemd killed it. " + stays;
            case "protocol" -> "The service did not follow the protocol of its service file (`Type=`). " + stays;
            default -> "The service stopped unexpectedly (%s). %s".formatted(how(shown), stays);
        };
    }

    private static String how(Properties shown) {
        return lastExit(shown).map(LastExit::words).orElseGet(() -> switch (shown.get("Result")) {
            case "exit-code", "signal", "core-dump" -> "`ExecStartPre=` failed, so the program was not started";
            default -> shown.get("Result");
        });
    }

    private static String times(long number) {
        return number == 1 ? "once" : number + " times";
    }

    private static String problem(Properties shown) {
        return shown.get("LoadError")
                .replaceFirst("^[\\w.]+ ", "")
                .replace("\"", "")
                .strip()
                .replaceFirst("\\.$", "");
    }

    private static long number(String value) {
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }
}
