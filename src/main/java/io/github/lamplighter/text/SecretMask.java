package io.github.lamplighter.text;

import java.util.List;
import java.util.regex.Pattern;

/// Replaces what looks like a secret in the output of programs.
public final class SecretMask {

    private static final String NAME =
            "(?:token|passwd|password|passphrase|pwd|secret|api[_-]?key|credentials?|_auth(?:token)?|cookie)";

    /// Each keeps its first group and loses the rest.
    private static final List<Pattern> FORMS = List.of(
            // User information, up to the last `@` before the path: a password may hold one.
            Pattern.compile("(?<=://)()[^/\\s]+@"),
            Pattern.compile(
                    "()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", Pattern.DOTALL),
            // The scheme is optional.
            Pattern.compile("(?i)(authorization\"?\\s*[=:]\\s*\"?(?:(?:bearer|basic|digest|token)\\s+)?"
                    + "|\\b(?:bearer|basic|digest)\\s+)[^\\s\"',;]+"),
            // `token=x`, `"token": "x"`, `--password x`, `--app.token x`.
            Pattern.compile("(?i)((?:[\\w.-]*" + NAME + "[\\w-]*\"?\\s*[=:]\\s*[\"']?)|(?:--?[\\w.-]*" + NAME
                    + "[\\w-]*\\s+[\"']?))[^\\s\"',;}]+"),
            Pattern.compile("(?i)([?&](?:key|sig|signature|auth|code|session|access)=)[^&#\\s]+"),
            Pattern.compile("()" + SecretDetector.TOKEN));

    private SecretMask() {}

    /// The text without its secrets.
    ///
    /// @param instead replaces each secret, except the user information of an address, which is removed
    public static String masked(String text, String instead) {
        String result = text;
        for (Pattern form : FORMS) {
            result = form.matcher(result).replaceAll(form == FORMS.getFirst() ? "" : "$1" + instead);
        }
        return result;
    }
}
