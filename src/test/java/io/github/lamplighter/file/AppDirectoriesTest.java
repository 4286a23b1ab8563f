package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppDirectoriesTest {

    @ParameterizedTest
    @CsvSource({
        "node /home/jürgen/bin/x --dir=/home/jürgen/d, node ~/bin/x --dir=~/d",
        "PATH=/bin:/home/jürgen/bin:/home/jürgen, PATH=/bin:~/bin:~",
        "it ended in /home/jürgen., it ended in ~.",
        "git file:///home/jürgen/repo@v1, git ~/repo@v1",
        "/home/jürgens/x and /home/jürgen.old/x, /home/jürgens/x and /home/jürgen.old/x",
        "/mnt/home/jürgen/x, /mnt/home/jürgen/x",
    })
    void theHomeIsDisplayedAsATilde(String text, String shown) {
        assertThat(AppDirectories.linux(Map.of(), Path.of("/home/jürgen")).display(text))
                .isEqualTo(shown);
    }

    @Test
    void theRootFolderAsHomeIsNotAbbreviated() {
        assertThat(AppDirectories.linux(Map.of(), Path.of("/")).display("GET / of /srv/x"))
                .isEqualTo("GET / of /srv/x");
    }
}
