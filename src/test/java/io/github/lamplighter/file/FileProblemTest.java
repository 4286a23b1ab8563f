package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {

    @TempDir
    private Path folder;

    /// The message of each of these is only the path.
    @Test
    void aPathAloneIsNoReason() {
        assertThat(FileProblem.why(new AccessDeniedException("/x/y"))).isEqualTo("no permission for /x/y");
        assertThat(FileProblem.why(new DirectoryNotEmptyException("/x/y"))).isEqualTo("/x/y is not empty");
        assertThat(FileProblem.why(new FileSystemLoopException("/x/y"))).contains("is a link to a folder around it");
    }

    @Test
    void whatIsMissingIsNamed() {
        try {
            String _ = Files.readString(folder.resolve("gone"));
        } catch (IOException e) {
            assertThat(FileProblem.why(new UncheckedIOException(e))).isEqualTo(folder.resolve("gone") + " is missing");
        }
    }

    @Test
    void theWordsOfTheSystemAreExplained() {
        String file = folder.resolve("not/there").toString();
        assertThat(FileProblem.why(new FileSystemException(file, null, "Read-only file system")))
                .isEqualTo("the disk of %s is read-only".formatted(folder));
        assertThat(FileProblem.why(new FileSystemException(file, null, "No space left on device")))
                .isEqualTo("the disk of %s is full".formatted(folder));
        assertThat(FileProblem.why(new FileSystemException(file, null, "Device or resource busy")))
                .startsWith(file + " is in use");
        assertThat(FileProblem.why(new FileSystemException(file, null, "Too many links")))
                .isEqualTo(file + ": Too many links");
        assertThat(FileProblem.ofDisk("cp: error writing: Disk quota exceeded\n", folder.resolve("x")))
                .contains("your disk quota for %s is used up".formatted(folder));
    }
}
