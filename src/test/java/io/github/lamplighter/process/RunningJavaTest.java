package io.github.lamplighter.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningJavaTest {

    @TempDir
    Path home;

    private Path modules;

    @BeforeEach
    void install() throws IOException {
        modules = Files.createDirectories(home.resolve("lib")).resolve("modules");
        Files.writeString(modules, "classes");
    }

    @Test
    void isInstalledAsLongAsItIsTheSameFile() {
        assertThat(new RunningJava(home).isInstalled()).isTrue();
        assertThat(new RunningJava(Path.of(System.getProperty("java.home"))).isInstalled())
                .isTrue();
    }

    @Test
    void isNotInstalledAfterItWasRemovedOrReplaced() throws IOException {
        RunningJava java = new RunningJava(home);
        Path next = home.resolve("lib/modules.new");
        Files.writeString(next, "classes");
        Files.move(modules, home.resolve("lib/modules.old"));
        assertThat(java.isInstalled()).isFalse();
        Files.move(next, modules);
        assertThat(java.isInstalled()).isFalse();
    }

    @Test
    void aJavaWithoutThatFileIsTakenForInstalled() throws IOException {
        Files.delete(modules);
        assertThat(new RunningJava(home).isInstalled()).isTrue();
    }
}
