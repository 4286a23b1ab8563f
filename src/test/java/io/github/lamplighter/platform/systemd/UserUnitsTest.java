package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.tool.Traces.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserUnitsTest {

    @TempDir
    Path home;

    private Path folder;
    private Path environment;
    private Path program;

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        folder = Files.createDirectories(home.resolve(".config/systemd/user"));
        environment = Files.createDirectories(home.resolve("env"));
        program = Files.writeString(
                Files.createDirectories(environment.resolve("bin")).resolve("lamp"), "");
    }

    @Test
    void aUnitWhoseProgramLiesInTheEnvironmentIsTheTools() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("lamp"), program);
        Files.writeString(folder.resolve("b.service"), """
            [Service]
            WorkingDirectory=/srv/lamp
            ExecStart=-%s serve --name "two words" \\
                'x%%%%y' a\\\\b
            """.formatted(link));
        Files.writeString(folder.resolve("a.service"), "[Service]\nExecStart=/usr/bin/env %s run\n".formatted(program));
        Files.writeString(folder.resolve("other.service"), "[Service]\nExecStart=/usr/bin/true\n");
        Files.writeString(
                folder.resolve("lamplighter-lamp.service"),
                "# Written by Lamplighter for lamp.\n[Service]\nExecStart=%s\n".formatted(program));
        Files.writeString(folder.resolve("c.socket"), "[Socket]\nExecStart=%s\n".formatted(program));
        assertThat(new UserUnits(Places.linux(Map.of(), home)).of(environment))
                .containsExactly(
                        new Unit("a.service", folder.resolve("a.service"), List.of("run"), Optional.empty()),
                        new Unit(
                                "b.service",
                                folder.resolve("b.service"),
                                List.of("serve", "--name", "two words", "x%y", "a\\b"),
                                Optional.of(Path.of("/srv/lamp"))));
    }

    @Test
    void aHomeWithoutUnitsHasNone() {
        assertThat(new UserUnits(Places.linux(Map.of(), home.resolve("nobody"))).of(environment))
                .isEmpty();
    }
}
