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

/// The managed tools that a command line names.
///
/// @param tools with a readable manifest
/// @param broken a problem for each manifest that cannot be read
/// @param unreadable the same manifests, as rows of a list of tools
/// @param unknown a problem for the first name that is not a managed tool; then the command does nothing
record ToolSelection(
        List<Manifest> tools, List<Problem> broken, List<UnreadableManifest> unreadable, Optional<Problem> unknown) {

    /// A tool whose manifest cannot be read.
    ///
    /// @param why the place of the error and the error
    record UnreadableManifest(String name, String title, String why) {

        /// The command that lists all errors.
        String remedy() {
            return "lamplighter manifest lint " + name;
        }
    }

    /// @param names empty for all
    static ToolSelection of(ManifestStore store, List<String> names) {
        return of(store, Optional.empty(), names);
    }

    /// @param itself Lamplighter, for commands that check it too
    /// @param names empty for all
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
                    "This command doesn't work for Lamplighter itself. To start it at login, run `lamplighter autostart"
                            + " on`.");
        }
        Optional<String> command = commandOf(store, name);
        if (command.isPresent()) {
            return new Problem(
                    "unknown-tool", "The command %s belongs to %s. Use that name.".formatted(name, command.get()));
        }
        List<String> names = store.entries().stream().map(ManifestEntry::name).toList();
        // Only `add` and `list` look for what is installed.
        String meant = SpellingSuggestion.to(name, names)
                .map("Did you mean `%s`?"::formatted)
                .orElse("If it is installed, `lamplighter add %s` manages it.".formatted(name));
        return new Problem(
                "unknown-tool",
                "%s is not managed by Lamplighter. %s To see all tools, run `lamplighter list`."
                        .formatted(name, meant));
    }

    /// The managed tool that users start with this command, such as `cowsay` with `cowsay@old` (a suffix of pipx).
    private static Optional<String> commandOf(ManifestStore store, String command) {
        return store.entries().stream()
                .filter(entry -> entry instanceof ManifestEntry.Readable(Manifest manifest, var _)
                        && manifest.install().program().endsWith(command))
                .map(ManifestEntry::name)
                .findFirst();
    }
}
