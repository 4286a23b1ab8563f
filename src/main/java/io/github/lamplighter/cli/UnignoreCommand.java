package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `unignore NAME ID`
@Command(name = "unignore", header = "Stop ignoring a finding", footer = "lamplighter unignore n8n update")
public final class UnignoreCommand extends IgnoreListCommand {

    public UnignoreCommand(Context context) {
        super("unignore", context);
    }

    @Override
    CommandResult change(ToolName tool, String id) throws IOException {
        Optional<String> until = reports().unignore(tool, id);
        until.ifPresent(earlier -> record(
                "stopped ignoring `%s` for %s".formatted(id, tool), unignore(tool, id), ignore(tool, id, earlier)));
        refreshGlance();
        return CommandResult.ok(
                () -> JsonFile.MAPPER
                        .createObjectNode()
                        .put("name", tool.value())
                        .put("id", id)
                        .put("was", until.isPresent()),
                console -> console.out()
                        .println("`%s` of %s %s."
                                .formatted(id, tool, until.isPresent() ? "is no longer ignored" : "was not ignored")));
    }
}
