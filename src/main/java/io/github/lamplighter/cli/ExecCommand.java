package io.github.lamplighter.cli;

import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.process.ExecReplacement;
import io.github.lamplighter.service.EnvironmentFile;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `exec NAME`: replaces this process by a tool, with the variables of its environment file. A launchd agent runs it,
/// because launchd cannot read such a file.
@Command(name = "exec", hidden = true, header = "Run a tool with its environment file (used by launchd agents)")
public final class ExecCommand implements Callable<Integer> {

    /// EX_CONFIG of sysexits.h: a restart would not help.
    private static final int MISCONFIGURED = 78;

    private final ManifestStore store;
    private final ServiceDefinitionFactory serviceDefinitionFactory;
    private final Map<String, String> environment;
    private final boolean macos;
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Managed tool")
    private String name = "";

    /// @param environment of this process, from the agent's file
    public ExecCommand(
            ManifestStore store,
            ServiceDefinitionFactory serviceDefinitionFactory,
            Map<String, String> environment,
            boolean macos,
            Console console) {
        this.store = store;
        this.serviceDefinitionFactory = serviceDefinitionFactory;
        this.environment = Map.copyOf(environment);
        this.macos = macos;
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<ManifestEntry> entry = ToolName.of(name).flatMap(store::entry);
        String why = entry.orElse(null) instanceof ManifestEntry.Readable readable
                ? switch (serviceDefinitionFactory.of(
                        readable.manifest(), environment.getOrDefault("PATH", ""), Map.of())) {
                    case ServiceDefinitionFactory.Result.Refused refused -> refused.why();
                    case ServiceDefinitionFactory.Result.Made made -> become(made.definition());
                }
                : "%s is not managed, or its manifest can't be read.".formatted(name);
        console.err().println("lamplighter: " + why);
        return MISCONFIGURED;
    }

    private String become(ServiceDefinition definition) {
        Map<String, String> all = new HashMap<>(environment);
        if (definition.environmentFile().isPresent()) {
            Path file = definition.environmentFile().get();
            try {
                all.putAll(EnvironmentFile.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                return "Could not read the environment file %s: %s.".formatted(file, FileProblem.why(e));
            }
        }
        return ExecReplacement.program(definition.argv(), all, definition.workingDirectory(), macos);
    }
}
