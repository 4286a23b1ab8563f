package io.github.lamplighter.cli;

import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.ActivityLog;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter activity`: everything that Lamplighter changed, and how to put it back.
@Command(name = "activity", description = "Show what Lamplighter changed, and how to put it back.")
public final class ActivityCommand implements Callable<Integer> {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final Pattern KEPT = Pattern.compile("lamplighter .* (\\S+) --kept ([1-9][0-9]{0,8})");

    private final ActivityLog activityLog;
    private final BiPredicate<String, Integer> isKept;
    private final Console console;
    private final ZoneId zone;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /// @param isKept whether the copy of a tool's file with a number is still there
    public ActivityCommand(ActivityLog activityLog, BiPredicate<String, Integer> isKept, Console console, ZoneId zone) {
        this.activityLog = activityLog;
        this.isKept = isKept;
        this.console = console;
        this.zone = zone;
    }

    @Override
    public Integer call() {
        List<ActivityLog.Change> changes = activityLog.all();
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            var array = data.putArray("changes");
            for (ActivityLog.Change change : changes) {
                array.addObject()
                        .put("at", JsonTimestamps.of(change.at(), zone))
                        .put("name", change.name())
                        .put("what", change.what())
                        .put("where", change.where())
                        .put("why", change.why())
                        .put("back", back(change));
            }
            return console.envelope("activity", ExitCode.OK, data, List.of());
        }
        if (changes.isEmpty()) {
            console.out().println("Nothing was changed yet.");
        }
        for (ActivityLog.Change change : changes) {
            // A service verb's words name the tool themselves.
            boolean named = change.what()
                    .toLowerCase(Locale.ROOT)
                    .contains(change.name().toLowerCase(Locale.ROOT));
            String what = named ? change.what() : change.name() + " " + change.what();
            console.out()
                    .println("%s  %s (%s)".formatted(WHEN.format(change.at().atZone(zone)), what, change.where()));
            console.out().println("                  back  " + back(change));
        }
        return ExitCode.OK;
    }

    /// A way back that leads to a copy is offered for as long as the copy is there.
    private String back(ActivityLog.Change change) {
        Matcher way = KEPT.matcher(change.back());
        return !way.matches() || isKept.test(way.group(1), Integer.parseInt(way.group(2)))
                ? change.back()
                : "What was there before is not kept any more; of each tool the %d newest copies are."
                        .formatted(BackupStore.NEWEST);
    }
}
