package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ignore NAME ID [--until …]`
@Command(
        name = "ignore",
        header = "Ignore a finding (undo with unignore)",
        description = "An ignored finding stays visible but is no longer counted.",
        footer = {
            "lamplighter ignore n8n update --until 2.31.0",
            "lamplighter ignore http-server log-out --until always"
        })
public final class IgnoreCommand extends IgnoreListCommand {

    private static final Pattern UNTIL = Pattern.compile("change|upgrade|always|v?\\d[\\w.+!-]*");

    /// `1.12.2026` would be taken for a version.
    private static final Pattern OTHER_DATE_FORM = Pattern.compile("\\d{1,2}[.-]\\d{1,2}[.-](?:19|20)\\d\\d");

    @Option(
            names = "--until",
            paramLabel = "DATE|VERSION|change|upgrade|always",
            description = "When to stop ignoring it; `upgrade` is when another version is installed (default: change)")
    private String until = "change";

    public IgnoreCommand(Context context) {
        super("ignore", context);
    }

    @Override
    CommandResult change(ToolName tool, String id) throws IOException {
        if (!UNTIL.matcher(until).matches() || OTHER_DATE_FORM.matcher(until).matches()) {
            return CommandResult.usage(
                    "--until must be a date such as 2026-12-01, a version such as 14.1.1, `change`, `upgrade` or `always`, not `%s`."
                            .formatted(until));
        }
        Optional<String> before = reports().setAsideUntil(tool, id);
        return switch (reports().ignore(tool, id, until)) {
            case NO_SUCH_FINDING ->
                CommandResult.failed(
                        ExitCode.REFUSED,
                        "no-such-finding",
                        "The last report on %s has no finding `%s`. To check again, run `lamplighter doctor %s`."
                                .formatted(tool, id, tool));
            case OVER ->
                CommandResult.usage(
                        "%s is already reached. --until takes a later date or version, `change`, `upgrade` or `always`."
                                .formatted(until));
            case DONE -> {
                record(
                        "ignored `%s` for %s %s".formatted(id, tool, duration()),
                        ignore(tool, id, until),
                        before.map(earlier -> ignore(tool, id, earlier)).orElseGet(() -> unignore(tool, id)));
                refreshGlance();
                yield CommandResult.ok(
                        () -> JsonFile.MAPPER
                                .createObjectNode()
                                .put("name", tool.value())
                                .put("id", id)
                                .put("until", until),
                        console -> console.out()
                                .println("`%s` of %s is ignored %s. To undo, run `%s`."
                                        .formatted(id, tool, duration(), unignore(tool, id))));
            }
        };
    }

    private String duration() {
        return switch (until) {
            case "change" -> "until it changes";
            case "upgrade" -> "until another version is installed";
            case "always" -> "permanently";
            default -> "until " + until;
        };
    }
}
