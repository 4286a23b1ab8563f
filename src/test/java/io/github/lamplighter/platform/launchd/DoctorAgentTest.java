package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Launchd;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.settings.Autostart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The agent that runs the doctor, against the real launchd on macOS, elsewhere against a stand-in.
@Tag("slow")
@EnabledIf("isPossible")
class DoctorAgentTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ThrowAwayHome home;
    private Launchd launchd;
    private AppDirectories directories;
    private Path ran;

    static boolean isPossible() {
        return Launchd.isPossible();
    }

    @BeforeEach
    void start() {
        home = ThrowAwayHome.withDifficultName();
        launchd = Launchd.start(home);
        directories = AppDirectories.macos(launchd.environment(), home.path());
        ran = home.resolve("ran");
    }

    @AfterEach
    void stop() throws IOException {
        agent(program("lamplighter")).off();
        launchd.close();
        home.close();
    }

    @Test
    void itRunsTheDoctorAndIsReplacedAndRemoved() throws IOException {
        Path checkout = program("a \"checkout\"");
        DoctorAgent agent = agent(checkout);
        assertThat(agent.state().on()).isFalse();
        assertThat(agent.on())
                .isEqualTo(new Autostart.Change.Done("Lamplighter checks the tools in the background every 6h."));
        Await.until("the doctor was run", LIMIT, () -> Files.exists(ran));
        assertThat(ran).content().startsWith(checkout + " doctor --background 1");
        assertThat(agent.on()).isInstanceOf(Autostart.Change.Already.class);

        DoctorAgent other = agent(program("lamplighter"));
        assertThat(other.state().on()).isTrue();
        assertThat(other.state().words()).contains("another installation", "`lamplighter autostart on --headless`");
        Files.delete(ran);
        assertThat(other.on()).isInstanceOf(Autostart.Change.Done.class);
        Await.until("the other one was run", LIMIT, () -> Files.exists(ran));

        Files.delete(home.resolve("lamplighter"));
        assertThat(other.state().on()).isFalse();
        assertThat(new LaunchdServiceManager(
                                new LocalProcessRunner(launchd.environment()),
                                launchd.environment(),
                                directories,
                                List.of("/opt/lamplighter"))
                        .written())
                .as("it is no service of a tool")
                .isEmpty();
        assertThat(other.off()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(other.state().file()).doesNotExist();
        assertThat(other.off()).isInstanceOf(Autostart.Change.Already.class);
    }

    @Test
    void aFileOfSomeoneElseStays() throws IOException {
        Path file = agent(program("lamplighter")).state().file();
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<plist/>");
        assertThat(agent(program("lamplighter")).on()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(agent(program("lamplighter")).off()).isInstanceOf(Autostart.Change.Refused.class);
        assertThat(file).hasContent("<plist/>");
        Files.delete(file);
    }

    private DoctorAgent agent(Path program) {
        return new DoctorAgent(
                new LocalProcessRunner(launchd.environment()),
                launchd.environment(),
                directories,
                () -> new LoginShell.Answer.Found("/usr/bin:/bin", List.of()),
                () -> "6h",
                List.of(program.toString()));
    }

    private Path program(String name) throws IOException {
        Path program = home.resolve(name);
        Files.writeString(program, "#!/bin/sh\necho \"$0 $* $LAMPLIGHTER_CHILD\" > '%s'\n".formatted(ran));
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
