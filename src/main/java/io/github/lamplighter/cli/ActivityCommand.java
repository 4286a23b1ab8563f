package io.github.lamplighter.cli;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.text.JsonTimestamps;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter activity`: everything that Lamplighter changed, and how to undo it.
@Command(
        name = "activity",
        header = "Show what Lamplighter changed and how to undo it",
        footer = "lamplighter activity")
public final class ActivityCommand extends ReportingCommand {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final Pattern KEPT = Pattern.compile("lamplighter .* (\\S+) --kept ([1-9][0-9]{0,8})");

    private final ActivityLog activityLog;
    private final BiPredicate<String, Integer> isKept;
    private final ZoneId zone;

    /// @param isKept whether the backup of a tool's file with a number still exists
    public ActivityCommand(ActivityLog activityLog, BiPredicate<String, Integer> isKept, Console console, ZoneId zone) {
        super("activity", console);
        this.activityLog = activityLog;
        this.isKept = isKept;
        this.zone = zone;
    }

    @Override
    CommandResult run() {
        List<ActivityLog.Change> changes = activityLog.all();
        return CommandResult.ok(() -> json(changes), console -> {
            if (changes.isEmpty()) {
                console.out().println("No changes yet.");
            }
            changes.forEach(change -> print(change, console));
        });
    }

    private void print(ActivityLog.Change change, Console console) {
        // Changes of services name the tool themselves.
        boolean named =
                change.what().toLowerCase(Locale.ROOT).contains(change.name().toLowerCase(Locale.ROOT));
        String what = named ? change.what() : change.name() + " " + change.what();
        console.out().println("%s  %s (%s)".formatted(WHEN.format(change.at().atZone(zone)), what, change.where()));
        console.out().println("                  undo: " + undo(change));
    }

    private ObjectNode json(List<ActivityLog.Change> changes) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode array = data.putArray("changes");
        for (ActivityLog.Change change : changes) {
            array.addObject()
                    .put("at", JsonTimestamps.of(change.at(), zone))
                    .put("name", change.name())
                    .put("what", change.what())
                    .put("where", change.where())
                    .put("why", change.why())
                    .put("back", undo(change));
        }
        return data;
    }

    /// A command that restores a backup is offered as long as the backup exists.
    private String undo(ActivityLog.Change change) {
        Matcher command = KEPT.matcher(change.back());
        return !command.matches() || isKept.test(command.group(1), Integer.parseInt(command.group(2)))
                ? change.back()
                : "not available; only the %d most recent backups of a tool are kept".formatted(BackupStore.NEWEST);
    }
}
