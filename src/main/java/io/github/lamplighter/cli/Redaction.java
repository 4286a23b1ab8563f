package io.github.lamplighter.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes out of a text what its writer would not want to publish: who they are, which machine it is, and whatever
/// looks like a secret. Reports hold no secrets to begin with; this is the second lock on that door.
final class Redaction {

    private record Rule(Pattern pattern, String with) {}

    private static final String SECRET_NAME = "(?:token|passw(?:or)?d|passphrase|secret|api[_-]?key|credential)";

    /// Forms of tokens that well-known services publish, and what usually stands before a secret.
    private static final List<Rule> SECRETS = List.of(
            rule("(?<=://)[^/@\\s]+@", ""),
            rule("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", "SECRET"),
            rule(
                    "\\b(?:gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{15,}|npm_\\w{20,}|pypi-[\\w-]{20,})",
                    "SECRET"),
            rule("\\b(?:sk-[\\w-]{16,}|xox[abprs]-[\\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\\w-]{30,})", "SECRET"),
            rule("\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*", "SECRET"),
            rule("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{8,}", "$1 SECRET"),
            rule("(?i)([\\w-]*" + SECRET_NAME + "[\\w-]*\"?\\s*[=:]\\s*\"?)[^\\s\"',;]+", "$1SECRET"),
            rule("[\\w.+-]+@[\\w-]+\\.[\\w.-]+\\w", "E-MAIL"),
            rule("\\b[\\w-]+(?:\\.[\\w-]+)*\\.(?:ts\\.net|local|lan|home\\.arpa|internal)\\b", "HOST"));

    /// Addresses of machines; those of this computer alone say nothing.
    private static final Pattern ADDRESS =
            Pattern.compile("(?i)(?<![\\w.])(?<!version )(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w.]*\\d)");

    private final List<Rule> rules = new ArrayList<>();

    /// @param home shown as `~`
    /// @param user shown as `USER`
    /// @param host shown as `HOST`; its first label too
    Redaction(String home, String user, String host) {
        rules.add(new Rule(Pattern.compile(Pattern.quote(home) + "(?![\\w.-])"), "~"));
        rules.addAll(SECRETS);
        if (!host.isBlank() && !host.equals("localhost")) {
            name(host, "HOST");
            name(host.split("\\.", 2)[0], "HOST");
        }
        if (!user.isBlank()) {
            name(user, "USER");
        }
    }

    String of(String text) {
        String clean = text;
        for (Rule rule : rules) {
            clean = rule.pattern().matcher(clean).replaceAll(rule.with());
        }
        return ADDRESS.matcher(clean)
                .replaceAll(
                        found -> isOfThisComputer(found.group()) ? Matcher.quoteReplacement(found.group()) : "ADDRESS");
    }

    private static boolean isOfThisComputer(String address) {
        return address.startsWith("127.") || address.equals("0.0.0.0");
    }

    /// A name counts where it stands as a word of its own, however it is written.
    private void name(String name, String with) {
        rules.add(new Rule(
                Pattern.compile(
                        "(?<![\\p{L}\\p{N}_])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}_])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
                with));
    }

    private static Rule rule(String pattern, String with) {
        return new Rule(Pattern.compile(pattern, Pattern.DOTALL), with);
    }
}
