package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `settings [get KEY | set KEY VALUE]`: shows and changes the user's choices.
@Command(name = "settings", description = "Show or change your choices: settings [get KEY | set KEY VALUE]")
public final class SettingsCommand implements Callable<Integer> {

    private final Settings settings;
    private final Console console;

    @Parameters(arity = "0..3", paramLabel = "WORD", description = "get KEY, or set KEY VALUE")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public SettingsCommand(Settings settings, Console console) {
        this.settings = settings;
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
            return switch (settings.set(setting.get(), words.get(2))) {
                case Settings.Change.Done() -> show(List.of(setting.get()));
                case Settings.Change.Refused(String why) ->
                    console.problem(json, "settings", ExitCode.REFUSED, new Problem("setting-refused", why));
            };
        }
        return usage("It takes nothing, `get KEY`, or `set KEY VALUE`.");
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
        for (Setting setting : shown) {
            String value = settings.get(setting);
            console.out()
                    .printf(
                            "%-20s %-10s %s%n",
                            setting.key(),
                            value,
                            value.equals(setting.standard()) ? "" : "standard " + setting.standard());
        }
        return ExitCode.OK;
    }
}
