package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.StagePlan.LinkRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherLinksTest {

    @TempDir
    Path folder;

    private Path environment;
    private Path prepared;
    private Path bin;
    private Path staged;

    @BeforeEach
    void anEnvironmentAndAStage() throws IOException {
        folder = folder.toRealPath();
        environment = Files.createDirectories(folder.resolve("venvs/clock"));
        prepared = Files.createDirectories(folder.resolve("stage/venvs/clock"));
        bin = Files.createDirectories(folder.resolve("bin"));
        staged = Files.createDirectories(folder.resolve("stage/bin"));
        for (Path root : new Path[] {environment, prepared}) {
            Files.createDirectories(root.resolve("bin"));
            Files.createFile(root.resolve("bin/clock"));
            Files.createFile(root.resolve("bin/plugin"));
        }
    }

    @Test
    void aStagedLinkLeadsIntoTheFinalPathAndOtherLinksOfTheEnvironmentStay() throws IOException {
        Files.createFile(environment.resolve("bin/old"));
        Files.createFile(prepared.resolve("bin/fresh"));
        link(bin, "clock", environment);
        link(bin, "plugin", environment);
        link(bin, "old", environment);
        Files.createSymbolicLink(bin.resolve("stranger"), folder.resolve("elsewhere"));
        link(staged, "clock", prepared);
        link(staged, "fresh", prepared);

        Map<Path, Optional<String>> wanted = wanted();
        assertThat(wanted)
                .isEqualTo(Map.of(
                        bin.resolve("old"), Optional.empty(),
                        bin.resolve("clock"),
                                Optional.of(environment.resolve("bin/clock").toString()),
                        bin.resolve("fresh"),
                                Optional.of(environment.resolve("bin/fresh").toString())));
        assertThat(LauncherLinks.strangers(wanted, environment)).isEmpty();
        LauncherLinks.apply(wanted);
        assertThat(bin.resolve("plugin")).isSymbolicLink();
        assertThat(bin.resolve("old")).doesNotExist();
        assertThat(Files.readSymbolicLink(bin.resolve("fresh"))).isEqualTo(environment.resolve("bin/fresh"));
    }

    @Test
    void aFileOfTheUserAtThePathOfALauncherIsReported() throws IOException {
        Files.writeString(bin.resolve("clock"), "mine");
        link(staged, "clock", prepared);
        assertThat(LauncherLinks.strangers(wanted(), environment)).containsExactly(bin.resolve("clock"));
    }

    @Test
    void aLinkOfTheUserIntoTheInstallationStays() throws IOException {
        Files.createFile(environment.resolve("bin/old"));
        Files.createSymbolicLink(bin.resolve("short"), environment.resolve("bin/old"));
        link(bin, "old", environment);
        link(staged, "clock", prepared);
        LinkRule npm = new LinkRule.Mirror(staged, bin, Set.of("clock", "old"));
        assertThat(LauncherLinks.wanted(npm, prepared, environment))
                .containsOnlyKeys(bin.resolve("old"), bin.resolve("clock"))
                .containsEntry(bin.resolve("old"), Optional.empty());
        assertThat(wanted()).containsOnlyKeys(bin.resolve("old"), bin.resolve("clock"));
    }

    private Map<Path, Optional<String>> wanted() throws IOException {
        return LauncherLinks.wanted(new LinkRule.Relocated(staged, bin), prepared, environment);
    }

    private static void link(Path folder, String name, Path root) throws IOException {
        Files.createSymbolicLink(folder.resolve(name), root.resolve("bin").resolve(name));
    }
}
