package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command reference and the manual page are what the command definitions say. With `REGENERATE=1` in the
/// environment the test writes them instead.
class CommandReferenceTest {

    @TempDir
    Path home;

    private CommandReference reference;

    @BeforeEach
    void allCommands() {
        reference = new CommandReference(
                new CompositionRoot(TestHost.at(home)).commandLine(List.of()), CompositionRoot.VERSION);
    }

    @Test
    void theCommandReferenceIsUpToDate() throws IOException {
        isUpToDate("docs/cli.md", reference.markdown());
    }

    @Test
    void theManualPageIsUpToDate() throws IOException {
        isUpToDate("packaging/lamplighter.1", reference.man());
    }

    private static void isUpToDate(String name, String text) throws IOException {
        Path file = Installed.CHECKOUT.resolve(name);
        if (System.getenv("REGENERATE") != null) {
            Files.writeString(file, text);
        }
        assertThat(file).as("REGENERATE=1 writes " + name).content().isEqualTo(text);
    }
}
