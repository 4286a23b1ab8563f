package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.Activity;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter activity`: everything that Lamplighter changed, and how to put it back.
@Command(name = "activity", description = "What Lamplighter changed, and how to put it back.")
public final class ActivityCommand implements Callable<Integer> {

    private final Activity activity;
    private final Console console;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    public ActivityCommand(Activity activity, Console console) {
        this.activity = activity;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Activity.Change> changes = activity.all();
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            var array = data.putArray("changes");
            for (Activity.Change change : changes) {
                array.addObject()
                        .put("at", change.at().toString())
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
            console.out()
                    .println("%s  %s %s (%s). Back: %s"
                            .formatted(change.at(), change.name(), change.what(), change.where(), change.back()));
        }
        return ExitCode.OK;
    }
}
