package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.text.Evidence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds a second service of a tool, the user's or the system's: two services compete for the same port and
/// data.
final class DuplicateServiceCheck {

    private DuplicateServiceCheck() {}

    static Optional<Result> ask(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        ServiceManager manager = context.around().services();
        ServiceState own = context.service();
        List<Evidence> proof = new ArrayList<>();
        boolean first = isUp(own) || own.enabled().filter(on -> on).isPresent();
        if (first) {
            proof.add(new Evidence(
                    own.file().map(context::display).orElse(context.unit()),
                    does(own.enabled().orElse(false), isUp(own), "")));
        }
        List<Remedy> remedies = new ArrayList<>();
        for (ForeignUnit unit : manager.foreign(context.manifest().install())) {
            boolean up = isUp(manager.state(unit.unit()));
            if (unit.unit().equals(context.unit()) || !(unit.enabled() || up)) {
                continue;
            }
            if (!proof.isEmpty()) {
                remedies.add(end(context, unit));
            }
            proof.add(new Evidence(
                    context.display(unit.file()),
                    does(unit.enabled(), up, unit.isOfTheSystem() ? ", system-wide" : "")));
        }
        if (proof.size() < 2) {
            return Optional.empty();
        }
        Result result = Result.of(Severity.WARNING, "service-duplicate").proof(proof);
        for (Remedy remedy : remedies) {
            result = result.remedy(remedy);
        }
        return result.found();
    }

    /// What ends a service, now and at login.
    static Remedy end(DiagnosisContext context, ForeignUnit unit) {
        return new Remedy.CopyCommand(ending(context, unit), Messages.text("remedy.end-service", plain(unit)));
    }

    /// The names of other services that run the tool.
    static Set<String> others(DiagnosisContext context) {
        return context.around().services().foreign(context.manifest().install()).stream()
                .filter(unit -> !unit.unit().equals(context.unit()))
                .map(DuplicateServiceCheck::plain)
                .collect(Collectors.toSet());
    }

    private static boolean isUp(ServiceState state) {
        return switch (state.phase()) {
            case RUNNING, STARTING, RESTARTING -> true;
            case STOPPED, FAILED, NOT_INSTALLED, UNKNOWN -> false;
        };
    }

    private static String does(boolean atLogin, boolean runs, String where) {
        return (runs ? "running, " : "not running, ") + (atLogin ? "enabled" : "disabled") + where;
    }

    private static String plain(ForeignUnit unit) {
        return unit.isOfTheSystem() ? unit.unit().substring(ForeignUnit.SYSTEM.length()) : unit.unit();
    }

    private static String ending(DiagnosisContext context, ForeignUnit unit) {
        String name = plain(unit);
        if (unit.autostart().isPresent()) {
            return withoutEntry(context, unit.autostart().get())
                    + " && systemctl --user daemon-reload && systemctl --user stop " + Command.quoted(name);
        }
        if (unit.isOfTheSystem()) {
            return context.around().services().rootDisableCommand(name);
        }
        if (context.around().system().isMacos()) {
            return "launchctl disable gui/$(id -u)/%s && launchctl bootout gui/$(id -u)/%s".formatted(name, name);
        }
        return "systemctl --user disable --now " + name;
    }

    /// Hides the entry, as the desktop's settings do (Desktop Application Autostart Specification). systemd starts a
    /// file in that folder whatever its name ends in. The entry of all users is hidden by one of the user's own.
    private static String withoutEntry(DiagnosisContext context, Path entry) {
        Path home = context.around().directories().home();
        Path own =
                context.around().directories().configHome().resolve("autostart").resolve(entry.getFileName());
        return entry.startsWith(home)
                ? "sed -i --follow-symlinks -e '/^Hidden=/d' -e 's/^\\[Desktop Entry\\].*/&\\nHidden=true/' "
                        + Command.quoted(entry.toString())
                : "printf '[Desktop Entry]\\nHidden=true\\n' > " + Command.quoted(own.toString());
    }
}
