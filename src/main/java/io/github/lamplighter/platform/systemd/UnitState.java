package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.Session.Properties;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Reads what `systemctl show` says of a unit.
final class UnitState {

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
            "KillMode");

    private static final String[] SIGNALS = {
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };

    private UnitState() {}

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
                phase == Phase.NOT_INSTALLED ? Optional.empty() : enabled(shown.get("UnitFileState")),
                Optional.of(number(shown.get("MainPID"))).filter(pid -> pid > 0),
                since(shown, phase),
                (int) number(shown.get("NRestarts")),
                lastExit(shown),
                file,
                file.filter(isOurs).isPresent() ? Owner.OURS : Owner.FOREIGN,
                words(shown),
                Optional.of(shown.get("ControlGroup")).filter(group -> !group.isEmpty()),
                Optional.of(shown.get("InvocationID")).filter(id -> !id.isEmpty()));
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

    /// Static and generated units start when something else wants them; that is not for this switch to say.
    private static Optional<Boolean> enabled(String state) {
        return switch (state) {
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
                String problem =
                        shown.get("LoadError").replaceFirst("^[\\w.]+ ", "").replace("\"", "");
                yield shown.get("LoadState") + (problem.isBlank() ? "" : ": " + problem.strip());
            }
        };
    }

    private static long number(String value) {
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }
}
