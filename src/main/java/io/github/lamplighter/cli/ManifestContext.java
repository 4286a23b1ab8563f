package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.LintFinding;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.SpellingSuggestion;
import io.github.lamplighter.tool.TryManifest;
import io.github.lamplighter.tool.UpdateManifest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Dependencies of the commands below `manifest`.
public record ManifestContext(
        ManifestStore store,
        AddTool addTool,
        UpdateManifest updateManifest,
        TryManifest tryManifest,
        DiagnoseTool doctor,
        AppDirectories directories,
        Console console,
        ZoneId zone,
        InstantSource clock) {

    Problem noManifest(String name) {
        String suggestion = SpellingSuggestion.to(
                        name, store.entries().stream().map(ManifestEntry::name).toList())
                .map(" Did you mean %s?"::formatted)
                .orElse("");
        return new Problem("unknown-tool", "There is no manifest of %s.%s".formatted(name, suggestion));
    }

    CommandResult unreadable(ManifestEntry.Broken broken) {
        return CommandResult.failed(
                ExitCode.FAILED,
                "manifest-unreadable",
                ManifestText.unreadable(broken, directories.display(broken.file())));
    }

    List<String> text(Path file, List<LintFinding> findings) {
        return findings.stream()
                .map(finding -> ManifestText.lintFinding(file, finding, directories))
                .toList();
    }

    static ObjectNode json(LintFinding finding) {
        return JsonFile.MAPPER
                .createObjectNode()
                .put("pointer", finding.pointer())
                .put("line", finding.line())
                .put("column", finding.column())
                .put("message", finding.message());
    }
}
