package io.github.lamplighter.window;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A doctor's report on one tool, prepared for the window.
///
/// @param source where the tool was installed from, as a sentence
record ToolDetails(
        Report report, String source, Optional<Update> update, Map<FactName, Fact> facts, List<Finding> findings) {

    ToolDetails {
        facts = Map.copyOf(facts);
        findings = List.copyOf(findings);
    }

    /// The five facts in their order.
    enum FactName {
        INSTALLED("Installed"),
        ENABLED("Starts at login"),
        RUNNING("Running"),
        ANSWERING("Responding"),
        MINE("Identity");

        private final String title;

        FactName(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    record Fact(Optional<Boolean> value, List<String> evidence) {
        Fact {
            evidence = List.copyOf(evidence);
        }

        String word() {
            return value.map(known -> known ? "yes" : "no").orElse("unknown");
        }
    }

    /// @param checkedAt when its source was last reached, if that was before the last check
    /// @param news the page that tells what is new
    record Update(String to, Optional<Instant> publishedAt, Optional<Instant> checkedAt, Optional<Link> news) {}

    /// A page on the web.
    record Link(String label, URI page) {}

    /// Git hosts whose release pages have a known address.
    private static final Pattern FORGE = Pattern.compile(
            "https://(?<host>github\\.com|gitlab\\.com|codeberg\\.org)/(?<path>[\\w.-]+(?:/[\\w.-]+)+?)/?");

    private static final String UNKNOWN_SOURCE = "Installation source unknown";

    private static final int SHORT_COMMIT = 7;

    private static final Pattern PLAIN_TAG = Pattern.compile("[\\w.+-]+");

    /// A finding as the page shows it, with a component for each of its labels and buttons.
    ///
    /// @param copies commands, files and addresses to copy
    /// @param notes what an action interrupts, and what happens without one
    record Finding(
            String id,
            Group group,
            Severity severity,
            String title,
            Optional<String> effect,
            List<String> evidence,
            List<Action> actions,
            List<Copy> copies,
            List<String> notes,
            Optional<Instant> since,
            boolean ignored) {
        Finding {
            evidence = List.copyOf(evidence);
            actions = List.copyOf(actions);
            copies = List.copyOf(copies);
            notes = List.copyOf(notes);
        }

        boolean needsAttention() {
            return !ignored
                    && (severity == Severity.FAILURE || severity == Severity.WARNING || severity == Severity.CRASHED);
        }

        /// The text that *Copy* puts on the clipboard.
        String asText() {
            StringBuilder text = new StringBuilder(severity.word() + ": " + title);
            effect.ifPresent(effect -> text.append('\n').append(effect));
            evidence.forEach(line -> text.append("\n").append(line));
            copies.forEach(copy -> text.append("\nfix: ").append(copy.text()));
            return text.toString();
        }
    }

    record Copy(String label, String text) {}

    /// @param now the facts now, of which the report may be older
    static ToolDetails of(Report report, Facts now, AppDirectories directories) {
        Optional<Provenance> provenance = report.provenance();
        boolean skipped = report.finding(CheckId.UPDATE)
                .filter(finding -> finding.ignored())
                .isPresent();
        return new ToolDetails(
                report,
                provenance.map(found -> directories.display(source(found))).orElse(UNKNOWN_SOURCE),
                report.verdict()
                        .filter(Verdict.Outdated.class::isInstance)
                        .map(Verdict.Outdated.class::cast)
                        .filter(_ -> !skipped)
                        .map(verdict -> new Update(
                                verdict.upgradeTarget().label(),
                                verdict.publishedAt().map(OffsetDateTime::toInstant),
                                report.askedBefore(),
                                provenance.flatMap(found -> news(found.origin(), verdict.upgradeTarget())))),
                facts(now),
                report.findings().stream()
                        .map(finding -> finding(finding, report.name()))
                        .toList());
    }

    Optional<String> version() {
        return report.provenance().map(Provenance::version);
    }

    Instant checkedAt() {
        return report.reportedAt();
    }

    /// The first of the worst findings; a stream's `max` would return the last.
    Optional<Finding> problem() {
        return findings.stream()
                .filter(Finding::needsAttention)
                .reduce((first, next) ->
                        next.severity().weight() > first.severity().weight() ? next : first);
    }

    long ignored() {
        return findings.stream().filter(Finding::ignored).count();
    }

    private static Map<FactName, Fact> facts(Facts facts) {
        Map<FactName, Fact> all = new EnumMap<>(FactName.class);
        for (FactName name : FactName.values()) {
            Facts.Fact fact = switch (name) {
                case INSTALLED -> facts.installed();
                case ENABLED -> facts.enabled();
                case RUNNING -> facts.running();
                case ANSWERING -> facts.answering();
                case MINE -> facts.mine();
            };
            all.put(name, new Fact(fact.value(), lines(fact.evidence())));
        }
        return all;
    }

    private static Finding finding(io.github.lamplighter.doctor.Finding found, String tool) {
        List<Action> actions = new ArrayList<>();
        List<Copy> copies = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Remedy remedy : found.remedies()) {
            switch (remedy) {
                case Remedy.Action action -> {
                    Action.of(action, tool).ifPresent(actions::add);
                    action.interrupts().map(ToolDetails::sentence).ifPresent(notes::add);
                }
                case Remedy.CopyCommand(String command, String text) -> copies.add(new Copy(text, command));
                case Remedy.Open(String target, String text) -> copies.add(new Copy(text, target));
                case Remedy.Wait(String text) -> notes.add(text);
            }
        }
        return new Finding(
                found.id(),
                found.group(),
                found.severity(),
                found.title(),
                found.effect(),
                lines(found.evidence()),
                actions,
                copies,
                notes,
                Optional.of(found.since()),
                found.ignored());
    }

    private static String sentence(String phrase) {
        return phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1);
    }

    private static List<String> lines(List<Evidence> evidence) {
        return evidence.stream()
                .map(line -> line.source() + (line.detail().isBlank() ? "" : ": " + line.detail()))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String source(Provenance provenance) {
        if (provenance.origin() instanceof Origin.Index && provenance.installer() == InstallerKind.NPM) {
            // npm records no source: that it is the registry is only the rule.
            return "Installed with npm";
        }
        String from = switch (provenance.origin()) {
            case Origin.Index _ -> "From the package index";
            case Origin.Git git ->
                "From git %s · %s"
                        .formatted(
                                git.requestedRevision()
                                        .map(revision -> kind(git.kind()) + " " + revision)
                                        .orElse("default branch"),
                                git.url().replaceFirst("^\\w+://", ""));
            case Origin.Editable _ -> "Editable install";
            case Origin.LocalDirectory _ -> "From a local folder";
            case Origin.Archive _ -> "From an archive";
            case Origin.Linked _ -> "Linked to a local folder";
            case Origin.SystemPackage(String manager, var _) -> "Installed with " + manager;
            case Origin.ReleaseFeed _ -> "From Lamplighter's releases";
            case Origin.Unknown _ -> UNKNOWN_SOURCE;
        };
        return from
                + switch (provenance.installer()) {
                    case VENV -> " · installed with pip in a virtual environment";
                    case SELF -> "";
                    case UV, PIPX, NPM ->
                        " · installed with " + provenance.installer().word();
                };
    }

    private static String kind(Origin.RevisionKind kind) {
        return switch (kind) {
            case TAG -> "tag";
            case BRANCH -> "branch";
            case COMMIT -> "commit";
            case DEFAULT -> "default branch";
            case UNRESOLVED -> "revision";
        };
    }

    /// The release page of a tag, or the changes of a branch; empty for a host whose addresses are not known.
    static Optional<Link> news(Origin origin, UpgradeTarget upgradeTarget) {
        if (!(origin instanceof Origin.Git installed) || !(upgradeTarget instanceof UpgradeTarget.GitCommit target)) {
            return Optional.empty();
        }
        Matcher forge = FORGE.matcher(target.url().replaceFirst("\\.git/?$", ""));
        if (!forge.matches() || !PLAIN_TAG.matcher(target.revision()).matches()) {
            return Optional.empty();
        }
        boolean isGitlab = forge.group("host").equals("gitlab.com");
        String project = "https://%s/%s%s".formatted(forge.group("host"), forge.group("path"), isGitlab ? "/-/" : "/");
        // A tag is offered by its version, a branch by its newest commit.
        boolean isBranch =
                target.label().length() >= SHORT_COMMIT && target.commit().startsWith(target.label());
        return Optional.of(
                isBranch
                        ? new Link(
                                "All changes",
                                URI.create("%scompare/%s...%s".formatted(project, installed.commit(), target.commit())))
                        : new Link(
                                "Release notes",
                                URI.create(project + (isGitlab ? "releases/" : "releases/tag/") + target.revision())));
    }
}
