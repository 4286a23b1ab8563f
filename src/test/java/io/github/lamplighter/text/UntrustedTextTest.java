package io.github.lamplighter.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No secret comes through in whatever form other programs write it, and nothing that is none is lost.
class UntrustedTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Authorization: Bearer X1y2                | Authorization: Bearer …
        authorization: basic QWRhOnB3             | authorization: basic …
        {"token":"abc", "a": 1}                   | {"token":"…", "a": 1}
        serve --password hunter2 --port 1         | serve --password … --port 1
        jupyter lab --ServerApp.token abc         | jupyter lab --ServerApp.token …
        //host/:_auth=QWRh                        | //host/:_auth=…
        passwd=x y                                | passwd=… y
        https://u:p@ss@h/x                        | https://h/x
        postgresql://u:pw@h/db                    | postgresql://h/db
        pushed with ghp_0123456789abcdefghijABCD  | pushed with …
        14.1.1 is ready                           | 14.1.1 is ready
        ada@example.org                           | ada@example.org
        tokenizer 3.2 is there                    | tokenizer 3.2 is there
        """)
    void masks(String text, String clean) {
        assertThat(UntrustedText.masked(text)).isEqualTo(clean);
    }

    @Test
    void removesControlAndDirectionCharacters() {
        assertThat(UntrustedText.visible("\u001B[31m1.0\u202E\nnext\t")).isEqualTo("[31m1.0 next");
        assertThat(UntrustedText.visible("x".repeat(1000))).hasSize(400);
    }

    @Test
    void quotationFitsIntoASentence() {
        assertThat(UntrustedText.quotation("no such host (https://u:pw@h/).")).isEqualTo("no such host (https://h/)");
        assertThat(UntrustedText.quotation("x".repeat(300))).isEqualTo("x".repeat(200) + "…");
    }
}
