package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
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
            "KillMode",
            "Restart",
            "RestartUSec",
            "StartLimitBurst");

    private static final List<String> WANTED = List.of("TriggeredBy", "WantedBy", "RequiredBy", "BoundBy");

    private static final String[] SIGNALS = {
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };

    private UnitStateParser() {}

    /// @param enabledState the value of `UnitFileState` that means enabled besides `enabled`
    static ServiceState of(String unit, Properties shown, Predicate<Path> isOurs, String enabledState) {
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
                shown.is("LoadState", "masked"),
                phase == Phase.NOT_INSTALLED ? Optional.empty() : enabled(shown, file, enabledState),
                Optional.of(number(shown.get("MainPID"))).filter(pid -> pid > 0),
                since(shown, phase),
                (int) number(shown.get("NRestarts")),
                lastExit(shown),
                file,
                owner(unit, file.filter(isOurs).isPresent()),
                words(shown),
                Optional.of(shown.get("ControlGroup")).filter(group -> !group.isEmpty()),
                Optional.of(shown.get("InvocationID")).filter(id -> !id.isEmpty()),
                sentence(unit, shown, phase));
    }

    /// A file that we wrote under a name that is not ours was adopted.
    private static Owner owner(String unit, boolean ours) {
        return !ours ? Owner.FOREIGN : unit.startsWith(SystemdServiceManager.PREFIX) ? Owner.OURS : Owner.ADOPTED;
    }

    private static Phase phase(Properties shown) {
        String sub = shown.get("SubState");
        boolean unloadable = !shown.is("LoadState", "loaded") && !shown.is("LoadState", "masked");
        return switch (shown.get("ActiveState")) {
            // An "exited" one-shot has no processes any more.
            case "active" -> sub.equals("exited") ? Phase.STOPPED : Phase.RUNNING;
            case "reloading", "refreshing", "deactivating" -> Phase.RUNNING;
            case "activating" -> sub.contains("auto-restart") ? Phase.RESTARTING : Phase.STARTING;
            case "failed" -> Phase.FAILED;
            case "inactive" ->
                shown.is("LoadState", "not-found") ? Phase.NOT_INSTALLED : unloadable ? Phase.FAILED : Phase.STOPPED;
            default -> Phase.UNKNOWN;
        };
    }

    /// systemd reports a removed file as before until the next reload.
    private static Optional<Boolean> enabled(Properties shown, Optional<Path> file, String enabledState) {
        boolean isGone = file.map(Files::notExists).orElseGet(() -> shown.is("LoadState", "not-found"));
        return isGone ? Optional.of(false) : enabled(shown, enabledState);
    }

    /// A static unit starts if another unit wants it. Nothing is known of that for generated units.
    private static Optional<Boolean> enabled(Properties shown, String enabledState) {
        if (shown.is("UnitFileState", enabledState)) {
            return Optional.of(true);
        }
        return switch (shown.get("UnitFileState")) {
            case "static" ->
                WANTED.stream().allMatch(property -> shown.get(property).isEmpty())
                        ? Optional.of(false)
                        : Optional.empty();
            case "enabled", "alias" -> Optional.of(true);
            case "disabled", "linked", "linked-runtime", "masked", "masked-runtime", "enabled-runtime" ->
                Optional.of(false);
            default -> Optional.empty();
        };
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

    private static Optional<String> lastExit(Properties shown) {
        long status = number(shown.get("ExecMainStatus"));
        return switch (shown.get("ExecMainCode")) {
            case "1" -> Optional.of("exit status " + status + meaning(status));
            case "2" -> Optional.of("killed by " + signal(status));
            case "3" -> Optional.of("killed by " + signal(status) + ", with a core dump");
            default -> Optional.empty();
        };
    }

    /// systemd's own exit codes, for failures before the program starts.
    private static String meaning(long status) {
        return switch ((int) status) {
            case 200 -> " (its working directory does not exist)";
            case 203 -> " (the program could not be executed)";
            case 209 -> " (its output could not be connected)";
            default -> "";
        };
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
                                        .formatted(problem(shown), shown.get("FragmentPath")))
                        : switch (phase) {
                            case RUNNING -> running(shown);
                            case RESTARTING -> Optional.of(again(shown));
                            case FAILED -> Optional.of(failed(shown));
                            case STOPPED, STARTING, NOT_INSTALLED, UNKNOWN -> Optional.empty();
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

    private static String again(Properties shown) {
        long restarts = number(shown.get("NRestarts"));
        String pause = shown.get("RestartUSec");
        return restarts == 0
                ? "The service exited (%s). systemd will restart it after %s.".formatted(how(shown), pause)
                : "The service keeps crashing (%s). systemd has restarted it %s, each time after %s."
                        .formatted(how(shown), times(restarts), pause);
    }

    /// `Result` stays that of the last run if systemd's own restarts reach the start limit.
    private static String failed(Properties shown) {
        long restarts = number(shown.get("NRestarts"));
        long limit = number(shown.get("StartLimitBurst"));
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
            case "resources" ->
                "systemd could not start the service: a resource in its service file is missing or not allowed.";
            default -> "The service stopped unexpectedly (%s). %s".formatted(how(shown), stays);
        };
    }

    private static String how(Properties shown) {
        return lastExit(shown).orElse(shown.get("Result"));
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
