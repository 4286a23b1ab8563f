package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.SpellingSuggestion;
import io.github.lamplighter.tool.ToolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The names of a command line, looked up among the tools that are looked after.
///
/// @param tools whose manifest can be read
/// @param broken a problem for each manifest that cannot be read
/// @param unreadable the same ones as rows of a list of tools
/// @param unknown the first name that is not looked after, as a problem: then nothing runs
record ToolSelection(
        List<Manifest> tools, List<Problem> broken, List<UnreadableManifest> unreadable, Optional<Problem> unknown) {

    /// A tool whose description cannot be read: it keeps its row.
    ///
    /// @param why the place and what is wrong there
    record UnreadableManifest(String name, String title, String why) {

        /// What says all that is not right in it.
        String remedy() {
            return "lamplighter manifest lint " + name;
        }
    }

    /// @param names none means all
    static ToolSelection of(ManifestStore store, List<String> names) {
        return of(store, Optional.empty(), names);
    }

    /// @param itself Lamplighter, for the verbs that examine it too
    /// @param names none means all
    static ToolSelection of(ManifestStore store, Optional<Manifest> itself, List<String> names) {
        List<Manifest> tools = new ArrayList<>();
        List<Problem> broken = new ArrayList<>();
        List<UnreadableManifest> unreadable = new ArrayList<>();
        if (names.isEmpty()) {
            itself.ifPresent(tools::add);
            store.entries().forEach(entry -> take(store, entry, tools, broken, unreadable));
        }
        for (String name : names) {
            Optional<Manifest> self =
                    itself.filter(manifest -> manifest.name().value().equals(name));
            Optional<ManifestEntry> entry = ToolName.of(name).flatMap(store::entry);
            if (self.isPresent()) {
                tools.add(self.get());
            } else if (entry.isPresent()) {
                take(store, entry.get(), tools, broken, unreadable);
            } else {
                return new ToolSelection(List.of(), List.of(), List.of(), Optional.of(unknown(store, name)));
            }
        }
        return new ToolSelection(List.copyOf(tools), List.copyOf(broken), List.copyOf(unreadable), Optional.empty());
    }

    /// Result of a command about one tool that cannot be used.
    CommandResult problem() {
        return unknown.map(problem -> CommandResult.failed(ExitCode.USAGE, problem))
                .orElseGet(() -> CommandResult.failed(ExitCode.REFUSED, broken.getFirst()));
    }

    /// Ends a verb about one tool that is not there.
    int problem(Console console, boolean json, String command) {
        return unknown.map(problem -> console.problem(json, command, ExitCode.USAGE, problem))
                .or(() -> broken.stream()
                        .findFirst()
                        .map(problem -> console.problem(json, command, ExitCode.REFUSED, problem)))
                .orElse(ExitCode.USAGE);
    }

    private static void take(
            ManifestStore store,
            ManifestEntry entry,
            List<Manifest> tools,
            List<Problem> broken,
            List<UnreadableManifest> unreadable) {
        switch (entry) {
            case ManifestEntry.Readable readable -> tools.add(readable.manifest());
            case ManifestEntry.Broken bad -> {
                String file = store.display(bad.file());
                broken.add(new Problem("manifest-unreadable", ManifestText.unreadable(bad, file)));
                unreadable.add(new UnreadableManifest(
                        bad.name(), ToolStatus.of(bad).headline(), ManifestText.place(bad, file)));
            }
        }
    }

    private static Problem unknown(ManifestStore store, String name) {
        if (name.equals("lamplighter")) {
            return new Problem(
                    "itself",
                    "Lamplighter itself has no service of this kind, and is upgraded where it came from (a checkout by"
                            + " `git pull`). `lamplighter autostart on` starts it at login.");
        }
        List<String> names = store.entries().stream().map(ManifestEntry::name).toList();
        String meant = SpellingSuggestion.to(name, names)
                .map(" Perhaps you meant `%s`."::formatted)
                .orElse("");
        return new Problem(
                "unknown-tool",
                "%s is not looked after.%s `lamplighter list` shows what is, `lamplighter add %s` begins it."
                        .formatted(name, meant, name));
    }
}
