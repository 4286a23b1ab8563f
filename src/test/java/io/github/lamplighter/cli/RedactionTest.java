package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What goes out with a bug report tells nothing of who wrote it.
class RedactionTest {

    private final Redaction redaction = new Redaction("/home/ada", "ada", "ada-pc.example.org");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /home/ada/.config/x: there is no such file | ~/.config/x: there is no such file
        /home/adam/.config                         | /home/adam/.config
        lingering is off for ada                   | lingering is off for USER
        the canada branch of adapter               | the canada branch of adapter
        ADA-PC answers                             | HOST answers
        ada-pc.example.org:8088                    | HOST:8088
        https://ada:pw@git.example.org/x.git       | https://git.example.org/x.git
        listens on 192.168.1.7                     | listens on ADDRESS
        listens on 127.0.0.1 and 0.0.0.0           | listens on 127.0.0.1 and 0.0.0.0
        Version 14.1.0.2 is installed              | Version 14.1.0.2 is installed
        version 14.1.0 is installed                | version 14.1.0 is installed
        Authorization: Bearer abcdefghijkl         | Authorization: Bearer SECRET
        //registry/:_authToken=npm-secret-1        | //registry/:_authToken=SECRET
        MUXPLEX_PASSWORD=hunter2                   | MUXPLEX_PASSWORD=SECRET
        "api_key": "hunter2"                       | "api_key": "SECRET"
        ghp_0123456789abcdefghijABCDEFGHIJ         | SECRET
        written by ada.l@example.org               | written by E-MAIL
        muxplex.tail1234.ts.net                    | HOST
        """)
    void takesOut(String text, String clean) {
        assertThat(redaction.of(text)).isEqualTo(clean);
    }

    @Test
    void aKeyOverSeveralLinesGoesAsAWhole() {
        assertThat(redaction.of("a\n-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nb"))
                .isEqualTo("a\nSECRET\nb");
    }

    @Test
    void aMachineWithoutANameIsNoTrouble() {
        assertThat(new Redaction("/root", "", "").of("root on localhost, /root/x"))
                .isEqualTo("root on localhost, ~/x");
    }
}
