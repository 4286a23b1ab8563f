package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `activity` offers no undo that is no longer possible.
class ActivityCommandTest {

    private static final String GONE = "not available; only the 20 most recent backups of a tool are kept";

    @TempDir
    Path home;

    @Test
    void aCopyIsOfferedForAsLongAsItIsThere() throws IOException {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        ActivityLog activityLog = new ActivityLog(directories);
        BackupStore copies = new BackupStore(directories);
        for (int number = 1; number <= BackupStore.NEWEST + 1; number++) {
            copies.keep("lamp", Map.of("description", "said " + number));
        }
        for (String back : new String[] {
            "lamplighter forget lamp",
            "lamplighter add lamp --kept 1",
            "lamplighter service install lamp --kept 1",
            "lamplighter add other --kept 2",
            "lamplighter add lamp --kept 2"
        }) {
            activityLog.add(
                    new ActivityLog.Change(Instant.EPOCH, "lamp", "changed lamp", "there", "lamplighter add", back));
        }
        assertThat(JsonFile.MAPPER
                        .readTree(activity(directories, "--json"))
                        .at("/data/changes")
                        .valueStream()
                        .map(change -> change.path("back").asString()))
                .containsExactly("lamplighter add lamp --kept 2", GONE, GONE, GONE, "lamplighter forget lamp");
        assertThat(activity(directories)).contains("undo: " + GONE, "--kept 2").doesNotContain("--kept 1");
    }

    private static String activity(AppDirectories directories, String... words) {
        FakeTerminal terminal = new FakeTerminal(directories);
        new CommandLine(new ActivityCommand(
                        new ActivityLog(directories),
                        new BackupStore(directories)::isKept,
                        terminal.console(false),
                        ZoneOffset.UTC))
                .execute(words);
        return terminal.output();
    }
}
