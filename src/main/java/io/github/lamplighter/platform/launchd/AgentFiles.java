package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.tool.Manifest.Install;
import io.github.lamplighter.tool.RealPaths;
import io.github.lamplighter.tool.ToolCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Agents of this user that somebody else wrote (launchd.plist(5)): those whose program is a tool's. They are only
/// read; a binary file is not read at all.
final class AgentFiles {

    private static final String SUFFIX = ".plist";

    private final Path folder;

    /// @param folder `~/Library/LaunchAgents`
    AgentFiles(Path folder) {
        this.folder = folder;
    }

    List<ForeignUnit> of(Install install) {
        ToolCommand tool = new ToolCommand(install, new RealPaths());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .flatMap(file -> agent(file, tool).stream())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static Optional<ForeignUnit> agent(Path file, ToolCommand tool) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            // A binary one, or one that may not be read.
            return Optional.empty();
        }
        if (AgentFile.isOurs(text)) {
            return Optional.empty();
        }
        return PropertyList.parse(text).flatMap(list -> agent(file, text, list, tool));
    }

    private static Optional<ForeignUnit> agent(Path file, String text, PropertyList list, ToolCommand tool) {
        String name = String.valueOf(file.getFileName());
        String label = list.text("Label").orElse("");
        // The verbs find an agent's file by its label.
        if (!name.equals(label + SUFFIX)) {
            return Optional.empty();
        }
        Map<String, String> environment = new TreeMap<>(list.map("EnvironmentVariables"));
        environment.remove("PATH");
        return tool.in(list.argv())
                .map(use -> new ForeignUnit(
                        label,
                        file,
                        List.of(),
                        true,
                        use.arguments(),
                        environment,
                        list.path("WorkingDirectory"),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        use.obstacle().or(() -> Optional.of("Lamplighter does not take over agents of macOS.")),
                        List.of(),
                        text));
    }
}
