package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `settings [get KEY | set KEY VALUE]`
@Command(
        name = "settings",
        header = "Show or change settings",
        customSynopsis = "lamplighter settings [get KEY | set KEY VALUE] [OPTIONS]",
        footer = {
            "lamplighter settings",
            "lamplighter settings get doctor.interval",
            "lamplighter settings set doctor.interval 12h"
        })
public final class SettingsCommand extends ReportingCommand {

    private final Settings settings;
    private final Supplier<Autostart> timer;
    private final String file;
    private final ActivityRecorder activityRecorder;

    @Parameters(
            arity = "0..3",
            paramLabel = "get|set",
            description = "Show one setting or change it (default: show all)")
    private List<String> words = List.of();

    /// @param timer the timer of background checks, which has the interval in a file of its own
    /// @param file the settings file, for display
    public SettingsCommand(
            Settings settings,
            Supplier<Autostart> timer,
            String file,
            ActivityRecorder activityRecorder,
            Console console) {
        super("settings", console);
        this.settings = settings;
        this.timer = timer;
        this.file = file;
        this.activityRecorder = activityRecorder;
    }

    @Override
    CommandResult run() {
        settings.problem().ifPresent(console()::warn);
        if (words.isEmpty()) {
            return show(List.of(Setting.values()));
        }
        Optional<Setting> setting = words.size() > 1 ? Setting.of(words.get(1)) : Optional.empty();
        if (words.size() > 1 && setting.isEmpty()) {
            return CommandResult.usage("Unknown setting `%s`. Settings: %s."
                    .formatted(
                            words.get(1),
                            Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.joining(", "))));
        }
        if (setting.isPresent() && words.size() == 2 && words.getFirst().equals("get")) {
            return show(List.of(setting.get()));
        }
        if (setting.isPresent() && words.size() == 3 && words.getFirst().equals("set")) {
            return set(setting.get(), words.get(2));
        }
        return CommandResult.usage("Specify nothing, `get KEY` or `set KEY VALUE`.");
    }

    private CommandResult set(Setting setting, String value) {
        String before = settings.get(setting);
        return switch (settings.set(setting, value)) {
            case Settings.Change.Unsuitable(String why) -> CommandResult.usage(why);
            case Settings.Change.Refused(String why) -> CommandResult.failed(ExitCode.REFUSED, "setting-refused", why);
            case Settings.Change.Done() -> {
                record(setting, before, settings.get(setting));
                if (setting == Setting.DOCTOR_INTERVAL && timer.get().state().on()) {
                    updateTimer();
                }
                yield show(List.of(setting));
            }
        };
    }

    private void record(Setting setting, String before, String now) {
        if (!now.equals(before)) {
            activityRecorder.add(
                    "lamplighter",
                    "changed Lamplighter's setting %s from %s to %s".formatted(setting.key(), before, now),
                    file,
                    "lamplighter settings set %s %s".formatted(setting.key(), now),
                    "lamplighter settings set %s %s".formatted(setting.key(), before));
        }
    }

    private void updateTimer() {
        switch (timer.get().on()) {
            case Autostart.Change.Done _, Autostart.Change.Already _ -> {}
            case Autostart.Change.Refused(String why) -> console().warn(why);
            case Autostart.Change.Failed(String why) -> console().warn(why);
        }
    }

    private CommandResult show(List<Setting> shown) {
        return CommandResult.ok(() -> data(shown), console -> text(shown).forEach(console.out()::println));
    }

    private ObjectNode data(List<Setting> shown) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        shown.forEach(setting -> data.put(setting.key(), settings.get(setting)));
        return data;
    }

    /// Two lines a setting.
    private List<String> text(List<Setting> shown) {
        TextTable table = new TextTable();
        shown.forEach(setting -> table.row(setting.key(), settings.get(setting), origin(setting)));
        List<String> values = table.lines();
        return IntStream.range(0, shown.size())
                .mapToObj(i -> List.of(
                        values.get(i),
                        "    %s: %s"
                                .formatted(shown.get(i).about(), shown.get(i).takes())))
                .flatMap(List::stream)
                .toList();
    }

    private String origin(Setting setting) {
        Optional<String> unusable = settings.unusable(setting);
        if (unusable.isPresent()) {
            return "default, because `%s` in the settings file can't be used".formatted(unusable.get());
        }
        return settings.get(setting).equals(setting.defaultValue()) ? "default" : "default: " + setting.defaultValue();
    }
}
