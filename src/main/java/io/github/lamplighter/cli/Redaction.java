package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.SecretMask;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Removes names of users and hosts, addresses, and likely secrets from a report. Reports contain no known
/// secrets; this is the second safeguard.
final class Redaction {

    private record Rule(Pattern pattern, String replacement) {}

    /// Public hosts reveal nothing about the user.
    private static final Set<String> PUBLIC_HOSTS = Set.of(
            "github.com",
            "api.github.com",
            "gitlab.com",
            "codeberg.org",
            "bitbucket.org",
            "git.sr.ht",
            "pypi.org",
            "files.pythonhosted.org",
            "localhost");

    private static final Pattern HOST_OF_ADDRESS =
            Pattern.compile("(?<=://)([\\w-]+(?:\\.[\\w-]+)*)(?=[:/?#\\s\"'<>)\\],;]|\\.?$|\\.\\s)");

    /// A host name outside of a URL; these endings are not file name extensions.
    private static final Pattern HOST = Pattern.compile(
            "(?i)(?<![\\w.@/-])(?:[\\p{L}\\p{N}-]+\\.)+(?:com|org|net|edu|gov|io|dev|eu|de|at|ch|fr|uk|nl|be|it|es|se|no|dk"
                    + "|fi|cz|pl|us|ca|au|jp|cn|in|br|ru|cloud|xyz|online|site|ts\\.net|local|localdomain|lan|home|box|corp"
                    + "|intranet|home\\.arpa|internal)(?![\\w-]|\\.\\w)");

    private static final Pattern MAIL = Pattern.compile("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)*\\w");

    private static final Pattern OTHERS_HOME = Pattern.compile("(?<![\\w.~-])/(home|Users)/[^/\\s:\"'<>]+");

    private static final Pattern IPV4 =
            Pattern.compile("(?i)(?<![\\w.])(?<!version )(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w.]*\\d)");

    /// An IPv6 address, or the address of a network card.
    private static final Pattern COLONS =
            Pattern.compile("(?i)(?<![\\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\\w+)?(?![\\w:])");

    private final List<Rule> names = new ArrayList<>();

    /// @param home shown as `~`
    /// @param users names of the user, shown as `USER`
    /// @param host shown as `HOST`, with its domain
    Redaction(String home, List<String> users, String host) {
        if (home.length() > 1) {
            for (String form : List.of(home, encoded(home).replace("%2F", "/"))) {
                names.add(new Rule(Pattern.compile(Pattern.quote(form) + "(?![\\w.-]*[\\w-])"), "~"));
            }
        }
        String label = host.split("\\.", 2)[0];
        if (!label.isBlank() && !label.equals("localhost")) {
            addName(label, "(?:\\.[\\p{L}\\p{N}-]+)*", "HOST");
        }
        // Longest first: a full name may begin with the login name.
        users.stream()
                .filter(user -> !user.isBlank())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .forEach(user -> {
                    addName(user, "", "USER");
                    addName(encoded(user), "", "USER");
                });
    }

    /// The redacted report. Severities and times stay.
    Report of(Report report) {
        return new Report(
                of(report.name()),
                report.expected(),
                report.provenance(),
                report.verdict(),
                report.unansweredQuery()
                        .map(unansweredQuery -> new Report.UnansweredQuery(
                                unansweredQuery.askedAt(),
                                new Verdict.NotCheckable(
                                        unansweredQuery.gap().uncheckableReason(),
                                        of(unansweredQuery.gap().why()),
                                        unansweredQuery.gap().help(),
                                        unansweredQuery.gap().command().map(this::of)))),
                new Facts(
                        of(report.facts().installed()),
                        of(report.facts().enabled()),
                        of(report.facts().running()),
                        of(report.facts().answering()),
                        of(report.facts().mine())),
                report.findings().stream().map(this::of).toList(),
                report.reportedAt(),
                report.tookMillis(),
                report.timedOut(),
                report.rolledBack()
                        .map(tried -> new Report.RolledBack(
                                tried.version(), tried.at(), tried.reason().map(this::of))));
    }

    String of(String text) {
        String clean = SecretMask.masked(Normalizer.normalize(text, Normalizer.Form.NFC), "SECRET");
        clean = MAIL.matcher(clean).replaceAll("E-MAIL");
        for (Rule rule : names) {
            clean = rule.pattern().matcher(clean).replaceAll(rule.replacement());
        }
        clean = OTHERS_HOME.matcher(clean).replaceAll("/$1/USER");
        clean = HOST_OF_ADDRESS.matcher(clean).replaceAll(Redaction::host);
        clean = HOST.matcher(clean).replaceAll(Redaction::host);
        clean = IPV4.matcher(clean)
                .replaceAll(found -> isOfThisComputer(found.group()) ? literal(found.group()) : "ADDRESS");
        return COLONS.matcher(clean).replaceAll(found -> isAddress(found.group()) ? "ADDRESS" : literal(found.group()));
    }

    private Fact of(Fact fact) {
        return new Fact(fact.value(), fact.evidence().stream().map(this::of).toList(), fact.checkedAt());
    }

    private Finding of(Finding finding) {
        return new Finding(
                finding.id(),
                finding.group(),
                finding.severity(),
                of(finding.title()),
                finding.effect().map(this::of),
                finding.evidence().stream().map(this::of).toList(),
                finding.remedies().stream().map(this::of).toList(),
                finding.since(),
                finding.checkedAt(),
                finding.ignored(),
                finding.tookMillis());
    }

    /// Checks source and detail together: a source such as `APP_PASSWORD` marks its detail as a secret.
    private Evidence of(Evidence evidence) {
        String source = of(evidence.source());
        String together = of(evidence.source() + ": " + evidence.detail());
        return new Evidence(
                source,
                together.startsWith(source + ": ") ? together.substring(source.length() + 2) : of(evidence.detail()));
    }

    private Remedy of(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Action action ->
                new Remedy.Action(
                        action.action(),
                        action.argv().stream().map(this::of).toList(),
                        of(action.text()),
                        action.interrupts().map(this::of));
            case Remedy.CopyCommand(String command, String text) -> new Remedy.CopyCommand(of(command), of(text));
            case Remedy.Open(String target, String text) -> new Remedy.Open(of(target), of(text));
            case Remedy.Wait(String text) -> new Remedy.Wait(of(text));
        };
    }

    private static String host(MatchResult found) {
        String host = found.group().toLowerCase(java.util.Locale.ROOT);
        boolean numbers = host.matches("[\\d.]+");
        return PUBLIC_HOSTS.contains(host) || numbers ? literal(found.group()) : "HOST";
    }

    private static boolean isOfThisComputer(String address) {
        return address.startsWith("127.") || address.equals("0.0.0.0");
    }

    /// Excludes times of day and this computer itself.
    private static boolean isAddress(String text) {
        long colons = text.chars().filter(character -> character == ':').count();
        boolean card = text.matches("(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}");
        return (colons == 7 || card || text.contains("::")) && !text.equals("::1") && !text.equals("::");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String literal(String text) {
        return Matcher.quoteReplacement(text);
    }

    /// Matches a name as a whole word, in any case.
    private void addName(String name, String suffix, String replacement) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFC);
        names.add(new Rule(
                Pattern.compile(
                        "(?<![\\p{L}\\p{N}])" + Pattern.quote(plain) + "(?![\\p{L}\\p{N}])" + suffix,
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
                replacement));
    }
}
