package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.tool.Manifest;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A command that changes a service: runs the change under the tool's lock, asks before it interrupts something, and
/// reports the service's state afterwards.
@Command(exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
abstract class ServiceChangeCommand extends ServiceSubcommand {

    ServiceChangeCommand(String name, ServiceContext context) {
        super(name, context);
    }

    /// Changes the service and reports its state.
    ///
    /// @param doing for those who find the lock taken: `Starting`
    /// @param done for `activity`, with a place for the tool's name: `started %s`
    /// @param undo the command that undoes it, without the tool's name; empty if nothing is to be undone
    final CommandResult change(
            Manifest manifest, String doing, String done, String undo, Supplier<ServiceOutcome> work) {
        ServiceOperation.Labels labels = new ServiceOperation.Labels(doing, done, name(), undo);
        // The work may have changed the manifest's service.
        Supplier<Manifest> after = () ->
                ToolSelection.of(context().manifests(), List.of(manifest.name().value())).tools().stream()
                        .findFirst()
                        .orElse(manifest);
        return switch (context().operation().run(manifest, context().control().unit(manifest), labels, work, after)) {
            case ServiceOperation.Result.Completed(ServiceOutcome outcome, List<Finding> warnings) -> {
                Optional<ServiceStatus> status = outcome instanceof ServiceOutcome.Refused
                        ? Optional.empty()
                        : Optional.of(context().control().status(after.get()));
                boolean running = status.filter(now -> now.state().phase() == Phase.RUNNING)
                        .isPresent();
                yield result(
                        manifest,
                        outcome,
                        "service-" + outcome.word(),
                        exitCode(outcome),
                        status,
                        running ? warnings : List.of());
            }
            case ServiceOperation.Result.Busy(String why) ->
                result(manifest, new ServiceOutcome.Refused(why), "busy", ExitCode.BUSY, Optional.empty(), List.of());
        };
    }

    /// Runs `work`, after the user has confirmed what it interrupts.
    ///
    /// @param impact what is interrupted or lost, as sentences
    final CommandResult unlessHarmful(
            Manifest manifest, boolean yes, Optional<String> impact, Supplier<CommandResult> work) {
        return unlessHarmful(manifest, yes, impact, _ -> {}, work);
    }

    /// @param details adds to the JSON what a program may show before it confirms
    final CommandResult unlessHarmful(
            Manifest manifest,
            boolean yes,
            Optional<String> impact,
            Consumer<ObjectNode> details,
            Supplier<CommandResult> work) {
        if (yes || impact.isEmpty() || (!json() && console().agrees(impact.get() + " Continue?"))) {
            return work.get();
        }
        String why = "%s Nothing was changed. To continue anyway, add `--yes`.".formatted(impact.get());
        return new CommandResult(
                ExitCode.REFUSED,
                () -> {
                    ObjectNode data = JsonFile.MAPPER.createObjectNode();
                    data.put("name", manifest.name().value());
                    data.put("outcome", "refused");
                    data.put("reason", why);
                    data.put("consent", impact.get());
                    details.accept(data);
                    return data;
                },
                List.of(new Problem("needs-consent", impact.get())),
                console -> console.warn(manifest.name() + ": " + why));
    }

    /// Sessions and processes that end with the service.
    final Optional<String> stopImpact(Manifest manifest) {
        return context().stopImpact().of(manifest, context().control().unit(manifest));
    }

    static Optional<String> joined(Optional<String> one, Optional<String> other) {
        return Stream.concat(one.stream(), other.stream()).reduce((first, second) -> first + " " + second);
    }

    final CommandResult result(Manifest manifest, ServiceOutcome outcome) {
        return result(manifest, outcome, "service-" + outcome.word(), exitCode(outcome), Optional.empty(), List.of());
    }

    /// @param status the state now, if something may have changed
    /// @param warnings of the check that followed
    private CommandResult result(
            Manifest manifest,
            ServiceOutcome outcome,
            String code,
            int exitCode,
            Optional<ServiceStatus> status,
            List<Finding> warnings) {
        return new CommandResult(
                exitCode,
                () -> json(manifest, outcome, status, warnings),
                exitCode == ExitCode.OK ? List.of() : List.of(new Problem(code, outcome.reason())),
                console -> print(manifest, outcome, exitCode, status, warnings, console));
    }

    private ObjectNode json(
            Manifest manifest, ServiceOutcome outcome, Optional<ServiceStatus> status, List<Finding> warnings) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", manifest.name().value());
        data.put("outcome", outcome.word());
        data.put("reason", outcome.reason());
        outcome.failure().ifPresent(failed -> failed.lastLines().forEach(data.putArray("lastLines")::add));
        status.ifPresent(now -> context().statusText().putFacts(data, now));
        ArrayNode warned = data.putArray("warnings");
        warnings.forEach(finding -> warned.addObject().put("id", finding.id()).put("message", sentence(finding)));
        return data;
    }

    private void print(
            Manifest manifest,
            ServiceOutcome outcome,
            int exitCode,
            Optional<ServiceStatus> status,
            List<Finding> warnings,
            Console console) {
        String sentence = manifest.name() + ": " + outcome.reason();
        PrintStream stream = exitCode == ExitCode.OK ? console.out() : console.err();
        if (exitCode == ExitCode.OK) {
            console.out().println(sentence);
        } else {
            console.warn(sentence);
        }
        outcome.failure().ifPresent(failed -> failed.lastLines().forEach(line -> stream.println("    " + line)));
        status.ifPresent(now -> stream.println("  " + context().statusText().line(now)));
        warnings.forEach(finding -> console.err().println("  ! " + sentence(finding)));
    }

    private static String sentence(Finding finding) {
        return finding.title() + finding.effect().map(effect -> ". " + effect).orElse(".");
    }

    private static int exitCode(ServiceOutcome outcome) {
        return switch (outcome) {
            case ServiceOutcome.Done _, ServiceOutcome.Already _ -> ExitCode.OK;
            case ServiceOutcome.Refused _ -> ExitCode.REFUSED;
            case ServiceOutcome.Failed _ -> ExitCode.FAILED;
        };
    }
}
