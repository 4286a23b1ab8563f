package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.service.Definitions;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.tool.Manifest.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The group *At login*: the service file, whether it starts at login, and whether it lives on after log-out.
final class LoginChecks {

    private LoginChecks() {}

    static Optional<Result> serviceFile(Subject subject) {
        if (!subject.isService()) {
            return Optional.empty();
        }
        ServiceState state = subject.service();
        String shown = state.file().map(subject::display).orElse(subject.unit());
        if (subject.file().isEmpty()) {
            // That there is none is said by *process*, with the button.
            return Optional.empty();
        }
        if (subject.file().get().isEmpty()) {
            return Result.of(Severity.UNKNOWN, "service-file.unknown")
                    .proof(shown, "it is empty, or may not be read")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        if (state.owner() == Owner.FOREIGN) {
            return Result.of(Severity.INFO, "service-file.foreign")
                    .proof(shown, "not written by Lamplighter")
                    .proof(additions(subject))
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        return switch (subject.around().definition().apply(subject.manifest())) {
            case Definitions.Result.Refused(String why) ->
                Result.of(Severity.WARNING, "service-file.refused")
                        .proof(shown, why)
                        .remedy(new Remedy.Wait(Messages.text("remedy.as-proof")))
                        .found();
            case Definitions.Result.Made(ServiceDefinition wanted) ->
                compared(subject, shown, wanted).found();
        };
    }

    private static Result compared(Subject subject, String shown, ServiceDefinition wanted) {
        ServiceDefinition kept = subject.pathInFile().map(wanted::withPath).orElse(wanted);
        List<String> inherited =
                subject.manifest().service().map(Service::inherit).orElse(List.of());
        List<String> differences = differences(
                subject.file().orElse(""), subject.around().services().render(kept), inherited);
        if (differences.isEmpty()) {
            return subject.additions().isEmpty()
                    ? Result.of(Severity.OK, "service-file.well").proof(shown, "as Lamplighter would write it now")
                    : Result.of(Severity.INFO, "service-file.added")
                            .proof(additions(subject))
                            .remedy(new Remedy.CopyCommand(
                                    "systemctl --user cat " + subject.unit(), Messages.text("remedy.service-cat")));
        }
        String detail = "%d %s: %s"
                .formatted(
                        differences.size(),
                        differences.size() == 1 ? "line differs" : "lines differ",
                        String.join(", ", differences.stream().limit(4).toList()));
        return Result.of(
                        Severity.WARNING,
                        subject.around().services().isChangedByHand(subject.unit())
                                ? "service-file.changed"
                                : "service-file.older")
                .proof(shown, detail)
                .proof(additions(subject))
                .action(subject, "remedy.service-diff", "service", "diff")
                .action(subject, "remedy.service-write", "service", "install");
    }

    private static List<Evidence> additions(Subject subject) {
        return subject.additions().stream()
                .map(file -> new Evidence(subject.display(file), "changes what the service file says"))
                .toList();
    }

    static Optional<Result> atLogin(Subject subject) {
        ServiceState state = subject.service();
        // Of a masked one *process* says that nothing starts it.
        if (!subject.isService() || !state.isInstalled() || RunningChecks.isMasked(state)) {
            return Optional.empty();
        }
        if (state.enabled().isEmpty()) {
            return Result.of(Severity.UNKNOWN, "at-login.unknown")
                    .proof(state.unit(), state.words())
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        boolean enabled = state.enabled().get();
        if (enabled == subject.isExpectedToRun()) {
            return Result.of(Severity.OK, enabled ? "at-login.on" : "at-login.off")
                    .proof(state.unit(), enabled ? "enabled" : "disabled")
                    .found();
        }
        // A service that was switched off by hand is a choice; it is shown, with the way back.
        return enabled
                ? Result.of(Severity.INFO, "at-login.on-though")
                        .proof(state.unit(), "enabled")
                        .action(subject, "remedy.disable", "service", "disable")
                        .found()
                : Result.of(Severity.INFO, "at-login.off-though")
                        .proof(state.unit(), "disabled")
                        .action(subject, "remedy.enable", "service", "enable")
                        .found();
    }

    static Optional<Result> logOut(Subject subject) {
        if (!subject.isExpectedToRun() || !subject.service().isInstalled()) {
            return Optional.empty();
        }
        String source = "loginctl, Linger";
        return subject.around()
                .services()
                .lingers()
                .map(on -> on
                        ? Result.of(Severity.OK, "log-out.goes-on").proof(source, "lingering is on")
                        // On a desktop this is how things are: it is said, and asks for nobody's attention.
                        : Result.of(Severity.INFO, "log-out.stops")
                                .proof(source, "lingering is off")
                                .remedy(new Remedy.Action(
                                        "service-enable-linger",
                                        List.of("lamplighter", "service", "enable", subject.name(), "--linger"),
                                        Messages.text("remedy.linger"))));
    }

    /// The keys of the lines that only one of both has, in the order of the file. Comments do not count, nor
    /// do variables that were taken over from the shell: the shell is not asked again to compare them.
    static List<String> differences(String onDisk, String wanted, List<String> inherited) {
        List<String> left = new ArrayList<>(lines(onDisk));
        List<String> right = new ArrayList<>(lines(wanted));
        for (String name : inherited) {
            left.removeIf(line -> line.matches("Environment=\"?" + Pattern.quote(name) + "=.*"));
            right.removeIf(line -> line.matches("Environment=\"?" + Pattern.quote(name) + "=.*"));
        }
        for (String line : List.copyOf(left)) {
            if (right.remove(line)) {
                left.remove(line);
            }
        }
        return Stream.concat(left.stream(), right.stream())
                .map(line -> Foreign.clean(line.contains("=") ? line.substring(0, line.indexOf('=')) : line))
                .distinct()
                .toList();
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";"))
                .toList();
    }

    static Optional<Path> workingDirectory(Subject subject) {
        return subject.around().definition().apply(subject.manifest()) instanceof Definitions.Result.Made made
                ? Optional.of(made.definition().workingDirectory())
                : Optional.empty();
    }
}
