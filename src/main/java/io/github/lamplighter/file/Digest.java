package io.github.lamplighter.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of texts and files, to tell one version from another.
public final class Digest {

    private Digest() {}

    public static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The whole digest of a text in UTF-8, as 64 hexadecimal digits.
    public static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The whole digest, as 64 hexadecimal digits.
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256(content));
    }

    /// The start of the digest of a text in UTF-8, in hexadecimal digits.
    ///
    /// @param bytes how many bytes of the digest to keep; each becomes two digits
    public static String hex(String text, int bytes) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)), 0, bytes);
    }
}
