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

/// Reads what `systemctl show` says of a unit.
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

    static ServiceState of(String unit, Properties shown, Predicate<Path> isOurs) {
        if (shown.trouble().isPresent()) {
            return unknown(unit, shown.trouble().get());
        }
        Optional<Path> file = Optional.of(shown.get("FragmentPath"))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
        Phase phase = phase(shown);
        return new ServiceState(
                unit,
                phase,
                phase == Phase.NOT_INSTALLED ? Optional.empty() : enabled(shown, file),
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

    /// A file of ours under a name that somebody else chose was adopted.
    private static Owner owner(String unit, boolean ours) {
        return !ours ? Owner.FOREIGN : unit.startsWith(SystemdServiceManager.PREFIX) ? Owner.OURS : Owner.ADOPTED;
    }

    static ServiceState unknown(String unit, String why) {
        return new ServiceState(
                unit,
                Phase.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Owner.FOREIGN,
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Phase phase(Properties shown) {
        String sub = shown.get("SubState");
        boolean unloadable = !shown.is("LoadState", "loaded") && !shown.is("LoadState", "masked");
        return switch (shown.get("ActiveState")) {
            // Nothing of an "exited" one-shot runs any more.
            case "active" -> sub.equals("exited") ? Phase.STOPPED : Phase.RUNNING;
            case "reloading", "refreshing", "deactivating" -> Phase.RUNNING;
            case "activating" -> sub.contains("auto-restart") ? Phase.RESTARTING : Phase.STARTING;
            case "failed" -> Phase.FAILED;
            case "inactive" ->
                shown.is("LoadState", "not-found") ? Phase.NOT_INSTALLED : unloadable ? Phase.FAILED : Phase.STOPPED;
            default -> Phase.UNKNOWN;
        };
    }

    /// A static unit starts when another one wants it, so not at all while none does; of that, and of generated
    /// ones, it is not for this switch to say.
    /// systemd goes on saying what it read of a file that was taken away, until it is told to read again.
    private static Optional<Boolean> enabled(Properties shown, Optional<Path> file) {
        boolean isGone = file.map(Files::notExists).orElseGet(() -> shown.is("LoadState", "not-found"));
        return isGone ? Optional.of(false) : enabled(shown);
    }

    private static Optional<Boolean> enabled(Properties shown) {
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

    /// systemd's own statuses, for what went wrong before the program began.
    private static String meaning(long status) {
        return switch ((int) status) {
            case 200 -> " (its working directory is not there)";
            case 203 -> " (the program could not be started)";
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
            case "not-found" -> shown.is("ActiveState", "inactive") ? "not-found" : words + ", its file is gone";
            default -> {
                String problem = problem(shown);
                yield shown.get("LoadState") + (problem.isEmpty() ? "" : ": " + problem);
            }
        };
    }

    /// What the phase leaves open.
    private static Optional<String> sentence(String unit, Properties shown, Phase phase) {
        Optional<String> about = shown.is("LoadState", "masked")
                ? Optional.of(
                        "It is masked: every start of it is forbidden. `systemctl --user unmask %s` allows it again."
                                .formatted(unit))
                : shown.is("LoadState", "bad-setting") || shown.is("LoadState", "error")
                        ? Optional.of(
                                "systemd cannot use its service file: %s. `systemd-analyze --user verify %s` says more."
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
                ? "Its service file was changed since systemd read it; the next start or restart with Lamplighter uses"
                        + " the new one."
                : "Its service file is gone, which systemd has not noticed yet: once it is stopped, it cannot be"
                        + " started again.";
        return Optional.of(about.map(text -> text + " ").orElse("") + reload);
    }

    private static Optional<String> running(Properties shown) {
        if (shown.is("ActiveState", "deactivating")) {
            return Optional.of("It was asked to end, and has not yet.");
        }
        return shown.is("LoadState", "not-found")
                ? Optional.of(
                        "Its service file is gone: it runs until it is stopped, and then cannot be started again.")
                : Optional.empty();
    }

    private static String again(Properties shown) {
        long restarts = number(shown.get("NRestarts"));
        String pause = shown.get("RestartUSec");
        return restarts == 0
                ? "It ended (%s). systemd starts it again by itself, %s after such an end.".formatted(how(shown), pause)
                : "It ends soon after each start (%s). systemd has started it again %s so far, each time %s after the end."
                        .formatted(how(shown), times(restarts), pause);
    }

    /// The result stays that of the last run when the limit of starts is met by systemd's own tries.
    private static String failed(Properties shown) {
        long restarts = number(shown.get("NRestarts"));
        long limit = number(shown.get("StartLimitBurst"));
        if (shown.is("Result", "start-limit-hit") || (limit > 0 && restarts >= limit)) {
            return "systemd gave up: it was started %s in a short time, and ended each time (%s). A start with Lamplighter clears that."
                    .formatted(times(Math.max(restarts, limit)), how(shown));
        }
        String stays = shown.is("Restart", "no") || shown.get("Restart").isEmpty()
                ? "It is not started again by itself."
                : "systemd does not start it again after such an end.";
        return switch (shown.get("Result")) {
            case "timeout" -> "It took too long to start or to end, so systemd killed it. " + stays;
            case "oom-kill" -> "The system killed it, because memory ran out. " + stays;
            case "watchdog" -> "It gave no sign of life to systemd in time, so it was killed. " + stays;
            case "protocol" -> "It did not do what its service file promises (its `Type=`). " + stays;
            case "resources" ->
                "systemd could not start it: something that its service file names is missing or not allowed.";
            default -> "It ended by itself (%s). %s".formatted(how(shown), stays);
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
