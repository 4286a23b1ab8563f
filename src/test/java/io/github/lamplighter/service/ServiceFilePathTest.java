package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The PATH of units as people write them by hand.
class ServiceFilePathTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        Environment=PATH=/a:/b                   | /a:/b
        Environment="PATH=/a b:/c"               | /a b:/c
        Environment='PATH=/a b' X=1              | /a b
        Environment=A=b PATH=/a "C=d e"          | /a
        Environment=PATH=%h/bin:/usr/bin         | /home/ada/bin:/usr/bin
        Environment="PATH=/100%%/bin"            | /100%/bin
        Environment="PATH=/a \\"b\\" c\\\\d:/e"     | /a "b" c\\d:/e
        Environment='PATH=/a\\'s:/b'             | /a's:/b
        """)
    void isRead(String line, String path) {
        assertThat(ServiceFilePath.in("[Service]\n" + line + "\nExecStart=/x\n", Path.of("/home/ada")))
                .contains(path);
    }

    @Test
    void theLastOneCountsAndOtherNamesDoNot() {
        assertThat(in("Environment=PATH=/a\nEnvironment=PATH=/b\n")).contains("/b");
        assertThat(in("Environment=PATH=/a\nEnvironment=\n")).isEmpty();
        assertThat(in("Environment=MANPATH=/a\n#Environment=PATH=/a\n")).isEmpty();
    }

    private static Optional<String> in(String text) {
        return ServiceFilePath.in(text, Path.of("/home/ada"));
    }
}
