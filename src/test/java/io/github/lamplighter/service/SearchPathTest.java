package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service finds each program where the shell does, whichever Node the tool itself needs.
class SearchPathTest {

    @TempDir
    Path home;

    @BeforeEach
    void open() throws IOException {
        program("own/http-server");
        program("usr/node");
        program("usr/http-server");
        program("nvm/node");
    }

    private void program(String name) throws IOException {
        Path file = Files.createDirectories(home.resolve(name).getParent())
                .resolve(home.resolve(name).getFileName());
        Files.writeString(file, "");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String path(String... folders) {
        return String.join(
                ":",
                List.of(folders).stream()
                        .map(name -> home.resolve(name).toString())
                        .toList());
    }

    private String finding(String node, String... folders) {
        return new SearchPath(path(folders), List.of())
                .finding("node", home.resolve(node))
                .value();
    }

    @Test
    void nothingChangesIfTheShellFindsThatNode() {
        assertThat(finding("usr", "own", "usr")).isEqualTo(path("own", "usr"));
        assertThat(finding("nvm", "nvm", "own", "usr")).isEqualTo(path("nvm", "own", "usr"));
    }

    @Test
    void aNodeThatTheShellDoesNotFindComesLast() {
        assertThat(finding("nvm", "own")).isEqualTo(path("own", "nvm"));
    }

    @Test
    void aNodeBehindAnotherComesRightBeforeIt() {
        assertThat(finding("nvm", "own", "usr")).isEqualTo(path("own", "nvm", "usr"));
        assertThat(finding("nvm", "own", "usr", "nvm")).isEqualTo(path("own", "nvm", "usr"));
    }
}
