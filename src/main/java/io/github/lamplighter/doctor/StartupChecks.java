package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.service.AdoptionRecords;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.Drift;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.InheritedVariables;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceTarget;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The group *Startup*: the service file, start at login, and lingering.
final class StartupChecks {

    private static final Pattern INSTALL = Pattern.compile("(?m)^\\s*\\[Install]");

    private StartupChecks() {}

    static Optional<Result> serviceFile(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        ServiceState state = context.service();
        String shown = state.file().map(context::display).orElse(context.unit());
        if (context.isWithoutFile()) {
            return Result.of(
                            context.isExpectedToRun() ? Severity.WARNING : Severity.INFO,
                            context.hasProcess() ? "service-file.gone-later" : "service-file.gone")
                    .proof(shown, "file does not exist")
                    .proof(ProcessChecks.evidence(state))
                    .action(context, "remedy.service-install", "service", "install")
                    .found();
        }
        if (context.file().isEmpty()) {
            // *process* reports a missing service file, with the action.
            return Optional.empty();
        }
        if (context.file().get().isEmpty()) {
            return Result.of(Severity.UNKNOWN, "service-file.unknown")
                    .proof(shown, "empty or not readable")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        Optional<Result> astray = context.astray().flatMap(starts -> astray(context, shown, starts));
        if (astray.isPresent()) {
            return astray;
        }
        // A manager that cannot be queried does not know it; the file tells.
        boolean isOurs = state.phase() == ServiceState.Phase.UNKNOWN
                ? context.around().services().isWritten(context.unit())
                : state.owner() != Owner.FOREIGN;
        Result result = isOurs
                ? switch (context.definition()) {
                    case ServiceDefinitionFactory.Result.Refused(String why) ->
                        Result.of(Severity.WARNING, "service-file.refused")
                                .proof(shown, why)
                                .remedy(new Remedy.Wait(Messages.text("remedy.as-proof")));
                    case ServiceDefinitionFactory.Result.Made(ServiceDefinition wanted, var _) ->
                        compared(context, shown, wanted);
                }
                : foreign(context, shown).proof(additions(context));
        return result.severity().weight() > Severity.INFO.weight()
                ? result.found()
                : changedSince(context).or(result::found);
    }

    /// Most settings of a service are those of its start, whatever its files say since. A note: some, like `Restart=`,
    /// apply at once.
    private static Optional<Result> changedSince(DiagnosisContext context) {
        Optional<Instant> began = context.service().since().filter(_ -> context.hasProcess());
        // systemd reports whole seconds.
        return began.flatMap(since -> Stream.concat(context.service().file().stream(), context.additions().stream())
                .filter(file -> !isAppliedAtOnce(file))
                .flatMap(file -> changedAt(file)
                        .filter(at -> at.isAfter(since.plusSeconds(2)))
                        .map(at -> new Evidence(context.display(file), "changed on " + context.second(at)))
                        .stream())
                .findFirst()
                .map(changed -> Result.of(Severity.INFO, "service-file.later")
                        .proof(context.unit(), "running since " + context.second(since))
                        .proof(List.of(changed))
                        .action(context, "remedy.restart", "restart")));
    }

    /// The files of `systemctl set-property`.
    private static boolean isAppliedAtOnce(Path file) {
        return file.toString().contains(".control/");
    }

    private static Optional<Instant> changedAt(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The finding for a service that does not start this copy, unless *is this copy* already reports it.
    private static Optional<Result> astray(DiagnosisContext context, String shown, ServiceTarget starts) {
        Severity now = context.hasProcess() || !context.isExpectedToRun() ? Severity.WARNING : Severity.FAILURE;
        return switch (starts) {
            case ServiceTarget.NoProgram(Path program) ->
                ServiceRemedies.file(
                                context,
                                Result.of(
                                                now,
                                                context.hasProcess()
                                                        ? "service-file.nothing-later"
                                                        : "service-file.nothing")
                                        .proof(
                                                shown,
                                                "starts %s, which does not exist".formatted(context.display(program)))
                                        .proof(additions(context)))
                        .found();
            case ServiceTarget.OtherInstallation other ->
                context.identityResult().orElse(null) instanceof IdentityResult.No
                        ? Optional.empty()
                        : anotherCopy(
                                        context,
                                        Result.of(Severity.WARNING, "service-file.another-copy", context.name()),
                                        other)
                                .found();
        };
    }

    /// Adds which copy the service starts, and the two remedies.
    static Result anotherCopy(DiagnosisContext context, Result result, ServiceTarget.OtherInstallation other) {
        String shown = context.service().file().map(context::display).orElse(context.unit());
        Result told = result.proof(
                        shown,
                        "starts %s, which belongs to %s %s"
                                .formatted(
                                        context.display(other.program()),
                                        other.copy().packageName(),
                                        other.copy().version())
                                .strip())
                .proof(
                        context.description(),
                        "describes the installation in %s"
                                .formatted(context.display(
                                        context.manifest().install().environment())))
                .proof(additions(context));
        if (other.program().equals(context.manifest().install().program())) {
            // The file is as Lamplighter would write it: the launcher leads elsewhere.
            return RepairRemedies.follow(context, told, other.program());
        }
        return ServiceRemedies.file(context, told)
                .remedy(new Remedy.CopyCommand(
                        "%s && %s"
                                .formatted(
                                        Command.of(Duration.ZERO, "lamplighter", "forget", context.name())
                                                .line(),
                                        Command.of(
                                                        Duration.ZERO,
                                                        "lamplighter",
                                                        "add",
                                                        other.program().toString(),
                                                        "--as",
                                                        context.name())
                                                .line()),
                        Messages.text("remedy.look-after-that")));
    }

    /// The finding for an adopted service file that changed since. Only a file that equals the original is
    /// known to be restored.
    private static Result foreign(DiagnosisContext context, String shown) {
        Optional<AdoptionRecords.Adoption> adopted = new AdoptionRecords(
                        context.around().directories())
                .of(context.name())
                .filter(kept -> kept.unit().equals(context.unit()));
        if (adopted.isPresent()) {
            boolean same = adopted.get().isSame(context.file().orElse(""));
            return Result.of(
                            Severity.WARNING,
                            same ? "service-file.own-installer" : "service-file.written-anew",
                            context.name())
                    .proof(shown, same ? "same content as before it was adopted" : "no longer written by Lamplighter")
                    .action(context, "remedy.service-adopt", "service", "adopt");
        }
        Result result = Result.of(Severity.INFO, "service-file.foreign").proof(shown, "not written by Lamplighter");
        Optional<ForeignUnit> unit = context
                .around()
                .services()
                .foreign(context.manifest().install())
                .stream()
                .filter(found -> found.unit().equals(context.unit()))
                .findFirst();
        if (unit.flatMap(ForeignUnit::autostart).isPresent()) {
            return result.remedy(DuplicateServiceCheck.end(context, unit.get()));
        }
        Optional<String> obstacle = unit.flatMap(ForeignUnit::obstacle);
        if (obstacle.isPresent()) {
            return result.proof(shown, obstacle.get()).remedy(new Remedy.Wait(Messages.text("remedy.nothing")));
        }
        // A service that starts another copy, or nothing, cannot be adopted.
        return context.unit().startsWith(ForeignUnit.SYSTEM) || context.astray().isPresent()
                ? result.remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                : result.action(context, "remedy.service-adopt", "service", "adopt");
    }

    private static Result compared(DiagnosisContext context, String shown, ServiceDefinition wanted) {
        Drift drift = Drift.between(
                context.file().orElse(""),
                wanted,
                context.around().services()::render,
                InheritedVariables.names(context.manifest()),
                context.around().directories().home());
        List<String> differences =
                drift.lines().stream().map(UntrustedText::masked).toList();
        if (differences.isEmpty() && !drift.lacking().isEmpty()) {
            return Result.of(
                            Severity.INFO,
                            drift.lacking().size() == 1 ? "service-file.one-folder" : "service-file.folders",
                            drift.lacking().size())
                    .proof(drift.lacking().stream()
                            .map(folder -> new Evidence(
                                    context.display(Path.of(folder)),
                                    "in your shell's PATH, but not in the service's PATH"))
                            .toList())
                    .proof(additions(context))
                    .action(context, "remedy.service-diff", "service", "diff")
                    .action(context, "remedy.service-path", "service", "install");
        }
        if (differences.isEmpty()) {
            return context.additions().isEmpty()
                    ? Result.of(Severity.OK, "service-file.well")
                            .proof(shown, "matches what Lamplighter would write now")
                    : Result.of(Severity.INFO, "service-file.added")
                            .proof(additions(context))
                            .remedy(new Remedy.CopyCommand(
                                    "systemctl --user cat " + context.unit(), Messages.text("remedy.service-cat")));
        }
        String detail = "%d %s: %s"
                .formatted(
                        differences.size(),
                        differences.size() == 1 ? "line differs" : "lines differ",
                        String.join(", ", differences.stream().limit(4).toList()));
        boolean byHand = context.around().services().isChangedByHand(context.unit());
        Result result = Result.of(Severity.WARNING, byHand ? "service-file.changed" : "service-file.older")
                .proof(shown, detail)
                .proof(additions(context))
                .action(context, "remedy.service-diff", "service", "diff");
        return (byHand ? result.remedy(keep(context)) : result)
                .action(context, "remedy.service-write", "service", "install");
    }

    /// An upgrade does not touch an edited file, so the other choice is to ignore the finding.
    private static Remedy keep(DiagnosisContext context) {
        return new Remedy.Action(
                "ignore",
                List.of("lamplighter", "ignore", context.name(), CheckId.SERVICE_FILE),
                Messages.text("remedy.service-keep"));
    }

    private static List<Evidence> additions(DiagnosisContext context) {
        return context.additions().stream()
                .map(file -> new Evidence(context.display(file), "overrides the service file"))
                .toList();
    }

    static Optional<Result> atLogin(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        ServiceState state = context.service();
        // *process* reports a masked service.
        if (!state.isInstalled() || state.masked() || context.isWithoutFile()) {
            return Optional.empty();
        }
        Optional<Result> onConnection = onConnection(context, state);
        if (onConnection.isPresent()) {
            return onConnection;
        }
        if (isStatic(context) && !state.enabled().orElse(false)) {
            return unswitched(context, state).found();
        }
        Optional<Result> unreached = unreached(context, state);
        if (unreached.isPresent()) {
            return unreached;
        }
        if (state.enabled().isEmpty()) {
            return Result.of(Severity.UNKNOWN, "at-login.unknown")
                    .proof(state.unit(), state.words())
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        boolean enabled = state.enabled().get();
        if (enabled == context.isExpectedToRun()) {
            Optional<String> ends = enabled ? context.around().services().endsAtLogout() : Optional.empty();
            return Result.of(
                            Severity.OK,
                            ends.isPresent() ? "at-login.until-logout" : enabled ? "at-login.on" : "at-login.off")
                    .proof(state.unit(), enabled ? "enabled" : "disabled")
                    .proof(ends.map(why -> new Evidence("this demo", why)).stream()
                            .toList())
                    .found();
        }
        // A disabled service is the user's choice; it is shown, with the remedy.
        return enabled
                ? Result.of(Severity.INFO, "at-login.on-though")
                        .proof(state.unit(), "enabled")
                        .action(context, "remedy.disable", "service", "disable")
                        .found()
                : Result.of(Severity.INFO, "at-login.off-though")
                        .proof(state.unit(), "disabled")
                        .action(context, "remedy.enable", "service", "enable")
                        .found();
    }

    /// Enabled, and yet it does not start when its user logs in.
    private static Optional<Result> unreached(DiagnosisContext context, ServiceState state) {
        if (!context.isExpectedToRun()) {
            return Optional.empty();
        }
        return switch (state.atLogin()) {
            case AtLogin.Unreached reached ->
                Result.of(Severity.WARNING, "at-login.unreached")
                        .proof(state.unit(), reached.words())
                        .remedy(new Remedy.CopyCommand(
                                "systemctl --user add-wants default.target " + state.unit(),
                                Messages.text("remedy.add-wants")))
                        .found();
            case AtLogin.WithDesktop reached ->
                Result.of(Severity.WARNING, "at-login.desktop")
                        .proof(state.unit(), reached.words())
                        .remedy(new Remedy.CopyCommand(
                                "systemctl --user add-wants default.target " + state.unit(),
                                Messages.text("remedy.add-wants")))
                        .found();
            case AtLogin.Starts _, AtLogin.Disabled _, AtLogin.ByUnit _, AtLogin.Unknown _ -> Optional.empty();
        };
    }

    /// systemd.unit(5): a unit without an `[Install]` section cannot be enabled; another unit starts it, or
    /// none.
    private static boolean isStatic(DiagnosisContext context) {
        return !context.around().system().isMacos()
                && context.file().filter(text -> !text.isEmpty()).isPresent()
                && Stream.concat(
                                context.file().stream(),
                                context.additions().stream().flatMap(file -> DiagnosisContext.text(file).stream()))
                        .noneMatch(text -> INSTALL.matcher(text).find());
    }

    private static Result unswitched(DiagnosisContext context, ServiceState state) {
        String shown = state.file().map(context::display).orElse(context.unit());
        if (state.enabled().isEmpty()) {
            return Result.of(Severity.INFO, "at-login.asked")
                    .proof(shown, "has no [Install] section; another unit starts it")
                    .remedy(new Remedy.CopyCommand(
                            "systemctl --user list-dependencies --reverse " + context.unit(),
                            Messages.text("remedy.who-asks")));
        }
        Result result = Result.of(
                        context.isExpectedToRun() ? Severity.INFO : Severity.OK,
                        context.isExpectedToRun() ? "at-login.static" : "at-login.off")
                .proof(shown, "has no [Install] section, so it cannot be enabled");
        return context.isExpectedToRun()
                ? result.remedy(new Remedy.CopyCommand(
                        "systemctl --user edit --full " + context.unit(), Messages.text("remedy.add-install")))
                : result;
    }

    /// A service that starts when a client connects is not started at login, but its socket is.
    private static Optional<Result> onConnection(DiagnosisContext context, ServiceState state) {
        if (!context.isExpectedToRun() || state.enabled().orElse(false)) {
            return Optional.empty();
        }
        // systemd.socket(5): the socket of a service has its name, unless the socket names another service.
        Stream<String> starters = state.atLogin() instanceof AtLogin.ByUnit(List<String> units)
                ? units.stream()
                : Stream.of(state.unit().replaceFirst("\\.service$", ".socket"));
        return starters.filter(starter -> starter.endsWith(".socket"))
                .filter(socket ->
                        context.around().services().state(socket).enabled().orElse(false))
                .findFirst()
                .map(socket -> Result.of(Severity.OK, "at-login.socket").proof(socket, "enabled"));
    }

    static Optional<Result> logOut(DiagnosisContext context) {
        if (!context.isExpectedToRun() || !context.service().isInstalled()) {
            return Optional.empty();
        }
        String source = "loginctl, Linger";
        Optional<String> ends = context.around().services().endsAtLogout();
        if (ends.isPresent()) {
            return Result.of(Severity.INFO, "log-out.stops")
                    .proof("this demo", ends.get())
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        return context.around()
                .services()
                .lingers()
                .map(on -> on
                        ? Result.of(Severity.OK, "log-out.goes-on").proof(source, "lingering is on")
                        // The default for every service, so it is no warning (docs/checks.md).
                        : Result.of(Severity.INFO, "log-out.stops")
                                .proof(source, "lingering is off")
                                .remedy(new Remedy.Action(
                                        "service-enable-linger",
                                        List.of("lamplighter", "service", "enable", context.name(), "--linger"),
                                        Messages.text("remedy.linger"))));
    }

    /// Whether a service manager can run here: not in a container, in WSL without systemd, or under `sudo`.
    static Optional<Result> platform(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        ServiceManager services = context.around().services();
        return services.unavailable()
                .map(why -> platform(context, services)
                        .proof("this system", why)
                        .remedy(new Remedy.Wait(Messages.text("remedy.as-proof"))))
                .or(() -> Optional.of(Result.of(Severity.OK, "platform.well")
                        .proof(
                                "the service manager",
                                services.startedAt()
                                        .map(at -> "running since "
                                                + FindingTimes.minute(
                                                        at,
                                                        context.around().zone().get()))
                                        .orElse("running"))));
    }

    private static Result platform(DiagnosisContext context, ServiceManager services) {
        return services.isSilent()
                ? Result.of(Severity.UNKNOWN, "platform.silent")
                : Result.of(context.isExpectedToRun() ? Severity.WARNING : Severity.INFO, "platform.none");
    }

    static Optional<Path> workingDirectory(DiagnosisContext context) {
        return context.definition() instanceof ServiceDefinitionFactory.Result.Made made
                ? Optional.of(made.definition().workingDirectory())
                : Optional.empty();
    }
}
