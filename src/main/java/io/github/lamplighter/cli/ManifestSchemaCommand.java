package io.github.lamplighter.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `manifest schema`
@Command(
        name = "schema",
        header = "Print the JSON Schema for manifests",
        footer = "lamplighter manifest schema > tool-manifest.json")
final class ManifestSchemaCommand implements Callable<Integer> {

    private final ManifestContext context;

    ManifestSchemaCommand(ManifestContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.console().out().print(context.store().schema());
        return ExitCode.OK;
    }
}
