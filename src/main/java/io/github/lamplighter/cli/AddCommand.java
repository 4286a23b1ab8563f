package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `add NAME|PATH`: begins to look after a tool, once its description was shown and agreed to.
@Command(
        name = "add",
        header = "Start managing a tool",
        description = "Shows the detected settings and asks before saving them as the tool's manifest.",
        footer = {
            "lamplighter add http-server --directory ~/site",
            "lamplighter add ~/.venvs/notebook/bin/jupyter --as notebook",
            "lamplighter add n8n --dry-run"
        })
public final class AddCommand implements Callable<Integer> {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private final AddTool addTool;
    private final ManifestStore store;
    private final AppDirectories directories;
    private final ActivityRecorder activityRecorder;
    private final Console console;

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

    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    public AddCommand(
            AddTool addTool,
            ManifestStore store,
            AppDirectories directories,
            ActivityRecorder activityRecorder,
            Console console) {
        this.addTool = addTool;
        this.store = store;
        this.directories = directories;
        this.activityRecorder = activityRecorder;
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<InstallerKind> kind = Optional.ofNullable(installer).flatMap(InstallerKind::of);
        if (installer != null && kind.isEmpty()) {
            return problem(ExitCode.USAGE, "usage", "--installer is one of uv, pipx, npm and venv.");
        }
        AddTool.Request request = new AddTool.Request(
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
            return problem(ExitCode.USAGE, "usage", mistake.get());
        }
        if (kept.isPresent()) {
            boolean alone = request.equals(new AddTool.Request(
                    nameOrPath,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
            return alone
                    ? putBack(kept.get())
                    : problem(
                            ExitCode.USAGE,
                            "usage",
                            "--kept puts a description back as it was: nothing else is said beside it.");
        }
        return switch (asked(request, addTool.propose(request))) {
            case AddTool.Proposal.NotFound(String why) -> problem(ExitCode.USAGE, "unknown-tool", why);
            case AddTool.Proposal.Refused(String why) -> problem(ExitCode.REFUSED, "not-added", why);
            case AddTool.Proposal.Already(ManifestEntry entry, List<Path> others) ->
                problem(ExitCode.REFUSED, "looked-after", already(entry, others));
            case AddTool.Proposal.Updated(AddTool.Proposal.Ready ready, List<String> changes) ->
                changes.isEmpty() ? unchanged(ready) : renew(ready, changes);
            case AddTool.Proposal.Moved(AddTool.Proposal.Ready ready, String sentence) -> {
                console.err().println(sentence);
                yield decide(ready, "Look after %s there?");
            }
            case AddTool.Proposal.OriginDeclared(AddTool.Proposal.Ready ready, String sentence) -> {
                console.err().println(sentence);
                yield decide(ready, "Write that into the description of %s?");
            }
            case AddTool.Proposal.Ready ready -> decide(ready, "Look after %s so?");
        };
    }

    /// Asks a person at a terminal for what could not be found out. Empty answers leave it open.
    private AddTool.Proposal asked(AddTool.Request request, AddTool.Proposal proposal) {
        if (yes || dryRun || json || console.ask().isEmpty() || !(proposal instanceof AddTool.Proposal.Ready ready)) {
            return proposal;
        }
        AddTool.Request more = request;
        Manifest found = ready.manifest();
        if (request.origin().isEmpty() && AddTool.isUnrecorded(ready.provenance())) {
            more = more.withOrigin(
                    answer("npm does not record where %s came from. Its address, if not the registry (else Enter): "
                            .formatted(found.name())));
        }
        boolean unknown = request.arguments().isEmpty()
                && request.url().isEmpty()
                && found.service().isEmpty();
        if (unknown) {
            more = more.withArguments(answer(
                            "Is %s a server? Its arguments as a service, such as `serve --port 8080` (Enter: a command, no service): "
                                    .formatted(found.name()))
                    .map(AddCommand::words)
                    .orElse(List.of()));
        }
        boolean serves = !more.arguments().isEmpty() || found.service().isPresent();
        if (serves && request.url().isEmpty() && (unknown || found.endpoint().isEmpty())) {
            more = more.withUrl(answer("Where does it answer, such as `http://127.0.0.1:8080/` (Enter: nowhere): "));
        }
        return more.equals(request) ? proposal : addTool.propose(more);
    }

    private Optional<String> answer(String question) {
        return console.ask().map(ask -> ask.apply(question).strip()).filter(line -> !line.isEmpty());
    }

    /// The words of a line, with quotes around those that hold spaces.
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
                "%s is looked after already, as %s says. What it says is changed there, or told anew after `lamplighter forget %s`."
                        .formatted(entry.name(), directories.display(entry.file()), entry.name());
        return others.isEmpty()
                ? sentence
                : "%s Another copy is added by its path and a name: `lamplighter add %s --as ID`."
                        .formatted(sentence, others.getFirst());
    }

    /// Only values changed that the user has decided: there is nothing to ask, and it is remembered as seen.
    private int unchanged(AddTool.Proposal.Ready ready) {
        return dryRun ? done(ready, false, "Nothing would change.") : save(ready, "Nothing had to change in it.");
    }

    private int renew(AddTool.Proposal.Ready ready, List<String> changes) {
        console.err()
                .println("What %s suggests for %s has changed since you agreed to it:"
                        .formatted(
                                ready.source().equals("author") ? "its author" : "the recipe",
                                ready.manifest().name()));
        changes.forEach(change -> console.err().println("  " + ManifestText.masked(change)));
        return decide(ready, "Take that over into the description of %s?");
    }

    /// How a description is put back that is kept under a number, as it is typed.
    static String wayBack(String name, int number) {
        return "lamplighter add %s --kept %d".formatted(name, number);
    }

    private int putBack(int number) {
        Optional<ToolName> name = ToolName.of(nameOrPath);
        Optional<String> text;
        try {
            text = name.isPresent() ? store.backup(name.get(), number) : Optional.empty();
        } catch (IOException e) {
            return problem(ExitCode.FAILED, "not-read", "It cannot be read: %s.".formatted(e.getMessage()));
        }
        if (text.isEmpty()) {
            return problem(
                    ExitCode.USAGE,
                    "not-kept",
                    "Nothing is kept of the description of %s under %d; of each tool the %d newest are. `lamplighter activity` says which."
                            .formatted(nameOrPath, number, BackupStore.NEWEST));
        }
        if (!json) {
            console.out().println(ManifestText.masked(text.get()).stripTrailing());
        }
        Optional<Integer> stopped = agreed("Look after %s so again?", nameOrPath);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        if (dryRun) {
            console.err().println("Nothing was changed (--dry-run).");
            return json ? console.envelope("add", ExitCode.OK, named(nameOrPath, false), List.of()) : ExitCode.OK;
        }
        return switch (written(name.get(), () -> store.restore(name.get(), number))) {
            case ManifestStore.Change.Done(Path file) -> {
                if (json) {
                    yield console.envelope(
                            "add", ExitCode.OK, named(nameOrPath, true).put("file", file.toString()), List.of());
                }
                console.err()
                        .println("%s is looked after as it was described (%s). `lamplighter doctor %s` examines it."
                                .formatted(nameOrPath, directories.display(file), nameOrPath));
                yield ExitCode.OK;
            }
            case ManifestStore.Change.Refused(Path _, String why) -> problem(ExitCode.REFUSED, "not-written", why);
        };
    }

    private static ObjectNode named(String name, boolean added) {
        return JsonFile.MAPPER.createObjectNode().put("name", name).put("added", added);
    }

    /// Changes a description; what it said before is kept first, and the way back to it written down.
    private ManifestStore.Change written(ToolName name, Supplier<ManifestStore.Change> change) {
        Path file = store.file(name);
        Optional<Integer> before;
        try {
            before = store.backUp(name);
        } catch (IOException e) {
            return new ManifestStore.Change.Refused(
                    file,
                    "What is there now could not be kept for a way back, so it stays: %s.".formatted(e.getMessage()));
        }
        ManifestStore.Change done = change.get();
        boolean same =
                before.filter(number -> store.dropUnchanged(name, number)).isPresent();
        if (done instanceof ManifestStore.Change.Done && !same) {
            activityRecorder.add(
                    name.value(),
                    before.isPresent() ? "changed the description of " + name : "began to look after " + name,
                    directories.display(file),
                    "lamplighter add " + name,
                    before.map(number -> wayBack(name.value(), number)).orElse("lamplighter forget " + name));
        }
        return done;
    }

    /// @return how the verb ends when nobody agreed
    private Optional<Integer> agreed(String question, String name) {
        if (dryRun || yes) {
            return Optional.empty();
        }
        if (console.ask().isEmpty()) {
            return Optional.of(problem(
                    ExitCode.REFUSED,
                    "needs-consent",
                    "Without a terminal nobody can agree to it: `--yes` does, `--dry-run` shows what it would be."));
        }
        return console.agrees(question.formatted(name))
                ? Optional.empty()
                : Optional.of(problem(ExitCode.REFUSED, "not-agreed", "Nothing was changed."));
    }

    private int decide(AddTool.Proposal.Ready ready, String question) {
        String name = ready.manifest().name().value();
        if (!json) {
            console.out().println(ManifestText.masked(store.text(ready.manifest())));
            ready.evidence()
                    .forEach(proof ->
                            console.err().println("  proof  %s: %s".formatted(proof.source(), proof.detail())));
            secret(ready.manifest()).ifPresent(warning -> console.err().println("  ! " + warning));
        }
        if (dryRun) {
            return done(ready, false, "Nothing was changed (--dry-run).");
        }
        Optional<Integer> stopped = agreed(question, name);
        return stopped.isPresent()
                ? stopped.get()
                : save(ready, "`lamplighter doctor %s` examines it.".formatted(name));
    }

    /// What does not belong into a file that other programs read.
    private Optional<String> secret(Manifest manifest) {
        return manifest.service()
                .flatMap(service -> SecretDetector.inArguments(service.arguments()))
                .map(option ->
                        "The value of %s looks like a secret, and %s holds it in the clear: its place is a file of variables that only you can read, named there as `service.environmentFile`."
                                .formatted(option, directories.display(store.file(manifest.name()))));
    }

    private int save(AddTool.Proposal.Ready ready, String next) {
        return switch (written(ready.manifest().name(), () -> addTool.accept(ready))) {
            case ManifestStore.Change.Done(Path file) ->
                done(
                        ready,
                        true,
                        "%s is looked after now (%s). %s"
                                .formatted(ready.manifest().name(), directories.display(file), next));
            case ManifestStore.Change.Refused(Path _, String why) -> problem(ExitCode.REFUSED, "not-written", why);
        };
    }

    private int done(AddTool.Proposal.Ready ready, boolean added, String sentence) {
        if (!json) {
            console.err().println(sentence);
            return ExitCode.OK;
        }
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", ready.manifest().name().value());
        data.put("added", added);
        data.put("source", ready.source());
        data.put("file", store.file(ready.manifest().name()).toString());
        data.set("manifest", JsonFile.MAPPER.readTree(ManifestText.masked(store.text(ready.manifest()))));
        data.set("provenance", ProvenanceJson.provenance(ready.provenance()));
        ArrayNode warned = data.putArray("warnings");
        secret(ready.manifest())
                .ifPresent(warning ->
                        warned.addObject().put("id", "secret-in-description").put("message", warning));
        return console.envelope("add", ExitCode.OK, data, List.of());
    }

    private int problem(int code, String id, String sentence) {
        return console.problem(json, "add", code, new Problem(id, sentence));
    }
}
