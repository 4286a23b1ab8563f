package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The names of a command line, looked up among the tools that are looked after.
///
/// @param tools whose manifest can be read
/// @param broken a problem for each manifest that cannot be read
/// @param unknown the first name that is not looked after, as a problem: then nothing runs
record LookedAfter(List<Manifest> tools, List<Problem> broken, Optional<Problem> unknown) {

    /// @param names none means all
    static LookedAfter of(ManifestStore store, List<String> names) {
        List<ManifestEntry> entries = new ArrayList<>();
        if (names.isEmpty()) {
            entries.addAll(store.entries());
        }
        for (String name : names) {
            Optional<ManifestEntry> entry = ToolName.of(name).flatMap(store::entry);
            if (entry.isEmpty()) {
                return new LookedAfter(List.of(), List.of(), Optional.of(unknown(name)));
            }
            entries.add(entry.get());
        }
        List<Manifest> tools = new ArrayList<>();
        List<Problem> broken = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            switch (entry) {
                case ManifestEntry.Readable readable -> tools.add(readable.manifest());
                case ManifestEntry.Broken bad ->
                    broken.add(new Problem(
                            "manifest-unreadable",
                            "%s: its description cannot be read (%s, line %d, column %d: %s). It was left as it is."
                                    .formatted(bad.name(), bad.file(), bad.line(), bad.column(), bad.message())));
            }
        }
        return new LookedAfter(List.copyOf(tools), List.copyOf(broken), Optional.empty());
    }

    private static Problem unknown(String name) {
        return new Problem(
                "unknown-tool",
                "%s is not looked after. `lamplighter list` shows what is, `lamplighter add %s` begins it."
                        .formatted(name, name));
    }
}
