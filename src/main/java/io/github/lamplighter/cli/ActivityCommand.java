package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.Activity;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter activity`: everything that Lamplighter changed, and how to put it back.
@Command(name = "activity", description = "Show what Lamplighter changed, and how to put it back.")
public final class ActivityCommand implements Callable<Integer> {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Activity activity;
    private final Console console;
    private final ZoneId zone;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public ActivityCommand(Activity activity, Console console, ZoneId zone) {
        this.activity = activity;
        this.console = console;
        this.zone = zone;
    }

    @Override
    public Integer call() {
        List<Activity.Change> changes = activity.all();
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            var array = data.putArray("changes");
            for (Activity.Change change : changes) {
                array.addObject()
                        .put("at", JsonTime.of(change.at(), zone))
                        .put("name", change.name())
                        .put("what", change.what())
                        .put("where", change.where())
                        .put("why", change.why())
                        .put("back", change.back());
            }
            return console.envelope("activity", ExitCode.OK, data, List.of());
        }
        if (changes.isEmpty()) {
            console.out().println("Nothing was changed yet.");
        }
        for (Activity.Change change : changes) {
            // A service verb's words name the tool themselves.
            boolean named = change.what()
                    .toLowerCase(Locale.ROOT)
                    .contains(change.name().toLowerCase(Locale.ROOT));
            String what = named ? change.what() : change.name() + " " + change.what();
            console.out()
                    .println("%s  %s (%s)".formatted(WHEN.format(change.at().atZone(zone)), what, change.where()));
            console.out().println("                  back  " + change.back());
        }
        return ExitCode.OK;
    }
}
