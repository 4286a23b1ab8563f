package io.github.lamplighter.doctor;

import java.util.regex.Pattern;

/// Text of other programs, cleaned where it enters a finding: no control or direction characters, no secrets in
/// addresses, not endless.
final class Foreign {

    private static final int LIMIT = 400;
    private static final String SECRET_NAME =
            "(?:token|passwd|password|passphrase|secret|api[_-]?key|credentials?|_auth(?:token)?)";

    /// Up to the last `@` before the path: a password may hold one.
    private static final Pattern USER_INFORMATION = Pattern.compile("(?<=://)[^/\\s]+@");

    /// With or without the word for its kind, and that word alone.
    private static final Pattern AUTHORIZATION =
            Pattern.compile("(?i)(authorization\"?\\s*[=:]\\s*\"?(?:(?:bearer|basic|digest|token)\\s+)?"
                    + "|\\b(?:bearer|basic|digest)\\s+)[^\\s\"',;]+");

    /// `token=x`, `"token": "x"`, `--password x`, `--app.token x`.
    private static final Pattern NAMED = Pattern.compile("(?i)((?:[\\w.-]*" + SECRET_NAME
            + "[\\w-]*\"?\\s*[=:]\\s*\"?)|(?:--?[\\w.-]*" + SECRET_NAME + "[\\w-]*\\s+))[^\\s\"',;}]+");

    /// Forms of tokens that well-known services publish.
    private static final Pattern KNOWN =
            Pattern.compile("\\b(?:gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{15,}"
                    + "|npm_\\w{20,}|pypi-[\\w-]{20,}|sk-[\\w-]{16,}|xox[abprs]-[\\w-]{10,}|AKIA[0-9A-Z]{16}"
                    + "|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)");

    private Foreign() {}

    static String clean(String text) {
        String visible = text.codePoints()
                .map(point -> point == '\t' || point == '\n' ? ' ' : point)
                .filter(point -> !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT)
                .limit(LIMIT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        String open = AUTHORIZATION
                .matcher(USER_INFORMATION.matcher(visible).replaceAll(""))
                .replaceAll("$1…");
        return KNOWN.matcher(NAMED.matcher(open).replaceAll("$1…")).replaceAll("…");
    }
}
