package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON files (RFC 8259, UTF-8), read as a whole and written atomically.
public final class JsonFile {

    /// The shared mapper; indented, so that people can read our files.
    public static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private JsonFile() {}

    /// The dialect that the program accepts whose file it is.
    public enum Form {
        /// Standard JSON: our own files, and what Python's `json` and Rust's serde read (pipx, pip, Volta).
        STRICT,
        /// As npm reads: ignores a byte order mark, replaces bytes that are not UTF-8
        /// (`json-parse-even-better-errors`, `fs.readFile(…, "utf8")`).
        NPM,
        /// With comments, commas after the last entry and a byte order mark, as editors and many tools have their
        /// settings (JSONC).
        COMMENTED
    }

    /// Created on first use: most runs read no such file.
    private static final class Commented {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build();

        private Commented() {}
    }

    /// The content of a file.
    public sealed interface Content {
        record Present(JsonNode json) implements Content {}

        record Absent() implements Content {}

        /// A file that cannot be parsed or read.
        ///
        /// @param line counted from 1; 0 when the file could not be read at all
        /// @param column counted from 1
        /// @param message a phrase (`expected a comma`), without the place
        record Damaged(int line, int column, String message) implements Content {}
    }

    public static Content read(Path file) {
        return read(file, Form.STRICT);
    }

    public static Content read(Path file, Form form) {
        try {
            JsonNode json = switch (form) {
                case STRICT -> MAPPER.readTree(Files.readString(file));
                case NPM -> MAPPER.readTree(unmarked(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
                case COMMENTED -> Commented.MAPPER.readTree(unmarked(Files.readString(file)));
            };
            return json.isMissingNode() ? new Content.Damaged(1, 1, "the file is empty") : new Content.Present(json);
        } catch (NoSuchFileException e) {
            return new Content.Absent();
        } catch (CharacterCodingException e) {
            return new Content.Damaged(0, 0, "the file is not UTF-8");
        } catch (IOException e) {
            return new Content.Damaged(0, 0, "the file cannot be read: " + FileProblem.why(e));
        } catch (JacksonException e) {
            var location = e.getLocation();
            return new Content.Damaged(
                    location == null ? 1 : location.getLineNr(),
                    location == null ? 1 : location.getColumnNr(),
                    plain(e.getOriginalMessage()));
        }
    }

    private static String unmarked(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /// The parser's messages are for programmers; common mistakes get a plain one.
    private static String plain(String message) {
        if (message.contains("was expecting comma")) {
            return "a comma is missing before this";
        }
        if (message.startsWith("Unexpected end-of-input")) {
            return "unexpected end of file";
        }
        if (message.contains("was expecting double-quote to start")) {
            return "expected a name in double quotes; check for a comma after the last entry";
        }
        if (message.contains("was expecting a colon")) {
            return "a colon is missing before this";
        }
        if (message.contains("maybe a (non-standard) comment")) {
            return "comments are not allowed in JSON";
        }
        if (message.contains("code 65279")) {
            return "a byte order mark is not allowed in JSON";
        }
        return message.startsWith("Unrecognized token") || message.startsWith("Unexpected character")
                ? "not valid JSON; text needs double quotes"
                : message.lines().findFirst().orElse(message);
    }

    /// Writes `json` with private permissions.
    public static void write(Path file, JsonNode json) throws IOException {
        AtomicFile.write(file, MAPPER.writeValueAsString(json) + "\n");
    }
}
