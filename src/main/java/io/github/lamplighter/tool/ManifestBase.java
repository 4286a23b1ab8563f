package io.github.lamplighter.tool;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.file.JsonFile;
import tools.jackson.databind.node.ObjectNode;

/// What a tool's description is founded on: the file that its author put into the package, else a recipe. It
/// counts once the user has seen it and agreed to it.
///
/// @param from whose it is
/// @param place where it was found, for people
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

    /// What tells one version of it from another; white space does not count.
    String hash() {
        return Digest.hex(JsonFile.MAPPER.writeValueAsString(json));
    }
}
