package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.ProvenanceJson;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.readiness.SamePort;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.AddTool.Proposal;
import io.github.lamplighter.tool.AddTool.Request;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `add NAME|PATH`: shows the manifest that was detected and saves it once the user confirms.
@Command(
        name = "add",
        header = "Start managing a tool",
        description = "Shows the detected settings and asks before saving them as the tool's manifest.",
        footer = {
            "lamplighter add http-server --directory ~/site",
            "lamplighter add ~/.venvs/notebook/bin/jupyter --as notebook",
            "lamplighter add n8n --dry-run"
        })
public final class AddCommand extends ReportingCommand {

    private static final String DOCTOR = "To check it, run `lamplighter doctor %s`.";

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private final AddTool addTool;
    private final ManifestStore store;
    private final AppDirectories directories;
    private final ActivityRecorder activityRecorder;

    @Parameters(paramLabel = "NAME|PATH", description = "Name from `lamplighter list`, a command, or a path to one")
    private String nameOrPath = "";

    @Option(
            names = "--installer",
            paramLabel = "uv|pipx|npm|venv",
            description = "Use the installation of this package manager")
    private @Nullable String installer;

    @Option(names = "--program", paramLabel = "PATH", description = "Executable to use")
    private @Nullable Path program;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description = "URL the package was installed from (npm does not record it)")
    private @Nullable String origin;

    @Option(
            names = "--argument",
            paramLabel = "A",
            description = "Argument for the service's command line (repeatable)")
    private List<String> arguments = List.of();

    @Option(names = "--directory", paramLabel = "DIR", description = "Working directory of the service")
    private @Nullable Path directory;

    @Option(names = "--url", paramLabel = "URL", description = "URL to check: http:, https:, tcp: or unix:")
    private @Nullable String url;

    @Option(names = "--as", paramLabel = "ID", description = "Name to use in Lamplighter")
    private @Nullable String as;

    @Option(
            names = {"--kept", "--restore"},
            paramLabel = "N",
            description = "Restore manifest number N (see `lamplighter activity`)")
    private Optional<Integer> kept = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    @Option(names = "--dry-run", description = "Show the manifest; change nothing")
    private boolean dryRun;

    public AddCommand(
            AddTool addTool,
            ManifestStore store,
            AppDirectories directories,
            ActivityRecorder activityRecorder,
            Console console) {
        super("add", console);
        this.addTool = addTool;
        this.store = store;
        this.directories = directories;
        this.activityRecorder = activityRecorder;
    }

    @Override
    CommandResult run() {
        Optional<InstallerKind> kind = Optional.ofNullable(installer).flatMap(InstallerKind::of);
        if (installer != null && kind.isEmpty()) {
            return CommandResult.usage("--installer must be uv, pipx, npm or venv, not `%s`.".formatted(installer));
        }
        Request request = new Request(
                nameOrPath,
                kind,
                Optional.ofNullable(program),
                Optional.ofNullable(origin),
                arguments,
                Optional.ofNullable(directory),
                Optional.ofNullable(url),
                Optional.ofNullable(as));
        Optional<String> mistake = request.mistake();
        if (mistake.isPresent()) {
            return CommandResult.usage(mistake.get());
        }
        if (kept.isPresent()) {
            return request.equals(Request.of(nameOrPath))
                    ? restore(kept.get())
                    : CommandResult.usage(
                            "--kept restores a manifest as it was. No other setting can be given with it.");
        }
        return switch (withAnswers(request, addTool.propose(request))) {
            case Proposal.NotFound(String why) -> CommandResult.failed(ExitCode.USAGE, "unknown-tool", why);
            case Proposal.Refused(String why) -> CommandResult.failed(ExitCode.REFUSED, "not-added", why);
            case Proposal.Already(ManifestEntry entry, List<Path> others) ->
                CommandResult.failed(ExitCode.REFUSED, "looked-after", already(entry, others));
            case Proposal.Updated(Proposal.Ready ready, List<String> changes) ->
                changes.isEmpty() ? saveUnchanged(ready) : update(ready, changes);
            case Proposal.Moved(Proposal.Ready ready, String sentence) -> {
                console().err().println(sentence);
                yield saveIfConfirmed(ready, "Manage %s in its new place?");
            }
            case Proposal.Declared(Proposal.Ready ready, List<String> changes) ->
                change(
                        ready,
                        "%s is already managed. Your options change its manifest:"
                                .formatted(ready.manifest().name()),
                        changes);
            case Proposal.Ready ready -> saveIfConfirmed(ready, "Manage %s with these settings?");
        };
    }

    /// Asks at a terminal for what could not be detected. An empty answer leaves it open.
    private Proposal withAnswers(Request request, Proposal proposal) {
        if (yes || dryRun || json() || console().ask().isEmpty() || !(proposal instanceof Proposal.Ready ready)) {
            return proposal;
        }
        Request more = request;
        Manifest found = ready.manifest();
        if (request.origin().isEmpty() && AddTool.isUnrecorded(ready.provenance())) {
            more = more.withOrigin(
                    answer("npm does not record where %s came from. Its URL, if not the registry (Enter to skip): "
                            .formatted(found.name())));
        }
        boolean unknown = request.arguments().isEmpty()
                && request.url().isEmpty()
                && found.service().isEmpty();
        if (unknown) {
            more = more.withArguments(answer(
                            "To run %s as a service, enter its arguments, for example `serve --port 8080` (Enter to skip): "
                                    .formatted(found.name()))
                    .map(AddCommand::words)
                    .orElse(List.of()));
        }
        boolean hasService = !more.arguments().isEmpty() || found.service().isPresent();
        if (hasService
                && request.url().isEmpty()
                && (unknown || found.endpoint().isEmpty())) {
            more = more.withUrl(answer("URL to check, for example `http://127.0.0.1:8080/` (Enter to skip): "));
        }
        return more.equals(request) ? proposal : addTool.propose(more);
    }

    private Optional<String> answer(String question) {
        return console().ask().map(ask -> ask.apply(question).strip()).filter(line -> !line.isEmpty());
    }

    /// The words of a line; quotes keep spaces.
    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> Stream.of(word.group(1), word.group(2), word.group(3))
                        .filter(text -> text != null)
                        .findFirst()
                        .orElse(""))
                .toList();
    }

    private String already(ManifestEntry entry, List<Path> others) {
        String sentence =
                "%s is already managed. To change its settings, edit %s. To detect them again, run `lamplighter forget %s` first."
                        .formatted(entry.name(), directories.display(entry.file()), entry.name());
        return others.isEmpty()
                ? sentence
                : "%s To add another installation, run `lamplighter add %s --as ID`."
                        .formatted(
                                sentence,
                                io.github.lamplighter.process.Command.quoted(
                                        others.getFirst().toString()));
    }

    /// The suggestions changed only in values that the user has set, so there is nothing to confirm.
    private CommandResult saveUnchanged(Proposal.Ready ready) {
        return dryRun ? result(ready, false, "Nothing would change.") : save(ready, "Its settings are unchanged.");
    }

    private CommandResult update(Proposal.Ready ready, List<String> changes) {
        return change(
                ready,
                "Since you added %s, %s suggests other settings:"
                        .formatted(
                                ready.manifest().name(), ready.source().equals("author") ? "its author" : "the recipe"),
                changes);
    }

    private CommandResult change(Proposal.Ready ready, String why, List<String> changes) {
        console().err().println(why);
        changes.forEach(change -> console().err().println("  " + ManifestText.masked(change)));
        return saveIfConfirmed(ready, "Apply these changes to the manifest of %s?");
    }

    /// The command that restores the manifest from a backup.
    static String undo(String name, int number) {
        return "lamplighter add %s --kept %d".formatted(name, number);
    }

    private CommandResult restore(int number) {
        Optional<ToolName> name = ToolName.of(nameOrPath);
        Optional<String> text;
        try {
            text = name.isPresent() ? store.backup(name.get(), number) : Optional.empty();
        } catch (IOException e) {
            return CommandResult.failed(
                    ExitCode.FAILED, "not-read", "Could not read the backup: %s.".formatted(FileProblem.why(e)));
        }
        if (text.isEmpty()) {
            return CommandResult.failed(
                    ExitCode.USAGE,
                    "not-kept",
                    "%s has no manifest backup number %d. Lamplighter keeps the last %d; `lamplighter activity` lists them."
                            .formatted(nameOrPath, number, BackupStore.NEWEST));
        }
        if (!json()) {
            console().out().println(ManifestText.masked(text.get()).stripTrailing());
        }
        return unlessConfirmed("Restore this manifest of %s?".formatted(nameOrPath))
                .orElseGet(() -> dryRun ? notRestored() : restore(name.orElseThrow(), number));
    }

    private CommandResult notRestored() {
        return CommandResult.ok(
                () -> data(nameOrPath, false), console -> console.err().println("Nothing was changed (--dry-run)."));
    }

    private CommandResult restore(ToolName name, int number) {
        return switch (recorded(name, () -> store.restore(name, number))) {
            case ManifestStore.Change.Done(Path file) ->
                CommandResult.ok(
                        () -> data(nameOrPath, true).put("file", file.toString()),
                        console -> console.err()
                                .println("Restored the manifest of %s (%s). %s"
                                        .formatted(name, directories.display(file), DOCTOR.formatted(name))));
            case ManifestStore.Change.Refused(Path _, String why) ->
                CommandResult.failed(ExitCode.REFUSED, "not-written", why);
        };
    }

    private static ObjectNode data(String name, boolean added) {
        return JsonFile.MAPPER.createObjectNode().put("name", name).put("added", added);
    }

    /// Backs up the manifest, changes it, and records how to undo that.
    private ManifestStore.Change recorded(ToolName name, Supplier<ManifestStore.Change> change) {
        Path file = store.file(name);
        Optional<Integer> before;
        try {
            before = store.backUp(name);
        } catch (IOException e) {
            return new ManifestStore.Change.Refused(
                    file,
                    "Could not back up the current manifest, so it was not changed: %s.".formatted(FileProblem.why(e)));
        }
        ManifestStore.Change done = change.get();
        boolean same =
                before.filter(number -> store.dropUnchanged(name, number)).isPresent();
        if (done instanceof ManifestStore.Change.Done && !same) {
            activityRecorder.add(
                    name.value(),
                    (before.isPresent() ? "changed the manifest of " : "added ") + name,
                    directories.display(file),
                    "lamplighter add " + name,
                    before.map(number -> undo(name.value(), number)).orElse("lamplighter forget " + name));
        }
        return done;
    }

    private Optional<CommandResult> unlessConfirmed(String question) {
        return unlessConfirmed(yes || dryRun, question, "Preview with `--dry-run`, confirm with `--yes`.");
    }

    private CommandResult saveIfConfirmed(Proposal.Ready ready, String question) {
        String name = ready.manifest().name().value();
        if (!json()) {
            console().out().println(ManifestText.masked(store.text(ready.manifest())));
        }
        ready.evidence().forEach(evidence -> progress("  %s: %s".formatted(evidence.source(), evidence.detail())));
        secret(ready.manifest()).ifPresent(warning -> progress("  ! " + warning));
        samePort(ready.manifest())
                .ifPresent(warning ->
                        progress("  ! %s To choose another port, use `--argument` and `--url`.".formatted(warning)));
        return unlessConfirmed(question.formatted(name))
                .orElseGet(() -> dryRun
                        ? result(ready, false, "Nothing was changed (--dry-run).")
                        : save(ready, DOCTOR.formatted(name)));
    }

    /// A warning about a secret in a file that other programs can read.
    private Optional<String> secret(Manifest manifest) {
        return manifest.service()
                .flatMap(service -> SecretDetector.inArguments(service.arguments()))
                .map(option ->
                        "The value of %s looks like a secret, and %s stores it as plain text. Use `service.environmentFile` instead."
                                .formatted(option, directories.display(store.file(manifest.name()))));
    }

    private Optional<String> samePort(Manifest manifest) {
        return SamePort.of(manifest, store.manifests()).map(SamePort::sentence);
    }

    private CommandResult save(Proposal.Ready ready, String next) {
        ToolName name = ready.manifest().name();
        return switch (recorded(name, () -> addTool.accept(ready))) {
            case ManifestStore.Change.Done(Path file) ->
                result(ready, true, "Now managing %s (%s). %s".formatted(name, directories.display(file), next));
            case ManifestStore.Change.Refused(Path _, String why) ->
                CommandResult.failed(ExitCode.REFUSED, "not-written", why);
        };
    }

    private CommandResult result(Proposal.Ready ready, boolean added, String sentence) {
        return CommandResult.ok(
                () -> data(ready, added), console -> console.err().println(sentence));
    }

    private ObjectNode data(Proposal.Ready ready, boolean added) {
        ObjectNode data = data(ready.manifest().name().value(), added);
        data.put("source", ready.source());
        data.put("file", store.file(ready.manifest().name()).toString());
        data.set("manifest", JsonFile.MAPPER.readTree(ManifestText.masked(store.text(ready.manifest()))));
        data.set("provenance", ProvenanceJson.provenance(ready.provenance()));
        ArrayNode warnings = data.putArray("warnings");
        secret(ready.manifest())
                .ifPresent(warning ->
                        warnings.addObject().put("id", "secret-in-description").put("message", warning));
        samePort(ready.manifest())
                .ifPresent(
                        warning -> warnings.addObject().put("id", "same-port").put("message", warning));
        return data;
    }
}
