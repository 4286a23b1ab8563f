package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The state of a job, parsed from `launchctl print`. Its manual does not promise a stable format, so only
/// lines with exactly one tab are read (nested blocks repeat the same keys), and unknown words are kept as
/// they are.
///
/// @param fields the key and the value of each such line
record LaunchctlPrint(Map<String, String> fields) {

    static LaunchctlPrint of(String printed) {
        Map<String, String> fields = new HashMap<>();
        printed.lines()
                .filter(line -> line.startsWith("\t") && !line.startsWith("\t\t"))
                .forEach(line -> {
                    int equals = line.indexOf(" = ");
                    if (equals > 0 && !line.endsWith("{")) {
                        fields.putIfAbsent(
                                line.substring(1, equals),
                                line.substring(equals + 3).strip());
                    }
                });
        return new LaunchctlPrint(fields);
    }

    /// The same from `launchctl list LABEL`, which systems without `print` have.
    static LaunchctlPrint ofDictionary(String listed) {
        Map<String, String> fields = new HashMap<>();
        listed.lines().map(String::strip).forEach(line -> {
            if (line.startsWith("\"PID\" = ")) {
                fields.put("pid", number(line));
            } else if (line.startsWith("\"LastExitStatus\" = ")) {
                int status = Integer.parseInt(number(line));
                // A raw wait status.
                if ((status & 0x7f) == 0) {
                    fields.put("last exit code", Integer.toString(status >> 8));
                } else {
                    fields.put("last terminating signal", "Signal: " + (status & 0x7f));
                }
            }
        });
        fields.put("state", fields.containsKey("pid") ? "running" : "not running");
        return new LaunchctlPrint(fields);
    }

    ServiceState state(String unit, Optional<Boolean> enabled, Optional<Path> file, Owner owner) {
        return new ServiceState(
                unit,
                phase(),
                ServiceState.Load.USABLE,
                AtLogin.of(enabled),
                pid(),
                pid().flatMap(ProcessHandle::of).flatMap(handle -> handle.info().startInstant()),
                Math.max(0, runs() - 1),
                lastExit(),
                file,
                owner,
                words(),
                Optional.empty(),
                pid().map(pid -> runs() + "/" + pid),
                sentence());
    }

    Phase phase() {
        return switch (state()) {
            case "running" -> pid().isPresent() ? Phase.RUNNING : Phase.STARTING;
            // It is stopping.
            case "SIGTERMed", "SIGKILLed" -> Phase.RUNNING;
            case "spawn scheduled" -> endedBadly() ? Phase.RESTARTING : Phase.STARTING;
            case "xpcproxy", "spawning" -> Phase.STARTING;
            case "not running", "waiting", "exited" -> endedBadly() ? Phase.FAILED : Phase.STOPPED;
            default -> pid().isPresent() ? Phase.RUNNING : Phase.UNKNOWN;
        };
    }

    String state() {
        return fields.getOrDefault("state", "");
    }

    boolean isEnding() {
        return state().equals("SIGTERMed") || state().equals("SIGKILLed");
    }

    /// Whether launchd is about to start it.
    boolean isScheduled() {
        return state().equals("spawn scheduled");
    }

    /// Whether it is loaded and not running.
    boolean isIdle() {
        return phase() == Phase.STOPPED || phase() == Phase.FAILED;
    }

    /// Whether launchd has not started it and is not about to.
    boolean neverRan() {
        return pid().isEmpty()
                && number("runs", 0) == 0
                && !isScheduled()
                && (phase() == Phase.STOPPED || phase() == Phase.UNKNOWN);
    }

    Optional<Long> pid() {
        long pid = number("pid", 0);
        return pid > 0 ? Optional.of(pid) : Optional.empty();
    }

    int runs() {
        return (int) number("runs", 0);
    }

    /// How long launchd waits between SIGTERM and SIGKILL.
    Optional<Duration> exitTimeout() {
        long seconds = number("exit timeout", 0);
        return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    }

    /// The property list that launchd loaded it from.
    Optional<Path> path() {
        return Optional.ofNullable(fields.get("path"))
                .filter(text -> text.startsWith("/"))
                .map(Path::of);
    }

    Optional<LastExit> lastExit() {
        return Optional.ofNullable(fields.get("last terminating signal"))
                .<LastExit.How>map(text -> new LastExit.Signal(signal(text), false))
                .or(() -> Optional.ofNullable(fields.get("last exit code"))
                        .filter(text -> !text.startsWith("("))
                        .map(LaunchctlPrint::exited))
                .or(() -> Optional.ofNullable(fields.get("last exit reason")).map(LastExit.Other::new))
                .map(LastExit::of);
    }

    /// `78: EX_CONFIG` is launchd's own, for a program that it could not start.
    private static LastExit.How exited(String text) {
        return text.startsWith("78:")
                ? new LastExit.NotStarted("exit status 78: its program, directory or log file cannot be used")
                : text.matches("\\d{1,9}")
                        ? new LastExit.Status(Integer.parseInt(text))
                        : new LastExit.Other("exit status " + text);
    }

    private String how() {
        return lastExit().map(LastExit::words).orElse("unknown exit status");
    }

    String words() {
        String job = switch (state()) {
            case "not running", "waiting", "exited" -> "loaded, " + state();
            case "" -> "loaded";
            default -> state();
        };
        return job + (fields.containsKey("job state") ? " (" + fields.get("job state") + ")" : "");
    }

    /// What the phase does not say.
    Optional<String> sentence() {
        return switch (phase()) {
            case RUNNING ->
                isEnding() ? Optional.of("The service is stopping, but has not ended yet.") : Optional.empty();
            case RESTARTING ->
                Optional.of("The service keeps crashing (%s). launchd has restarted it %s, and tries again every %d s."
                        .formatted(how(), runs() <= 2 ? "once" : runs() - 1 + " times", number("minimum runtime", 10)));
            case FAILED ->
                Optional.of("The service stopped unexpectedly (%s). launchd does not restart it.".formatted(how()));
            case STOPPED ->
                Optional.of(
                        runs() == 0
                                ? "The service is loaded, but was not started yet."
                                : "The service exited. launchd starts it again at the next login.");
            case STARTING, NOT_INSTALLED, UNKNOWN -> Optional.empty();
        };
    }

    private boolean endedBadly() {
        return fields.containsKey("last terminating signal")
                || fields.containsKey("last exit reason")
                || !fields.getOrDefault("last exit code", "0").matches("0|\\(.*\\)");
    }

    /// The usual name of a signal, from `Terminated: 15`.
    private static String signal(String text) {
        return switch (text.replaceFirst("^.*: ", "")) {
            case "1" -> "SIGHUP";
            case "2" -> "SIGINT";
            case "3" -> "SIGQUIT";
            case "4" -> "SIGILL";
            case "5" -> "SIGTRAP";
            case "6" -> "SIGABRT";
            case "8" -> "SIGFPE";
            case "9" -> "SIGKILL";
            case "10" -> "SIGBUS";
            case "11" -> "SIGSEGV";
            case "13" -> "SIGPIPE";
            case "15" -> "SIGTERM";
            default -> text;
        };
    }

    private long number(String key, long otherwise) {
        String text = fields.getOrDefault(key, "");
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : otherwise;
    }

    private static String number(String line) {
        String digits = line.replaceFirst("^.* = ", "").replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 9 ? "0" : digits;
    }
}
