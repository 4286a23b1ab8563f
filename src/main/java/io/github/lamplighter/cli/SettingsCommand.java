package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `settings [get KEY | set KEY VALUE]`: shows and changes the user's choices.
@Command(
        name = "settings",
        header = "Show or change settings",
        customSynopsis = "lamplighter settings [get KEY | set KEY VALUE] [OPTIONS]",
        footer = {
            "lamplighter settings",
            "lamplighter settings get doctor.interval",
            "lamplighter settings set doctor.interval 12h"
        })
public final class SettingsCommand implements Callable<Integer> {

    private final Settings settings;
    private final Supplier<Autostart> timer;
    private final String file;
    private final ActivityRecorder activityRecorder;
    private final Console console;

    @Parameters(
            arity = "0..3",
            paramLabel = "get|set",
            description = "Show one setting or change it (default: show all)")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    /// @param timer what checks the tools where there is no tray: it keeps the interval in a file of its own
    /// @param file where they lie, as people write it
    public SettingsCommand(
            Settings settings,
            Supplier<Autostart> timer,
            String file,
            ActivityRecorder activityRecorder,
            Console console) {
        this.settings = settings;
        this.timer = timer;
        this.file = file;
        this.activityRecorder = activityRecorder;
        this.console = console;
    }

    @Override
    public Integer call() {
        settings.problem().ifPresent(problem -> console.err().println("lamplighter: " + problem));
        if (words.isEmpty()) {
            return show(List.of(Setting.values()));
        }
        Optional<Setting> setting = words.size() > 1 ? Setting.of(words.get(1)) : Optional.empty();
        if (words.size() > 1 && setting.isEmpty()) {
            return usage("There is no setting `%s`. There are: %s."
                    .formatted(
                            words.get(1),
                            Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.joining(", "))));
        }
        if (setting.isPresent() && words.size() == 2 && words.getFirst().equals("get")) {
            return show(List.of(setting.get()));
        }
        if (setting.isPresent() && words.size() == 3 && words.getFirst().equals("set")) {
            String before = settings.get(setting.get());
            return switch (settings.set(setting.get(), words.get(2))) {
                case Settings.Change.Done() -> done(setting.get(), before);
                case Settings.Change.Unsuitable(String why) -> usage(why);
                case Settings.Change.Refused(String why) ->
                    console.problem(json, "settings", ExitCode.REFUSED, new Problem("setting-refused", why));
            };
        }
        return usage("It takes nothing, `get KEY`, or `set KEY VALUE`.");
    }

    private int done(Setting setting, String before) {
        String now = settings.get(setting);
        if (!now.equals(before)) {
            activityRecorder.add(
                    "lamplighter",
                    "set Lamplighter's %s to %s; it was %s".formatted(setting.key(), now, before),
                    file,
                    "lamplighter settings set %s %s".formatted(setting.key(), now),
                    "lamplighter settings set %s %s".formatted(setting.key(), before));
        }
        if (setting == Setting.DOCTOR_INTERVAL && timer.get().state().on()) {
            switch (timer.get().on()) {
                case Autostart.Change.Done _, Autostart.Change.Already _ -> {}
                case Autostart.Change.Refused(String why) -> console.err().println("lamplighter: " + why);
                case Autostart.Change.Failed(String why) -> console.err().println("lamplighter: " + why);
            }
        }
        return show(List.of(setting));
    }

    private int usage(String sentence) {
        return console.problem(json, "settings", ExitCode.USAGE, new Problem("usage", sentence));
    }

    private int show(List<Setting> shown) {
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            shown.forEach(setting -> data.put(setting.key(), settings.get(setting)));
            return console.envelope("settings", ExitCode.OK, data, List.of());
        }
        int keys = width(shown.stream().map(Setting::key));
        int values = width(shown.stream().map(settings::get));
        for (Setting setting : shown) {
            String value = settings.get(setting);
            console.out()
                    .println("%s  %s  %s"
                            .formatted(
                                    padded(setting.key(), keys),
                                    padded(value, values),
                                    settings.unusable(setting)
                                            .map("standard, since the file says %s"::formatted)
                                            .orElse(
                                                    value.equals(setting.standard())
                                                            ? "standard"
                                                            : "standard is " + setting.standard())));
            console.out().println("    %s: %s".formatted(setting.about(), setting.takes()));
        }
        return ExitCode.OK;
    }

    private static int width(Stream<String> words) {
        return words.mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
