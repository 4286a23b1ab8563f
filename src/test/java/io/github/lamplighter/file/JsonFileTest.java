package io.github.lamplighter.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile.Content;
import io.github.lamplighter.file.JsonFile.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each program's files are read as that program reads them.
class JsonFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"a\": 1 } | STRICT NPM COMMENTED",
                "\uFEFF{ \"a\": 1 } | NPM COMMENTED",
                "{ \"a\": 1 } // mine | COMMENTED",
                "{ /* mine */ \"a\": 1 } | COMMENTED",
                "{ \"a\": 1, } | COMMENTED",
                "{ \"a\": 1, , } | (nobody)",
                "{ a: 1 } | (nobody)",
                "{ \"a\": 1 } x | (nobody)",
            })
    void eachFormAcceptsItsDialect(String text, String forms) throws IOException {
        Path file = Files.writeString(folder.resolve("x.json"), text);
        for (Form form : Form.values()) {
            assertThat(JsonFile.read(file, form) instanceof Content.Present)
                    .as("%s of %s", form, text)
                    .isEqualTo(forms.contains(form.name()));
        }
    }

    /// Old packages have their authors' names in Latin-1; npm installs them.
    @Test
    void npmAcceptsBytesThatAreNotUtf8() throws IOException {
        Path file = Files.write(
                folder.resolve("package.json"), "{ \"author\": \"Andr\u00e9\" }".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(JsonFile.read(file)).isEqualTo(new Content.Damaged(0, 0, "the file is not UTF-8"));
        assertThat(JsonFile.read(file, Form.NPM)).isInstanceOf(Content.Present.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\uFEFF{} | a byte order mark is not allowed in JSON",
                "{ // mine | comments are not allowed in JSON",
            })
    void whatStandardJsonDoesNotAllowIsNamed(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("x.json"), text);
        assertThat(JsonFile.read(file))
                .isInstanceOfSatisfying(
                        Content.Damaged.class,
                        damaged -> assertThat(damaged.message()).isEqualTo(message));
    }
}
