package io.github.lamplighter.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose package manager a hint is for.
class OsReleaseTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "ID=debian, debian",
        "ID=ubuntu|ID_LIKE=debian, debian",
        "ID=linuxmint|ID_LIKE=\"ubuntu debian\", debian",
        "ID=rocky|ID_LIKE=\"rhel centos fedora\", fedora",
        "ID=\"opensuse-leap\"|ID_LIKE=\"suse opensuse\", suse",
        "ID=manjaro|ID_LIKE=arch, arch",
        "ID=alpine, alpine",
        "ID=nixos, nixos",
        "NAME=x, linux"
    })
    void theFamilyIsTold(String content, String family) throws IOException {
        Path file = Files.writeString(folder.resolve("os-release"), content.replace('|', '\n') + "\n");
        assertThat(OsRelease.family(file)).isEqualTo(family);
    }
}
