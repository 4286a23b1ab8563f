package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.ForeignUnit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs `launchctl` with the subcommands of launchctl(1), or `load`, `unload` and `list` where those do not
/// exist.
final class Launchctl {

    static final int NO_DOMAIN = 112;
    static final int NO_SERVICE = 113;
    static final int NO_PROCESS = 3;
    static final int IN_PROGRESS = 36;
    static final int ALREADY_IN_PROGRESS = 37;
    static final int DISABLED = 119;
    static final int INPUT_OUTPUT = 5;

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Pattern NUMBER = Pattern.compile("failed: (\\d{1,3}): ");
    private static final Pattern OVERRIDE = Pattern.compile("\"?(.*?)\"? => (enabled|disabled|true|false)");

    private final ProcessRunner runner;
    private final Map<String, String> environment;
    private String user = "";

    Launchctl(ProcessRunner runner, Map<String, String> environment) {
        this.runner = runner;
        this.environment = Map.copyOf(environment);
    }

    /// The result of a subcommand.
    ///
    /// @param number 0 for success, launchctl's error number, or -1 if launchctl did not run
    /// @param sentence its error message
    record LaunchctlResult(int number, String out, String sentence) {
        boolean isDone() {
            return number == 0;
        }
    }

    /// A job that was looked up.
    sealed interface Job {
        /// @param domain `gui/UID` or `user/UID`
        record Loaded(String domain, LaunchctlPrint printed) implements Job {}

        record NotLoaded() implements Job {}

        /// `why` is a sentence.
        record CannotTell(String why) implements Job {}
    }

    /// Why launchd cannot be used and what to do, as a sentence; empty if it can be used.
    Optional<String> unavailable() {
        if (program().isEmpty()) {
            return Optional.of(
                    "launchctl is not available, so background services don't work here. Everything else does.");
        }
        String sudo = environment.get("SUDO_USER");
        if (sudo != null && user().equals("0")) {
            return Optional.of(
                    "Lamplighter is running as root with sudo. To manage the services of %s, run it without sudo."
                            .formatted(sudo));
        }
        return Optional.empty();
    }

    /// The domain of the session at the screen.
    String desktop() {
        return "gui/" + user();
    }

    /// The domain of the user's other sessions (SSH), which also exists without a login at the screen.
    String background() {
        return "user/" + user();
    }

    /// Whether this user is logged in at the screen.
    boolean hasDesktop() {
        LaunchctlResult result = ask("print", desktop());
        return result.isDone() || isUnknownSubcommand(result);
    }

    Job find(String label) {
        LaunchctlResult last = new LaunchctlResult(0, "", "");
        boolean system = label.startsWith(ForeignUnit.SYSTEM);
        String name = system ? label.substring(ForeignUnit.SYSTEM.length()) : label;
        for (String domain : system ? List.of("system") : List.of(desktop(), background())) {
            LaunchctlResult result = ask("print", domain + "/" + name);
            if (result.isDone()) {
                return new Job.Loaded(domain, LaunchctlPrint.of(result.out()));
            }
            if (isUnknownSubcommand(result)) {
                return listed(label);
            }
            boolean absent = result.number() == NO_DOMAIN
                    || (result.number() == NO_SERVICE && result.sentence().contains("Could not find service"));
            if (!absent) {
                return new Job.CannotTell(result.sentence());
            }
            last = result;
        }
        return last.number() == NO_DOMAIN
                ? new Job.CannotTell("launchd has no session of this user. Log in and try again.")
                : new Job.NotLoaded();
    }

    private Job listed(String label) {
        LaunchctlResult result = ask("list", label);
        return result.isDone()
                ? new Job.Loaded(desktop(), LaunchctlPrint.ofDictionary(result.out()))
                : result.number() == NO_SERVICE || result.number() == 1
                        ? new Job.NotLoaded()
                        : new Job.CannotTell(result.sentence());
    }

    /// Whether the agent was explicitly enabled or disabled; empty if neither.
    Optional<Boolean> override(String label) {
        for (String domain : List.of(desktop(), background())) {
            LaunchctlResult result = ask("print-disabled", domain);
            if (result.isDone()) {
                return override(label, result.out());
            }
        }
        return Optional.empty();
    }

    /// A block of lines `"LABEL" => disabled`; older systems write `true` for that.
    static Optional<Boolean> override(String label, String printed) {
        return printed.lines()
                .map(String::strip)
                .dropWhile(line -> !line.startsWith("disabled services"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("}") && !line.endsWith("{"))
                .map(OVERRIDE::matcher)
                .filter(Matcher::matches)
                .filter(matcher -> matcher.group(1).equals(label))
                .map(matcher ->
                        matcher.group(2).equals("enabled") || matcher.group(2).equals("false"))
                .findFirst();
    }

    LaunchctlResult bootstrap(String domain, Path file) {
        LaunchctlResult result = ask("bootstrap", domain, file.toString());
        return isUnknownSubcommand(result) ? legacy("load", "-w", file.toString()) : result;
    }

    LaunchctlResult bootout(String domain, String label, Optional<Path> file) {
        LaunchctlResult result = ask("bootout", domain + "/" + label);
        return isUnknownSubcommand(result) && file.isPresent()
                ? legacy("unload", file.get().toString())
                : result;
    }

    LaunchctlResult kickstart(String domain, String label) {
        LaunchctlResult result = ask("kickstart", domain + "/" + label);
        return isUnknownSubcommand(result) ? ask("start", label) : result;
    }

    LaunchctlResult enable(String domain, String label) {
        return ask("enable", domain + "/" + label);
    }

    LaunchctlResult disable(String domain, String label) {
        return ask("disable", domain + "/" + label);
    }

    /// `load` and `unload` always exit with 0, so their output decides.
    private LaunchctlResult legacy(String... arguments) {
        LaunchctlResult result = ask(arguments);
        Matcher matcher = NUMBER.matcher(result.sentence());
        return result.isDone() && matcher.find()
                ? new LaunchctlResult(Integer.parseInt(matcher.group(1)), result.out(), result.sentence())
                : result;
    }

    private LaunchctlResult ask(String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(path());
        argv.addAll(List.of(arguments));
        return switch (runner.run(Command.of(LIMIT, argv).with("LC_ALL", "C"))) {
            case ProcessResult.NotStarted notStarted -> new LaunchctlResult(-1, "", notStarted.reason());
            case ProcessResult.TimedOut timedOut ->
                new LaunchctlResult(
                        -1,
                        "",
                        "launchctl did not respond within %d s"
                                .formatted(timedOut.limit().toSeconds()));
            case ProcessResult.Exited exited ->
                new LaunchctlResult(exited.status(), exited.out(), sentence(arguments[0], exited));
        };
    }

    private static String sentence(String subcommand, ProcessResult.Exited exited) {
        return exited.err()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("Bad request.") && !line.startsWith("Try running"))
                .findFirst()
                .orElse("launchctl %s failed with exit code %d".formatted(subcommand, exited.status()));
    }

    private static boolean isUnknownSubcommand(LaunchctlResult result) {
        String text = result.sentence().toLowerCase(Locale.ROOT);
        return result.number() > 0 && (text.contains("unrecognized subcommand") || text.contains("unknown subcommand"));
    }

    /// The path of `launchctl`.
    String path() {
        return program().map(Path::toString).orElse("/bin/launchctl");
    }

    private Optional<Path> program() {
        return runner.find("launchctl").or(() -> runner.find("/bin/launchctl"));
    }

    /// From `id -u`, because with sudo the home directory may be another user's.
    private synchronized String user() {
        if (user.isEmpty()
                && runner.run(Command.of(LIMIT, "/usr/bin/id", "-u")) instanceof ProcessResult.Exited exited) {
            user = exited.out().strip();
        }
        return user;
    }
}
