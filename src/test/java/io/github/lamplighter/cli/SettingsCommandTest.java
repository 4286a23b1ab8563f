package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingsCommandTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean timer;
    private int written;

    @Test
    void everySettingIsShownWithValueDefaultAndDescription() {
        assertThat(run("set", "updates.minimumAge", "0h")).isZero();
        out.reset();

        assertThat(run()).isZero();

        assertThat(text().lines()).hasSize(2 * Setting.values().length).noneMatch(line -> line.endsWith(" "));
        assertThat(text()).contains("""
            updates.minimumAge   0h       default: 24h
                Minimum age of a version before it is offered: 0s to 30d
            updates.lamplighter  on       default
            """);
    }

    @Test
    void getShowsOneSetting() {
        assertThat(run("get", "theme")).isZero();
        assertThat(text()).isEqualTo("""
            theme  desktop  default
                Theme of the window: desktop, light or dark
            """);
    }

    @Test
    void anUnusableValueInTheFileIsReported() throws IOException {
        Files.writeString(folder.resolve("settings.json"), "{ \"snapshots.perTool\": 4, \"theme\": \"purple\" }");
        assertThat(run()).isZero();
        assertThat(text())
                .contains("snapshots.perTool    4        default: 2\n")
                .contains(
                        "theme                desktop  default, because `purple` in the settings file can't be used\n");
    }

    @Test
    void jsonHasEachValueUnderItsKey() {
        assertThat(run("get", "doctor.interval", "--json")).isZero();
        assertThat(text()).contains("\"doctor.interval\" : \"6h\"");
    }

    @Test
    void anUnsuitableValueIsAUsageErrorAndAnUnreadableFileIsARefusal() throws IOException {
        assertThat(run("set", "network.limit", "banana")).isEqualTo(ExitCode.USAGE);
        assertThat(text()).contains("network.limit must be a time from 1s to 2min, such as 5s, not `banana`.");
        assertThat(folder.resolve("settings.json")).doesNotExist();
        Files.writeString(folder.resolve("settings.json"), "{ bad");
        assertThat(run("set", "network.limit", "3s")).isEqualTo(ExitCode.REFUSED);
    }

    /// The timer has the interval in its own file; without a timer, none is created.
    @Test
    void anExistingTimerGetsTheNewInterval() {
        assertThat(run("set", "doctor.interval", "1h")).isZero();
        assertThat(written).isZero();
        timer = true;
        assertThat(run("set", "notify.done", "off")).isZero();
        assertThat(written).isZero();
        assertThat(run("set", "doctor.interval", "2h")).isZero();
        assertThat(written).isOne();
    }

    @Test
    void aChangeIsRecordedWithThePreviousValue() {
        run("set", "network.limit", "9s");
        run("set", "network.limit", "9s");
        assertThat(activityLog().all()).singleElement().satisfies(change -> {
            assertThat(change.what()).isEqualTo("changed Lamplighter's setting network.limit from 5s to 9s");
            assertThat(change.back()).isEqualTo("lamplighter settings set network.limit 5s");
        });
    }

    private ActivityLog activityLog() {
        return new ActivityLog(AppDirectories.linux(Map.of(), folder));
    }

    private static Console console(PrintStream stream) {
        return new Console(stream, stream, false, false, Optional.empty());
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private int run(String... arguments) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Autostart autostart = new Autostart() {
            @Override
            public State state() {
                return new State(timer, folder, "");
            }

            @Override
            public Change on() {
                written++;
                return new Change.Done("");
            }

            @Override
            public Change off() {
                throw new UnsupportedOperationException();
            }
        };
        return new CommandLine(new SettingsCommand(
                        new Settings(folder.resolve("settings.json")),
                        () -> autostart,
                        "settings.json",
                        new ActivityRecorder(activityLog(), InstantSource.system(), console(stream)),
                        console(stream)))
                .execute(arguments);
    }
}
