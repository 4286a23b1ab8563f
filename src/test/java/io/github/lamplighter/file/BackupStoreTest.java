package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a file said before it was changed is there for a while, and not for ever.
class BackupStoreTest {

    @TempDir
    Path home;

    @Test
    void theNewestBackupsOfEachToolAreKept() throws IOException {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        BackupStore copies = new BackupStore(directories);
        copies.keep("other", Map.of("service", "of another tool"));
        Path note = Files.createFile(Files.createDirectories(directories.state().resolve("kept/lamp"))
                .resolve("notes.txt"));
        for (int number = 1; number <= BackupStore.NEWEST + 2; number++) {
            assertThat(copies.keep("lamp", Map.of("manifest", "said " + number, "basis", "of it")))
                    .isEqualTo(number);
        }

        assertThat(copies.text("lamp", 2, "manifest")).isEmpty();
        assertThat(copies.text("lamp", 2, "basis")).isEmpty();
        assertThat(copies.text("lamp", 3, "manifest")).contains("said 3");
        assertThat(copies.text("lamp", BackupStore.NEWEST + 2, "manifest")).isPresent();
        assertThat(copies.text("other", 1, "service")).contains("of another tool");
        assertThat(note).as("no copy of ours").exists();

        copies.drop("lamp", BackupStore.NEWEST + 2);
        assertThat(copies.keep("lamp", Map.of("manifest", "again"))).isEqualTo(BackupStore.NEWEST + 2);
        assertThat(copies.text("lamp", 3, "manifest")).contains("said 3");
    }
}
