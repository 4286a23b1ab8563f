package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.DesktopOpener;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `open NAME`
@Command(name = "open", header = "Open a tool's URL in a browser", footer = "lamplighter open http-server")
public final class OpenCommand extends ReportingCommand {

    private final ManifestStore manifests;
    private final DesktopOpener opener;

    @Parameters(paramLabel = "NAME", description = "Managed tool")
    private String tool = "";

    public OpenCommand(ManifestStore manifests, DesktopOpener opener, Console console) {
        super("open", console);
        this.manifests = manifests;
        this.opener = opener;
    }

    @Override
    CommandResult run() {
        return withTool(manifests, tool, this::open);
    }

    private CommandResult open(Manifest manifest) {
        Optional<String> url = manifest.endpoint()
                .map(Manifest.Endpoint::url)
                .filter(address -> address.startsWith("http://") || address.startsWith("https://"));
        if (url.isEmpty()) {
            return CommandResult.failed(
                    ExitCode.REFUSED,
                    "no-address",
                    "%s has no URL that a browser can open.".formatted(manifest.name()));
        }
        return opener.open(url.get())
                .map(why -> CommandResult.failed(ExitCode.FAILED, "no-browser", why + " The URL is " + url.get()))
                .orElseGet(() -> CommandResult.ok(
                        () -> JsonFile.MAPPER
                                .createObjectNode()
                                .put("name", manifest.name().value())
                                .put("outcome", "done")
                                .put("url", url.get()),
                        console -> console.out().println(url.get())));
    }
}
