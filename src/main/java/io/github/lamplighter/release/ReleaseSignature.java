package io.github.lamplighter.release;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// Ed25519 signatures (RFC 8032) of a release feed, with the key that was given to the build.
final class ReleaseSignature {

    private static final String ALGORITHM = "Ed25519";
    private static final int KEY_BYTES = 32;

    /// The fixed beginning of an Ed25519 key in X.509 form (RFC 8410).
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private ReleaseSignature() {}

    /// Whether `signature` is one of `content` by `key`; anything malformed is none.
    ///
    /// @param key the 32 raw bytes in base64
    /// @param signature in base64, as the file beside the feed has it
    static boolean matches(String key, byte[] content, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(publicKey(key));
            verifier.update(content);
            return verifier.verify(
                    Base64.getDecoder().decode(new String(signature, StandardCharsets.US_ASCII).strip()));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }

    private static PublicKey publicKey(String key) throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(key);
        if (raw.length != KEY_BYTES) {
            throw new IllegalArgumentException("not an Ed25519 key");
        }
        byte[] encoded = new byte[X509.length + raw.length];
        System.arraycopy(X509, 0, encoded, 0, X509.length);
        System.arraycopy(raw, 0, encoded, X509.length, raw.length);
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    }
}
