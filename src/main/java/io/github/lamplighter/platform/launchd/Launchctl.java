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

/// `launchctl`, asked with the verbs of launchctl(1), and with `load`, `unload` and `list` where it does not know
/// those.
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

    /// What came of a verb.
    ///
    /// @param number 0 when it was done, else launchctl's error number, or -1 when it could not be asked
    /// @param sentence what it said
    record LaunchctlResult(int number, String out, String sentence) {
        boolean isDone() {
            return number == 0;
        }
    }

    /// A job as it is found.
    sealed interface Job {
        /// @param domain `gui/UID` or `user/UID`
        record Loaded(String domain, LaunchctlPrint printed) implements Job {}

        record NotLoaded() implements Job {}

        /// `why` is a sentence.
        record CannotTell(String why) implements Job {}
    }

    /// Why launchd cannot be asked, in one sentence with what can be done.
    Optional<String> unavailable() {
        if (program().isEmpty()) {
            return Optional.of("There is no launchctl here, so nothing can be run in the background; "
                    + "the tools themselves work as ever.");
        }
        String sudo = environment.get("SUDO_USER");
        if (sudo != null && user().equals("0")) {
            return Optional.of(
                    "This runs with sudo, as root: run it as %s, without sudo, to reach that user's services."
                            .formatted(sudo));
        }
        return Optional.empty();
    }

    /// The session at the screen of the Mac.
    String desktop() {
        return "gui/" + user();
    }

    /// This user's other sessions, over SSH: there is one without anybody at the screen too.
    String background() {
        return "user/" + user();
    }

    /// Whether somebody is logged in at the screen as this user.
    boolean hasDesktop() {
        LaunchctlResult launchctlResult = ask("print", desktop());
        return launchctlResult.isDone() || isUnknownVerb(launchctlResult);
    }

    Job find(String label) {
        LaunchctlResult last = new LaunchctlResult(0, "", "");
        boolean system = label.startsWith(ForeignUnit.SYSTEM);
        String name = system ? label.substring(ForeignUnit.SYSTEM.length()) : label;
        for (String domain : system ? List.of("system") : List.of(desktop(), background())) {
            LaunchctlResult launchctlResult = ask("print", domain + "/" + name);
            if (launchctlResult.isDone()) {
                return new Job.Loaded(domain, LaunchctlPrint.of(launchctlResult.out()));
            }
            if (isUnknownVerb(launchctlResult)) {
                return listed(label);
            }
            boolean absent = launchctlResult.number() == NO_DOMAIN
                    || (launchctlResult.number() == NO_SERVICE
                            && launchctlResult.sentence().contains("Could not find service"));
            if (!absent) {
                return new Job.CannotTell(launchctlResult.sentence());
            }
            last = launchctlResult;
        }
        return last.number() == NO_DOMAIN
                ? new Job.CannotTell("launchd knows no session of this user: log in, and try again.")
                : new Job.NotLoaded();
    }

    private Job listed(String label) {
        LaunchctlResult launchctlResult = ask("list", label);
        return launchctlResult.isDone()
                ? new Job.Loaded(desktop(), LaunchctlPrint.ofDictionary(launchctlResult.out()))
                : launchctlResult.number() == NO_SERVICE || launchctlResult.number() == 1
                        ? new Job.NotLoaded()
                        : new Job.CannotTell(launchctlResult.sentence());
    }

    /// Whether the user, or somebody in his name, switched the agent on or off; empty when nobody did.
    Optional<Boolean> override(String label) {
        for (String domain : List.of(desktop(), background())) {
            LaunchctlResult launchctlResult = ask("print-disabled", domain);
            if (launchctlResult.isDone()) {
                return override(label, launchctlResult.out());
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
        LaunchctlResult launchctlResult = ask("bootstrap", domain, file.toString());
        return isUnknownVerb(launchctlResult) ? legacy("load", "-w", file.toString()) : launchctlResult;
    }

    LaunchctlResult bootout(String domain, String label, Optional<Path> file) {
        LaunchctlResult launchctlResult = ask("bootout", domain + "/" + label);
        return isUnknownVerb(launchctlResult) && file.isPresent()
                ? legacy("unload", file.get().toString())
                : launchctlResult;
    }

    LaunchctlResult kickstart(String domain, String label) {
        LaunchctlResult launchctlResult = ask("kickstart", domain + "/" + label);
        return isUnknownVerb(launchctlResult) ? ask("start", label) : launchctlResult;
    }

    LaunchctlResult enable(String domain, String label) {
        return ask("enable", domain + "/" + label);
    }

    LaunchctlResult disable(String domain, String label) {
        return ask("disable", domain + "/" + label);
    }

    /// `load` and `unload` end with 0 whatever came of it: what they say counts.
    private LaunchctlResult legacy(String... arguments) {
        LaunchctlResult launchctlResult = ask(arguments);
        Matcher matcher = NUMBER.matcher(launchctlResult.sentence());
        return launchctlResult.isDone() && matcher.find()
                ? new LaunchctlResult(
                        Integer.parseInt(matcher.group(1)), launchctlResult.out(), launchctlResult.sentence())
                : launchctlResult;
    }

    private LaunchctlResult ask(String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(program().map(Path::toString).orElse("/bin/launchctl"));
        argv.addAll(List.of(arguments));
        return switch (runner.run(Command.of(LIMIT, argv).with("LC_ALL", "C"))) {
            case ProcessResult.NotStarted notStarted -> new LaunchctlResult(-1, "", notStarted.reason());
            case ProcessResult.TimedOut timedOut ->
                new LaunchctlResult(
                        -1,
                        "",
                        "launchctl gave no answer in %d s"
                                .formatted(timedOut.limit().toSeconds()));
            case ProcessResult.Exited exited ->
                new LaunchctlResult(exited.status(), exited.out(), sentence(arguments[0], exited));
        };
    }

    private static String sentence(String verb, ProcessResult.Exited exited) {
        return exited.err()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("Bad request.") && !line.startsWith("Try running"))
                .findFirst()
                .orElse("launchctl %s ended with status %d".formatted(verb, exited.status()));
    }

    private static boolean isUnknownVerb(LaunchctlResult launchctlResult) {
        String text = launchctlResult.sentence().toLowerCase(Locale.ROOT);
        return launchctlResult.number() > 0
                && (text.contains("unrecognized subcommand") || text.contains("unknown subcommand"));
    }

    private Optional<Path> program() {
        return runner.find("launchctl").or(() -> runner.find("/bin/launchctl"));
    }

    /// As `id -u` says: the home may be another's under sudo.
    private synchronized String user() {
        if (user.isEmpty()
                && runner.run(Command.of(LIMIT, "/usr/bin/id", "-u")) instanceof ProcessResult.Exited exited) {
            user = exited.out().strip();
        }
        return user;
    }
}
