package io.github.lamplighter.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @TempDir
    Path folder;

    @Test
    void everyDefaultIsAValueThatItsSettingTakes() {
        for (Setting setting : Setting.values()) {
            assertThat(setting.objection(setting.defaultValue()))
                    .as(setting.key())
                    .isEmpty();
        }
    }

    @Test
    void thePageOfSettingsHasTheTextsOfTheCommand() throws IOException {
        String rows = Arrays.stream(Setting.values())
                .map(setting -> "| `%s` | %s | %s | %s |\n"
                        .formatted(setting.key(), setting.defaultValue(), setting.takes(), setting.about()))
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("docs/settings.md"))).contains("|---|---|---|---|\n" + rows + "\n");
    }

    @Test
    void whatWasSetIsThereAndForeignKeysAreKept() throws IOException {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, "{ \"future.key\": 3 }");
        Settings settings = new Settings(file);

        assertThat(settings.set(Setting.DOCTOR_INTERVAL, "90min")).isEqualTo(new Settings.Change.Done());

        assertThat(new Settings(file).span(Setting.DOCTOR_INTERVAL)).isEqualTo(Duration.ofMinutes(90));
        assertThat(Files.readString(file)).contains("\"future.key\" : 3");
    }

    @Test
    void aValueThatDoesNotFitIsRefusedWithWhatItTakes() {
        assertThat(new Settings(folder.resolve("settings.json")).set(Setting.DOCTOR_INTERVAL, "1s"))
                .isEqualTo(new Settings.Change.Unsuitable(
                        "doctor.interval must be a time from 5min to 7d, such as 6h, not `1s`."));
    }

    @Test
    void aDamagedFileIsReportedWithItsPlaceAndNeverWritten() throws IOException {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, "{\n  \"theme\": dark\n}");
        Settings settings = new Settings(file);

        assertThat(settings.set(Setting.THEME, "dark")).isInstanceOf(Settings.Change.Refused.class);

        assertThat(settings.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("line 2"));
        assertThat(Files.readString(file)).isEqualTo("{\n  \"theme\": dark\n}");
        assertThat(settings.get(Setting.THEME)).isEqualTo("desktop");
    }
}
