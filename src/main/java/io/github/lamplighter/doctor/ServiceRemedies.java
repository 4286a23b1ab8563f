package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.ServiceFilePath;
import io.github.lamplighter.service.ServiceState.Owner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Remedies for the service of a tool: its file, its `PATH`, and what an action on it interrupts. Remedies for
/// the install are in [RepairRemedies].
final class ServiceRemedies {

    /// The commands that end the process of the service or replace it.
    private static final Set<List<String>> INTERRUPTING =
            Set.of(List.of("restart"), List.of("stop"), List.of("service", "install"), List.of("service", "adopt"));

    private static final String ABOVE = "sets this PATH and overrides the service file";

    private ServiceRemedies() {}

    /// Adds what changes the `PATH` of the service: installing its file again if Lamplighter wrote it, editing
    /// it otherwise, or opening the file that overrides it.
    ///
    /// @param key of the text of the button
    static Result path(DiagnosisContext context, Result result, String key) {
        if (!context.servicePath().equals(context.pathInFile())) {
            Optional<Path> addition = context.additions().stream()
                    .filter(file -> pathOf(context, file).equals(context.servicePath()))
                    .reduce((_, last) -> last);
            Optional<String> other = context.variables()
                    .flatMap(given -> given.by("PATH"))
                    .filter(by ->
                            !by.equals(context.unit()) && context.pathInFile().isPresent());
            if (addition.isPresent()) {
                return result.proof(context.display(addition.get()), ABOVE)
                        .remedy(new Remedy.Open(addition.get().toString(), Messages.text("remedy.open-addition")));
            }
            if (other.isPresent()) {
                return result.proof(other.get(), ABOVE).remedy(new Remedy.Wait(Messages.text("remedy.as-proof")));
            }
        }
        return context.service().owner() != Owner.FOREIGN
                ? result.action(context, key, "service", "install")
                : result.remedy(editing(context));
    }

    /// Adds what changes the program that the service starts.
    static Result file(DiagnosisContext context, Result result) {
        Optional<Path> addition = context.additions().stream()
                .filter(file -> DiagnosisContext.text(file)
                        .filter(text -> text.contains("ExecStart"))
                        .isPresent())
                .reduce((_, last) -> last);
        if (addition.isPresent()) {
            return result.remedy(new Remedy.Open(addition.get().toString(), Messages.text("remedy.open-addition")));
        }
        return context.service().owner() != Owner.FOREIGN
                ? result.action(context, "remedy.service-write", "service", "install")
                : result.remedy(editing(context));
    }

    private static Remedy editing(DiagnosisContext context) {
        return new Remedy.CopyCommand(
                context.around().system().isMacos()
                        ? "open -e "
                                + context.service().file().map(context::display).orElse(context.unit())
                        : "systemctl --user edit --full " + context.unit(),
                Messages.text("remedy.edit-service-file"));
    }

    private static Optional<String> pathOf(DiagnosisContext context, Path file) {
        return DiagnosisContext.text(file)
                .flatMap(text ->
                        ServiceFilePath.in(text, context.around().directories().home()));
    }

    /// What a command would interrupt beyond its purpose, as a phrase.
    static Optional<String> interruptedBy(DiagnosisContext context, List<String> verb) {
        if (!INTERRUPTING.contains(verb) || !context.hasProcess()) {
            return Optional.empty();
        }
        String open = context.sessions()
                .map(count -> switch (count) {
                    case SessionCounter.Count.Open(int number, var _) ->
                        number == 0 ? "no open sessions" : number == 1 ? "1 open session" : number + " open sessions";
                    case SessionCounter.Count.NotCounted _ -> "open sessions could not be counted";
                })
                .orElse("");
        String restarts = verb.size() > 1 ? "restarts " + context.name() : "";
        return Optional.of(Stream.of(restarts, open)
                        .filter(phrase -> !phrase.isEmpty())
                        .collect(Collectors.joining("; ")))
                .filter(phrase -> !phrase.isEmpty());
    }
}
