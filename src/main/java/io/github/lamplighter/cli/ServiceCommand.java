package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.AdoptService;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceManager.LogLine;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.service.UnmanagedProcesses;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `service VERB NAME`: the background service of one tool.
@Command(
        name = "service",
        header = "Manage a tool's background service",
        customSynopsis = "lamplighter service COMMAND NAME [OPTIONS]",
        description = "A service is a systemd user unit, or a launchd agent on macOS.",
        footer = {
            "lamplighter service install http-server",
            "lamplighter service enable http-server --linger",
            "lamplighter service logs http-server -f"
        })
public final class ServiceCommand implements Callable<Integer>, HelpLayout.Grouped {

    private static final List<HelpLayout.Group> GROUPS = List.of(
            HelpLayout.Group.of("Set up", "install", "uninstall", "adopt", "diff"),
            HelpLayout.Group.of("Run", "start", "stop", "restart", "status", "logs"),
            HelpLayout.Group.of("Start at login", "enable", "disable"));

    /// As many lines as anybody may want to see at once.
    private static final int ALL = 100_000;

    /// How many restarts by the manager itself are no accident any more.
    private static final int STORM = 3;

    private static final int WORDS = 3;

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final ServiceControl serviceControl;
    private final StopImpactAssessor stopImpactAssessor;
    private final AdoptService adoptService;
    private final UnmanagedProcesses unmanagedProcesses;
    private final ServiceOperation change;
    private final ManifestStore manifests;
    private final ProcessRunner runner;
    private final AppDirectories directories;
    private final ServiceStatusText facts;
    private final ZoneId zone;
    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public ServiceCommand(
            ServiceControl serviceControl,
            StopImpactAssessor stopImpactAssessor,
            AdoptService adoptService,
            UnmanagedProcesses unmanagedProcesses,
            ServiceOperation change,
            ManifestStore manifests,
            ProcessRunner runner,
            AppDirectories directories,
            InstantSource clock,
            ZoneId zone,
            Console console) {
        this.serviceControl = serviceControl;
        this.stopImpactAssessor = stopImpactAssessor;
        this.adoptService = adoptService;
        this.unmanagedProcesses = unmanagedProcesses;
        this.change = change;
        this.manifests = manifests;
        this.runner = runner;
        this.directories = directories;
        this.facts = new ServiceStatusText(directories, clock, zone);
        this.zone = zone;
        this.console = console;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "It needs a verb: install, uninstall, start, stop, restart, enable, disable, adopt, status, diff or"
                        + " logs.");
    }

    @Override
    public List<HelpLayout.Group> groups() {
        return GROUPS;
    }

    // Short for the commands below `service`.

    public Object start() {
        return new Start();
    }

    public Object stop() {
        return new Stop();
    }

    public Object restart() {
        return new Restart();
    }

    public Object logs() {
        return new Logs();
    }

    public Object open() {
        return new Open();
    }

    /// This command with its verbs, to be put into the command line.
    public CommandLine withVerbs() {
        CommandLine line = new CommandLine(this);
        List.of(
                        new Install(),
                        new Uninstall(),
                        new Start(),
                        new Stop(),
                        new Restart(),
                        new Enable(),
                        new Disable(),
                        new Status(),
                        new Diff(),
                        new Adopt(),
                        new Logs())
                .forEach(line::addSubcommand);
        return line;
    }

    /// What all verbs take: the tool's name, and whether the answer is JSON.
    abstract class ServiceSubcommand implements Callable<Integer> {

        @Parameters(paramLabel = "NAME", description = "Managed tool")
        private String name = "";

        @Option(names = "--json", description = "Print the result as JSON")
        private boolean json;

        abstract String word();

        abstract int run(Manifest manifest);

        @Override
        public Integer call() {
            ToolSelection found = ToolSelection.of(manifests, List.of(name));
            return found.tools().isEmpty()
                    ? console.print(word(), found.problem(), json)
                    : run(found.tools().getFirst());
        }

        final boolean json() {
            return json;
        }

        final int problem(int code, String id, String sentence) {
            return console.problem(json, word(), code, new Problem(id, sentence));
        }

        /// @param doing for those who find the tool busy
        /// @param done for the record of changes
        /// @param back the verb that puts it back
        final int change(Manifest manifest, String doing, String done, String back, Supplier<ServiceOutcome> work) {
            ServiceOperation.Words words = new ServiceOperation.Words(doing, done, word(), back);
            // The verb may have written down how the service is run.
            Supplier<Manifest> after = () -> ToolSelection.of(manifests, List.of(name)).tools().stream()
                    .findFirst()
                    .orElse(manifest);
            return switch (change.around(manifest, serviceControl.unit(manifest), words, work, after)) {
                case ServiceOperation.Result.Ended(ServiceOutcome outcome, List<Finding> warnings) -> {
                    Optional<ServiceStatus> status = outcome instanceof ServiceOutcome.Refused
                            ? Optional.empty()
                            : Optional.of(serviceControl.status(after.get()));
                    boolean runs = status.filter(now -> now.state().phase() == Phase.RUNNING)
                            .isPresent();
                    yield tell(
                            manifest,
                            outcome,
                            "service-" + outcome.word(),
                            code(outcome),
                            status,
                            runs ? warnings : List.of());
                }
                case ServiceOperation.Result.Busy(String why) ->
                    tell(manifest, new ServiceOutcome.Refused(why), "busy", ExitCode.BUSY, Optional.empty(), List.of());
            };
        }

        /// Runs `work` unless something else would end with the service and nobody agreed to that.
        ///
        /// @param harm what else would end, as a sentence
        final int unlessHarmful(Manifest manifest, boolean agreed, Optional<String> harm, IntSupplier work) {
            return unlessHarmful(manifest, agreed, harm, _ -> {}, work);
        }

        /// @param more what else programs may want to show before somebody agrees
        final int unlessHarmful(
                Manifest manifest, boolean agreed, Optional<String> harm, Consumer<ObjectNode> more, IntSupplier work) {
            if (agreed || harm.isEmpty() || (!json && console.agrees(harm.get() + " Go on?"))) {
                return work.getAsInt();
            }
            String why = "%s Nothing was done; `--yes` does it all the same.".formatted(harm.get());
            if (!json) {
                return problem(ExitCode.REFUSED, "needs-consent", manifest.name() + ": " + why);
            }
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.put("name", manifest.name().value());
            data.put("outcome", "refused");
            data.put("reason", why);
            data.put("consent", harm.get());
            more.accept(data);
            return console.envelope(word(), ExitCode.REFUSED, data, List.of(new Problem("needs-consent", harm.get())));
        }

        final Optional<String> harm(Manifest manifest) {
            return stopImpactAssessor.of(manifest, serviceControl.unit(manifest));
        }

        private static int code(ServiceOutcome outcome) {
            return switch (outcome) {
                case ServiceOutcome.Done _, ServiceOutcome.Already _ -> ExitCode.OK;
                case ServiceOutcome.Refused _ -> ExitCode.REFUSED;
                case ServiceOutcome.Failed _ -> ExitCode.FAILED;
            };
        }

        final int tell(Manifest manifest, ServiceOutcome outcome) {
            return tell(manifest, outcome, "service-" + outcome.word(), code(outcome), Optional.empty(), List.of());
        }

        /// @param status how it is now, where something may have changed
        /// @param warnings what the doctor warns of since
        private int tell(
                Manifest manifest,
                ServiceOutcome outcome,
                String id,
                int code,
                Optional<ServiceStatus> status,
                List<Finding> warnings) {
            if (json) {
                ObjectNode data = JsonFile.MAPPER.createObjectNode();
                data.put("name", manifest.name().value());
                data.put("outcome", outcome.word());
                data.put("reason", outcome.reason());
                outcome.failure().ifPresent(failed -> failed.lastLines().forEach(data.putArray("lastLines")::add));
                status.ifPresent(now -> facts.putFacts(data, now));
                ArrayNode warned = data.putArray("warnings");
                warnings.forEach(
                        finding -> warned.addObject().put("id", finding.id()).put("message", sentence(finding)));
                List<Problem> problems = code == ExitCode.OK ? List.of() : List.of(new Problem(id, outcome.reason()));
                return console.envelope(word(), code, data, problems);
            }
            PrintStream to = code == ExitCode.OK ? console.out() : console.err();
            to.println((code == ExitCode.OK ? "" : "lamplighter: ") + manifest.name() + ": " + outcome.reason());
            outcome.failure().ifPresent(failed -> failed.lastLines().forEach(line -> to.println("    " + line)));
            status.ifPresent(now -> to.println("  " + facts.line(now)));
            warnings.forEach(finding -> console.err().println("  ! " + sentence(finding)));
            return code;
        }

        private static String sentence(Finding finding) {
            return finding.title()
                    + finding.effect().map(effect -> ". " + effect).orElse(".");
        }
    }

    /// What changes something and asks nothing: programs may agree beforehand to every verb that changes
    /// something.
    abstract class Change extends ServiceSubcommand {
        @Option(
                names = {"-y", "--yes"},
                hidden = true,
                description = "No effect: there is no prompt")
        private boolean yes;
    }

    /// What stops it for a moment or for good.
    abstract class InterruptingCommand extends ServiceSubcommand {
        @Option(
                names = {"-y", "--yes"},
                description = "Stop it even if sessions or other programs are closed")
        private boolean yes;

        abstract int agreed(Manifest manifest);

        @Override
        final int run(Manifest manifest) {
            return unlessHarmful(manifest, yes, yes ? Optional.empty() : harm(manifest), () -> agreed(manifest));
        }
    }

    @Command(
            name = "install",
            header = "Create the service; start it now and at login",
            description =
                    "If a process of the tool already runs outside of a service, its arguments and its port can be"
                            + " taken over.",
            footer = "lamplighter service install http-server",
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Install extends ServiceSubcommand {
        @Option(
                names = {"-y", "--yes"},
                description = "Overwrite manual changes and close open sessions")
        private boolean yes;

        @Option(
                names = {"--kept", "--restore"},
                paramLabel = "N",
                description = "Restore service file number N (see `lamplighter activity`)")
        private Optional<Integer> kept = Optional.empty();

        @Override
        String word() {
            return "service install";
        }

        @Override
        int run(Manifest manifest) {
            if (kept.isPresent()) {
                return putBack(manifest, kept.get());
            }
            Optional<UnmanagedProcesses.UnmanagedProcess> unmanagedProcess =
                    serviceControl.another(manifest).isPresent()
                            ? Optional.empty()
                            : unmanagedProcesses.copies(manifest, serviceControl.unit(manifest)).stream()
                                    .findFirst();
            Optional<String> obstacle = unmanagedProcess.flatMap(found -> unmanagedProcesses.obstacle(manifest, found));
            if (obstacle.isPresent()) {
                return tell(manifest, new ServiceOutcome.Refused(obstacle.get()));
            }
            Optional<String> offer = unmanagedProcess.map(found -> unmanagedProcesses.offer(manifest, found));
            return unlessHarmful(
                    manifest,
                    yes,
                    yes ? Optional.empty() : joined(offer, cost(manifest)),
                    () -> change(
                            manifest,
                            "Setting up the service of",
                            unmanagedProcess.isPresent()
                                    ? "ended pid %d and set up the service of"
                                            .formatted(unmanagedProcess
                                                    .get()
                                                    .running()
                                                    .pid())
                                    : "set up the service of",
                            "service uninstall",
                            () -> unmanagedProcess.isPresent()
                                    ? instead(manifest, unmanagedProcess.get())
                                    : serviceControl.install(manifest, yes)));
        }

        private int putBack(Manifest manifest, int number) {
            Optional<String> text;
            try {
                text = change.copies().text(manifest.name().value(), number, ServiceOperation.FILE);
            } catch (IOException e) {
                return tell(manifest, new ServiceOutcome.Failed("It cannot be read: " + e.getMessage(), List.of()));
            }
            if (text.isEmpty()) {
                return tell(
                        manifest,
                        new ServiceOutcome.Refused(
                                "No service file of %s is kept under %d. `lamplighter activity` says what is."
                                        .formatted(manifest.name(), number)));
            }
            return unlessHarmful(
                    manifest,
                    yes,
                    yes ? Optional.empty() : joined(serviceControl.lostByInstall(manifest), harm(manifest)),
                    () -> change(
                            manifest,
                            "Putting back the service file of",
                            "put back the earlier service file of",
                            "service uninstall",
                            () -> serviceControl.putBack(manifest, text.get())));
        }

        private ServiceOutcome instead(Manifest manifest, UnmanagedProcesses.UnmanagedProcess unmanagedProcess) {
            return switch (unmanagedProcesses.take(manifest, unmanagedProcess)) {
                case UnmanagedProcesses.TakeOver.TakenOver(Manifest then) -> serviceControl.install(then, yes);
                case UnmanagedProcesses.TakeOver.NotTakenOver(String why) -> new ServiceOutcome.Failed(why, List.of());
            };
        }
    }

    private static Optional<String> joined(Optional<String> one, Optional<String> other) {
        return Stream.concat(one.stream(), other.stream()).reduce((first, second) -> first + " " + second);
    }

    @Command(
            name = "adopt",
            header = "Let Lamplighter manage an existing service file",
            description = "Shows the changes and asks first. The service keeps its name.",
            footer = {"lamplighter service adopt n8n", "lamplighter service adopt n8n --undo"},
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Adopt extends ServiceSubcommand {
        @Option(
                names = {"-y", "--yes"},
                description = "Skip the confirmation prompt; restart it if it is running")
        private boolean yes;

        @Option(names = "--undo", description = "Restore the original service file")
        private boolean undo;

        @Override
        String word() {
            return "service adopt";
        }

        @Override
        int run(Manifest manifest) {
            if (undo) {
                return unlessHarmful(
                        manifest,
                        yes,
                        yes ? Optional.empty() : harm(manifest),
                        () -> change(
                                manifest,
                                "Putting back the service of",
                                "put back the earlier service of",
                                "service adopt",
                                () -> adoptService.undo(manifest)));
            }
            return switch (adoptService.plan(manifest)) {
                case AdoptService.Plan.Refused(String why) -> tell(manifest, new ServiceOutcome.Refused(why));
                case AdoptService.Plan.Already(String why) -> tell(manifest, new ServiceOutcome.Already(why));
                case AdoptService.Plan.Ready ready -> ask(manifest, ready);
            };
        }

        private int ask(Manifest manifest, AdoptService.Plan.Ready ready) {
            if (!json()) {
                print(ready);
            }
            Optional<String> harm = stopImpactAssessor.of(
                    manifest,
                    ready.unit().unit(),
                    ready.definition().killMode().or(() -> Optional.of("control-group")));
            String question = "%s becomes Lamplighter's; the file that is there is kept. It is restarted if it runs."
                    .formatted(ready.unit().unit());
            return unlessHarmful(
                    manifest,
                    yes,
                    joined(Optional.of(question), harm),
                    data -> showTo(data, ready),
                    () -> change(
                            manifest,
                            "Adopting the service of",
                            "adopted the service of",
                            "service adopt --undo",
                            () -> adoptService.adopt(manifest, ready)));
        }
    }

    private void print(AdoptService.Plan.Ready ready) {
        console.out().println("- " + directories.display(ready.unit().file()) + ", as it is");
        console.out().println("+ as Lamplighter would write it");
        ready.difference().forEach(console.out()::println);
        ready.notes().forEach(console.out()::println);
    }

    private static void showTo(ObjectNode data, AdoptService.Plan.Ready ready) {
        ready.difference().forEach(data.putArray("lines")::add);
        ready.notes().forEach(data.putArray("notes")::add);
    }

    /// Only a changed file restarts what runs.
    private Optional<String> cost(Manifest manifest) {
        Optional<String> harm = serviceControl
                .restartedFor(manifest)
                .flatMap(now -> stopImpactAssessor.of(
                        manifest,
                        serviceControl.unit(manifest),
                        now.killMode().or(() -> Optional.of("control-group"))));
        return joined(serviceControl.lostByInstall(manifest), harm);
    }

    @Command(
            name = "uninstall",
            header = "Stop the service and delete its file",
            footer = "lamplighter service uninstall http-server",
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Uninstall extends ServiceSubcommand {
        @Option(
                names = {"-y", "--yes"},
                description = "Skip the confirmation prompt")
        private boolean yes;

        @Override
        String word() {
            return "service uninstall";
        }

        @Override
        int run(Manifest manifest) {
            Optional<String> harm = yes ? Optional.empty() : harm(manifest);
            String also = harm.map(" "::concat).orElse("");
            boolean agreed =
                    yes || console.agrees("Stop %s and take its service away?%s".formatted(manifest.name(), also));
            return agreed
                    ? change(
                            manifest,
                            "Taking away the service of",
                            "took away the service of",
                            "service install",
                            () -> serviceControl.uninstall(manifest))
                    : problem(
                            ExitCode.REFUSED,
                            "needs-consent",
                            "It would stop %s and take its service away; --yes does it.%s"
                                    .formatted(manifest.name(), also));
        }
    }

    @Command(
            name = "start",
            header = "Start the service and wait until it is ready",
            footer = "lamplighter start http-server",
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Start extends Change {
        @Override
        String word() {
            return "service start";
        }

        @Override
        int run(Manifest manifest) {
            return change(manifest, "Starting", "started", "stop", () -> serviceControl.start(manifest));
        }
    }

    @Command(
            name = "stop",
            header = "Stop the service and wait until it has exited",
            footer = "lamplighter stop http-server",
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Stop extends InterruptingCommand {
        @Override
        String word() {
            return "service stop";
        }

        @Override
        int agreed(Manifest manifest) {
            return change(manifest, "Stopping", "stopped", "start", () -> serviceControl.stop(manifest));
        }
    }

    @Command(
            name = "restart",
            header = "Restart the service and wait until it is ready",
            footer = "lamplighter restart http-server",
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Restart extends InterruptingCommand {
        @Override
        String word() {
            return "service restart";
        }

        @Override
        int agreed(Manifest manifest) {
            return change(manifest, "Restarting", "restarted", "", () -> serviceControl.restart(manifest));
        }
    }

    @Command(
            name = "enable",
            header = "Start the service at login",
            description = "Does not start it now.",
            footer = {"lamplighter service enable http-server", "lamplighter service enable http-server --linger"},
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Enable extends Change {
        @Option(names = "--linger", description = "Keep all your services running after you log out")
        private boolean linger;

        @Override
        String word() {
            return "service enable";
        }

        @Override
        int run(Manifest manifest) {
            return change(
                    manifest,
                    "Enabling",
                    linger ? "let services go on after log-out, and made the login start" : "made the login start",
                    "service disable",
                    () -> linger ? serviceControl.enableForGood(manifest) : serviceControl.enable(manifest));
        }
    }

    @Command(
            name = "disable",
            header = "Don't start the service at login",
            description = "Does not stop it now.",
            footer = "lamplighter service disable http-server",
            exitCodeList = {"0:done, or nothing to do", "1:failed", "3:refused or needs confirmation", "5:busy"})
    final class Disable extends Change {
        @Override
        String word() {
            return "service disable";
        }

        @Override
        int run(Manifest manifest) {
            return change(
                    manifest,
                    "Disabling",
                    "kept the login from starting",
                    "service enable",
                    () -> serviceControl.disable(manifest));
        }
    }

    @Command(
            name = "status",
            header = "Show the current state of the service",
            footer = "lamplighter service status http-server")
    final class Status extends ServiceSubcommand {
        @Override
        String word() {
            return "service status";
        }

        @Override
        int run(Manifest manifest) {
            ServiceStatus status = serviceControl.status(manifest);
            boolean read = status.state().phase() != Phase.UNKNOWN;
            int code = read ? ExitCode.OK : ExitCode.FAILED;
            List<UnmanagedProcesses.UnmanagedProcess> copies =
                    read ? unmanagedProcesses.copies(manifest, status.state().unit()) : List.of();
            if (json()) {
                ObjectNode data = facts.data(status, lastWords(manifest, status.state()));
                ArrayNode array = data.putArray("outside");
                copies.forEach(unmanagedProcess -> array.addObject()
                        .put("pid", unmanagedProcess.running().pid())
                        .put("startedBy", unmanagedProcess.processOrigin().words()));
                return console.envelope(
                        word(),
                        code,
                        data,
                        read
                                ? List.of()
                                : List.of(new Problem(
                                        "no-service-manager", status.state().words())));
            }
            if (!read) {
                return problem(code, "no-service-manager", status.state().words());
            }
            facts.lines(status, lastWords(manifest, status.state())).forEach(console.out()::println);
            copies.forEach(unmanagedProcess -> console.out()
                    .println("%-14s pid %d, started by %s"
                            .formatted(
                                    "outside it",
                                    unmanagedProcess.running().pid(),
                                    unmanagedProcess.processOrigin().words())));
            return code;
        }
    }

    @Command(
            name = "diff",
            header = "Show what `service install` would change",
            description = "For a service that Lamplighter did not create: what `service adopt` would change.",
            footer = "lamplighter service diff http-server")
    final class Diff extends ServiceSubcommand {
        @Override
        String word() {
            return "service diff";
        }

        @Override
        int run(Manifest manifest) {
            return switch (serviceControl.diff(manifest)) {
                case ServiceControl.Difference.Impossible impossible ->
                    problem(ExitCode.REFUSED, "no-difference", impossible.why());
                case ServiceControl.Difference.None _ -> show(manifest, List.of());
                case ServiceControl.Difference.Lines lines -> show(manifest, lines.lines());
                case ServiceControl.Difference.Foreign _ -> foreign(manifest);
            };
        }

        /// What adopting it would change; nothing of that is owed, so it is no drift.
        private int foreign(Manifest manifest) {
            return switch (adoptService.plan(manifest)) {
                case AdoptService.Plan.Refused(String why) -> problem(ExitCode.REFUSED, "no-difference", why);
                case AdoptService.Plan.Already(String why) -> problem(ExitCode.REFUSED, "no-difference", why);
                case AdoptService.Plan.Ready ready -> {
                    if (json()) {
                        ObjectNode data = JsonFile.MAPPER.createObjectNode();
                        data.put("name", manifest.name().value()).putNull("drift");
                        showTo(data, ready);
                        yield console.envelope(word(), ExitCode.OK, data, List.of());
                    }
                    print(ready);
                    console.out()
                            .println(
                                    "It was not written by Lamplighter; `lamplighter service adopt %s` would change it so, and asks."
                                            .formatted(manifest.name()));
                    yield ExitCode.OK;
                }
            };
        }

        private int show(Manifest manifest, List<String> lines) {
            if (json()) {
                ObjectNode data = JsonFile.MAPPER.createObjectNode();
                data.put("name", manifest.name().value());
                data.put("drift", !lines.isEmpty());
                lines.forEach(data.putArray("lines")::add);
                return console.envelope(word(), ExitCode.OK, data, List.of());
            }
            if (lines.isEmpty()) {
                console.out().println(manifest.name() + ": The service file is as it should be.");
            }
            lines.forEach(console.out()::println);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "logs",
            header = "Show the log of the service (-f to follow)",
            footer = {"lamplighter logs http-server -f", "lamplighter logs http-server --since \"1 hour ago\""})
    final class Logs extends ServiceSubcommand {
        @Option(
                names = {"-f", "--follow"},
                description = "Follow the log until Ctrl+C")
        private boolean follow;

        @Option(
                names = {"-n", "--lines"},
                paramLabel = "N",
                description = "Number of lines (default: 100; with --since: all)")
        private Optional<Integer> lines = Optional.empty();

        @Option(
                names = "--since",
                paramLabel = "WHEN",
                description = "Show lines since then, for example \"10 min ago\"")
        private Optional<String> since = Optional.empty();

        private Optional<String> boot = Optional.empty();

        @Override
        String word() {
            return "service logs";
        }

        @Override
        int run(Manifest manifest) {
            if (follow && json()) {
                return problem(ExitCode.USAGE, "usage", "`--json` is one object, so it cannot follow.");
            }
            if (lines.filter(number -> number < 0).isPresent()) {
                return problem(ExitCode.USAGE, "usage", "`-n` takes a number of lines, from 0 on.");
            }
            Optional<String> refused = since.flatMap(serviceControl::refusesSince);
            if (refused.isPresent()) {
                return problem(ExitCode.USAGE, "usage", refused.get());
            }
            int limit = lines.orElse(since.isPresent() ? ALL : 100);
            Optional<String> elsewhere = serviceControl.logElsewhere(manifest);
            List<LogLine> found = follow ? List.of() : serviceControl.log(manifest, limit, since);
            Optional<String> gap = found.isEmpty() && elsewhere.isEmpty() ? serviceControl.logGap() : Optional.empty();
            if (gap.isPresent()) {
                return problem(ExitCode.FAILED, "no-log", gap.get());
            }
            if (!json()) {
                elsewhere.ifPresent(sentence -> console.err().println("lamplighter: " + sentence));
            }
            if (follow) {
                Thread follower = Thread.currentThread();
                serviceControl.follow(manifest, limit, since, line -> {
                    print(line);
                    if (console.out().checkError()) {
                        // Who read it is gone (`logs -f | head`): then nobody needs the rest.
                        follower.interrupt();
                    }
                });
                return ExitCode.OK;
            }
            if (json()) {
                ObjectNode data = JsonFile.MAPPER.createObjectNode();
                data.put("name", manifest.name().value());
                data.put("elsewhere", elsewhere.orElse(null));
                ArrayNode array = data.putArray("lines");
                for (LogLine line : found) {
                    ObjectNode object = array.addObject();
                    if (line.at() == 0) {
                        object.putNull("at");
                    } else {
                        object.put("at", JsonTimestamps.exactly(instant(line), zone));
                    }
                    object.put("priority", line.priority()).put("text", line.text());
                }
                return console.envelope(word(), ExitCode.OK, data, List.of());
            }
            if (found.isEmpty() && elsewhere.isEmpty()) {
                console.err().println(since.isPresent() ? "Nothing written since then." : "Nothing written yet.");
            }
            found.forEach(this::print);
            return ExitCode.OK;
        }

        private void print(LogLine line) {
            if (boot.isPresent() && line.boot().isPresent() && !boot.equals(line.boot())) {
                console.out().println("-- the computer was started again --");
            }
            boot = line.boot();
            String when = line.at() == 0 ? "" : WHEN.format(instant(line).atZone(zone)) + "  ";
            console.out().println(when + marked(line));
        }

        /// The word says it, the colour shows it.
        private String marked(LogLine line) {
            String word = line.priority() <= 3 ? "error: " : line.priority() == 4 ? "warning: " : "";
            if (!console.colour() || line.priority() == 5 || line.priority() == 6) {
                return word + line.text();
            }
            String colour = line.priority() <= 3 ? "31" : line.priority() == 4 ? "33" : "2";
            return "\u001B[%sm%s\u001B[0m".formatted(colour, word + line.text());
        }
    }

    @Command(name = "open", header = "Open a tool's URL in a browser", footer = "lamplighter open http-server")
    final class Open extends ServiceSubcommand {
        @Override
        String word() {
            return "open";
        }

        @Override
        int run(Manifest manifest) {
            Optional<String> url = manifest.endpoint()
                    .map(Manifest.Endpoint::url)
                    .filter(address -> address.startsWith("http://") || address.startsWith("https://"));
            if (url.isEmpty()) {
                return problem(
                        ExitCode.REFUSED,
                        "no-address",
                        "%s has no address that a browser shows.".formatted(manifest.name()));
            }
            Optional<String> opener = List.of("xdg-open", "open").stream()
                    .filter(program -> runner.find(program).isPresent())
                    .findFirst();
            Optional<String> trouble = opener.isEmpty()
                    ? Optional.of("There is no xdg-open here.")
                    : runner.launch(List.of(opener.get(), url.get()), Map.of());
            if (trouble.isPresent()) {
                return problem(ExitCode.FAILED, "no-browser", trouble.get() + " The address is " + url.get());
            }
            if (json()) {
                ObjectNode data = JsonFile.MAPPER.createObjectNode();
                data.put("name", manifest.name().value()).put("outcome", "done").put("url", url.get());
                return console.envelope(word(), ExitCode.OK, data, List.of());
            }
            console.out().println(url.get());
            return ExitCode.OK;
        }
    }

    /// Of one that does not stay up: why, in its own words.
    private List<String> lastWords(Manifest manifest, ServiceState state) {
        return switch (state.phase()) {
            case FAILED, RESTARTING -> serviceControl.lastWords(manifest, WORDS);
            case RUNNING, STARTING -> state.restarts() >= STORM ? serviceControl.lastWords(manifest, WORDS) : List.of();
            case STOPPED, NOT_INSTALLED, UNKNOWN -> List.of();
        };
    }

    private static Instant instant(LogLine line) {
        return Instant.EPOCH.plus(line.at(), ChronoUnit.MICROS);
    }
}
