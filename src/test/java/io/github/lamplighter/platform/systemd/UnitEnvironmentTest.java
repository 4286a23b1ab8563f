package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.ServiceEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is told of a unit's variables is what its program really finds, under a real manager.
@WithHome
@Tag("slow")
class UnitEnvironmentTest {

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    private static SystemdServiceManager services;

    @BeforeAll
    static void start() {
        services = new SystemdServiceManager(
                new LocalProcessRunner(manager.environment()),
                manager.environment(),
                AppDirectories.linux(manager.environment(), home.path()),
                new ProcProcesses());
    }

    @Test
    void aUnitThatSaysNothingHasTheManagersPath() throws IOException {
        assertThat(told("plain", "").path()).contains(found("plain"));
    }

    @Test
    void theUnitsOwnCountsAndItsLastWord() throws IOException {
        ServiceEnvironment told = told(
                "own",
                "Environment=PATH=/early:/bin \"QUOTED=a \\\"b\\\" c\"\n"
                        + "Environment='PATH=/with space/bin:/usr/bin:/bin' MODE=quiet EMPTY=\n");
        assertThat(found("own")).isEqualTo("/with space/bin:/usr/bin:/bin");
        assertThat(told.path()).contains(found("own"));
        assertThat(told.by("MODE")).contains("own.service");
        assertThat(told.by("QUOTED")).isPresent();
        assertThat(told.by("EMPTY")).isEmpty();
        assertThat(told.by("ABSENT")).isEmpty();
    }

    @Test
    void whatIsAddedBesideItCountsAboveIt() throws IOException {
        Path addition = units().resolve("added.service.d/path.conf");
        Files.createDirectories(addition.getParent());
        Files.writeString(addition, "[Service]\nEnvironment=PATH=/added:/usr/bin:/bin\n");
        ServiceEnvironment told = told("added", "Environment=PATH=/early:/bin\n");
        assertThat(found("added")).isEqualTo("/added:/usr/bin:/bin");
        assertThat(told.path()).contains(found("added"));
        assertThat(services.dropIns("added.service")).containsExactly(addition);
        assertThat(services.dropIns("plain.service")).isEmpty();
    }

    @Test
    void aFileOfVariablesCountsAboveAllAndNoValueOfItComesOut() throws IOException {
        Path file = home.resolve("variables");
        Files.writeString(file, "# a comment\nPATH=\"/file:/usr/bin:/bin\"\nTOKEN=canary-4711\n");
        ServiceEnvironment told = told(
                "file",
                "Environment=PATH=/early:/bin\nEnvironmentFile=-%s\nEnvironmentFile=-/nowhere\n".formatted(file));
        assertThat(found("file")).isEqualTo("/file:/usr/bin:/bin");
        assertThat(told.path()).contains(found("file"));
        assertThat(told.by("TOKEN")).contains("~/variables");
        assertThat(told.toString()).contains("TOKEN").doesNotContain("canary-4711");
    }

    private static ServiceEnvironment told(String name, String lines) throws IOException {
        Files.createDirectories(units());
        Files.writeString(units().resolve(name + ".service"), """
            [Service]
            Type=oneshot
            ExecStart=/bin/sh -c 'echo "$$PATH" > %s'
            %s\
            """.formatted(home.resolve(name + ".path"), lines));
        manager.systemctl("daemon-reload").well();
        return services.variables(name + ".service").orElseThrow();
    }

    private static String found(String name) throws IOException {
        Path file = home.resolve(name + ".path");
        if (Files.notExists(file)) {
            manager.systemctl("start", name + ".service").well();
            Await.until(Duration.ofSeconds(10), () -> Files.exists(file));
        }
        return Files.readString(file).strip();
    }

    private static Path units() {
        return home.resolve(".config/systemd/user");
    }
}
