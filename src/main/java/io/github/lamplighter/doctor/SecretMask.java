package io.github.lamplighter.doctor;

import java.util.List;
import java.util.regex.Pattern;

/// What looks like a secret in a text, however programs write it, has something else in its place.
public final class SecretMask {

    private static final String NAME =
            "(?:token|passwd|password|passphrase|pwd|secret|api[_-]?key|credentials?|_auth(?:token)?|cookie)";

    /// Each keeps its first group and loses the rest.
    private static final List<Pattern> FORMS = List.of(
            // User information, up to the last `@` before the path: a password may hold one.
            Pattern.compile("(?<=://)()[^/\\s]+@"),
            Pattern.compile(
                    "()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", Pattern.DOTALL),
            // With or without the word for its kind, and that word alone.
            Pattern.compile("(?i)(authorization\"?\\s*[=:]\\s*\"?(?:(?:bearer|basic|digest|token)\\s+)?"
                    + "|\\b(?:bearer|basic|digest)\\s+)[^\\s\"',;]+"),
            // `token=x`, `"token": "x"`, `--password x`, `--app.token x`.
            Pattern.compile("(?i)((?:[\\w.-]*" + NAME + "[\\w-]*\"?\\s*[=:]\\s*[\"']?)|(?:--?[\\w.-]*" + NAME
                    + "[\\w-]*\\s+[\"']?))[^\\s\"',;}]+"),
            Pattern.compile("(?i)([?&](?:key|sig|signature|auth|code|session|access)=)[^&#\\s]+"),
            Pattern.compile("()" + io.github.lamplighter.tool.SecretDetector.TOKEN));

    private SecretMask() {}

    /// @param instead what stands in the place of a secret; of user information in an address nothing does
    public static String masked(String text, String instead) {
        String result = text;
        for (Pattern form : FORMS) {
            result = form.matcher(result).replaceAll(form == FORMS.getFirst() ? "" : "$1" + instead);
        }
        return result;
    }
}
