package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `add NAME|PATH`: begins to look after a tool, once its description was shown and agreed to.
@Command(name = "add", description = "Begin to look after a tool. Shows its description and asks before it counts.")
public final class AddCommand implements Callable<Integer> {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private final AddTool addTool;
    private final ManifestStore store;
    private final Places places;
    private final Console console;

    @Parameters(paramLabel = "NAME|PATH", description = "A tool of `lamplighter list`, a program, or its path.")
    private String nameOrPath = "";

    @Option(names = "--installer", paramLabel = "uv|pipx|npm|venv", description = "Who must have installed it.")
    private @Nullable String installer;

    @Option(names = "--program", paramLabel = "PATH", description = "The launcher to use.")
    private @Nullable Path program;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description = "Where it came from; for npm, which keeps no record of it.")
    private @Nullable String origin;

    @Option(names = "--argument", paramLabel = "A", description = "An argument of its service; may be repeated.")
    private List<String> arguments = List.of();

    @Option(names = "--directory", paramLabel = "DIR", description = "Where its service runs.")
    private @Nullable Path directory;

    @Option(names = "--url", paramLabel = "URL", description = "Where it answers: http:, https:, tcp: or unix:.")
    private @Nullable String url;

    @Option(names = "--as", paramLabel = "ID", description = "Its name here.")
    private @Nullable String as;

    @Option(names = "--yes", description = "Agree to what would be asked.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Show the description and change nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public AddCommand(AddTool addTool, ManifestStore store, Places places, Console console) {
        this.addTool = addTool;
        this.store = store;
        this.places = places;
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
        return switch (asked(request, addTool.propose(request))) {
            case AddTool.Proposal.NotFound(String why) -> problem(ExitCode.USAGE, "unknown-tool", why);
            case AddTool.Proposal.Refused(String why) -> problem(ExitCode.REFUSED, "not-added", why);
            case AddTool.Proposal.Already(ManifestEntry entry, List<Path> others) ->
                problem(ExitCode.REFUSED, "looked-after", already(entry, others));
            case AddTool.Proposal.Renewed(AddTool.Proposal.Ready ready, List<String> changes) ->
                changes.isEmpty() ? unchanged(ready) : renew(ready, changes);
            case AddTool.Proposal.Moved(AddTool.Proposal.Ready ready, String sentence) -> {
                console.err().println(sentence);
                yield decide(ready, "Look after %s there?");
            }
            case AddTool.Proposal.Declared(AddTool.Proposal.Ready ready, String sentence) -> {
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
            more = more.cameFrom(
                    answer("npm does not record where %s came from. Its address, if not the registry (else Enter): "
                            .formatted(found.name())));
        }
        boolean unknown = request.arguments().isEmpty()
                && request.url().isEmpty()
                && found.service().isEmpty();
        if (unknown) {
            more = more.startedWith(answer(
                            "Is %s a server? Its arguments as a service, such as `serve --port 8080` (Enter: a command, no service): "
                                    .formatted(found.name()))
                    .map(AddCommand::words)
                    .orElse(List.of()));
        }
        boolean serves = !more.arguments().isEmpty() || found.service().isPresent();
        if (serves && request.url().isEmpty() && (unknown || found.endpoint().isEmpty())) {
            more = more.answeringAt(
                    answer("Where does it answer, such as `http://127.0.0.1:8080/` (Enter: nowhere): "));
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
                        .formatted(entry.name(), places.display(entry.file()), entry.name());
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
        changes.forEach(change -> console.err().println("  " + change));
        return decide(ready, "Take that over into the description of %s?");
    }

    private int decide(AddTool.Proposal.Ready ready, String question) {
        String name = ready.manifest().name().value();
        if (!json) {
            console.out().println(store.text(ready.manifest()));
            ready.evidence()
                    .forEach(proof ->
                            console.err().println("  proof  %s: %s".formatted(proof.source(), proof.detail())));
        }
        if (dryRun) {
            return done(ready, false, "Nothing was changed (--dry-run).");
        }
        if (!yes && console.ask().isEmpty()) {
            return problem(
                    ExitCode.REFUSED,
                    "needs-consent",
                    "Without a terminal nobody can agree to it: `--yes` does, `--dry-run` shows what it would be.");
        }
        if (!yes && !console.agrees(question.formatted(name))) {
            return problem(ExitCode.REFUSED, "not-agreed", "Nothing was changed.");
        }
        return save(ready, "`lamplighter doctor %s` examines it.".formatted(name));
    }

    private int save(AddTool.Proposal.Ready ready, String next) {
        return switch (addTool.accept(ready)) {
            case ManifestStore.Change.Done(Path file) ->
                done(
                        ready,
                        true,
                        "%s is looked after now (%s). %s"
                                .formatted(ready.manifest().name(), places.display(file), next));
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
        data.set("manifest", store.json(ready.manifest()));
        data.set("provenance", ProvenanceJson.provenance(ready.provenance()));
        return console.envelope("add", ExitCode.OK, data, List.of());
    }

    private int problem(int code, String id, String sentence) {
        return console.problem(json, "add", code, new Problem(id, sentence));
    }
}
