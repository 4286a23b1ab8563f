package io.github.lamplighter.tool;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.file.JsonFile;
import tools.jackson.databind.node.ObjectNode;

/// The base of a manifest: the author's file in the package, else a recipe. It applies after the user accepted
/// it.
///
/// @param from author or recipe
/// @param place where it was found, for display
/// @param json the file
public record ManifestBase(From from, String place, ObjectNode json) {

    public enum From {
        AUTHOR("author"),
        RECIPE("recipe");

        private final String word;

        From(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// Identifies the content; white space is ignored.
    String hash() {
        return Digest.hex(JsonFile.MAPPER.writeValueAsString(json));
    }
}
