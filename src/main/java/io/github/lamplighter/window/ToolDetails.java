package io.github.lamplighter.window;

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

/// A doctor's report on one tool as the window shows it.
///
/// @param checkedAt the newest answer in it; empty when nothing was checked
record ToolDetails(
        String name,
        String source,
        Optional<String> version,
        Optional<Update> update,
        Map<FactName, Fact> facts,
        List<Finding> findings,
        Optional<Instant> checkedAt) {

    ToolDetails {
        facts = Map.copyOf(facts);
        findings = List.copyOf(findings);
    }

    /// The five facts in their order.
    enum FactName {
        INSTALLED("Installed"),
        ENABLED("At login"),
        RUNNING("Running"),
        ANSWERING("Answering"),
        MINE("Is this copy");

        private final String title;

        FactName(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    record Fact(Optional<Boolean> value, List<String> proof) {
        Fact {
            proof = List.copyOf(proof);
        }

        String word() {
            return value.map(known -> known ? "yes" : "no").orElse("could not check");
        }
    }

    /// What an upgrade would install; a version that is skipped is none.
    ///
    /// @param askedAt when its source said so, where that was before the last check
    /// @param notes where what is new can be read
    record Update(String to, Optional<Instant> publishedAt, Optional<Instant> askedAt, Optional<URI> notes) {}

    /// Forges whose pages of releases have a known form.
    private static final Pattern FORGE = Pattern.compile(
            "https://(?<host>github\\.com|gitlab\\.com|codeberg\\.org)/(?<path>[\\w.-]+(?:/[\\w.-]+)+?)/?");

    private static final Pattern PLAIN_TAG = Pattern.compile("[\\w.+-]+");

    /// @param copies commands that are for copying only
    /// @param opens files or addresses, shown for copying
    /// @param notes what needs no doing
    record Finding(
            String id,
            Group group,
            Severity severity,
            String title,
            Optional<String> effect,
            List<String> proof,
            List<Action> actions,
            List<Copy> copies,
            List<String> notes,
            Optional<Instant> since,
            boolean setAside) {
        Finding {
            proof = List.copyOf(proof);
            actions = List.copyOf(actions);
            copies = List.copyOf(copies);
            notes = List.copyOf(notes);
        }

        boolean needsAttention() {
            return !setAside
                    && (severity == Severity.FAILURE || severity == Severity.WARNING || severity == Severity.CRASHED);
        }

        /// What stands on the clipboard after *Copy*.
        String asText() {
            StringBuilder text = new StringBuilder(severity.word() + ": " + title);
            effect.ifPresent(said -> text.append('\n').append(said));
            proof.forEach(line -> text.append("\nproof: ").append(line));
            copies.forEach(copy -> text.append("\ndo: ").append(copy.text()));
            return text.toString();
        }
    }

    record Copy(String label, String text) {}

    static ToolDetails of(Report report, AppDirectories directories) {
        Optional<Provenance> provenance = report.provenance();
        boolean skipped =
                report.findings().stream().anyMatch(finding -> finding.id().equals("update") && finding.ignored());
        return new ToolDetails(
                report.name(),
                provenance
                        .map(found -> directories.display(source(found)))
                        .orElse("Could not check where it came from"),
                provenance.map(Provenance::version),
                report.verdict()
                        .filter(Verdict.Outdated.class::isInstance)
                        .map(Verdict.Outdated.class::cast)
                        .filter(_ -> !skipped)
                        .map(verdict -> new Update(
                                verdict.upgradeTarget().label(),
                                verdict.publishedAt().map(OffsetDateTime::toInstant),
                                report.askedBefore(),
                                notes(verdict.upgradeTarget()))),
                facts(report.facts()),
                report.findings().stream()
                        .map(finding -> finding(finding, report.name()))
                        .toList(),
                Optional.of(report.reportedAt()));
    }

    ToolDetails withoutUpdate() {
        return new ToolDetails(name, source, version, Optional.empty(), facts, findings, checkedAt);
    }

    /// The first thing that could not be checked and counts: as long as there is one, it is not known to be well.
    Optional<Finding> unchecked() {
        return findings.stream()
                .filter(finding -> !finding.setAside() && finding.severity() == Severity.UNKNOWN)
                .findFirst();
    }

    /// The first of the findings that weigh most; a stream's `max` would give the last.
    Optional<Finding> problem() {
        return findings.stream()
                .filter(Finding::needsAttention)
                .reduce((first, next) ->
                        next.severity().weight() > first.severity().weight() ? next : first);
    }

    long setAside() {
        return findings.stream().filter(Finding::setAside).count();
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
            all.put(name, new Fact(fact.value(), proof(fact.evidence())));
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
                proof(found.evidence()),
                actions,
                copies,
                notes,
                Optional.of(found.since()),
                found.ignored());
    }

    private static String sentence(String phrase) {
        return phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1);
    }

    private static List<String> proof(List<Evidence> evidence) {
        return evidence.stream()
                .map(line -> line.source() + (line.detail().isBlank() ? "" : ": " + line.detail()))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String source(Provenance provenance) {
        if (provenance.origin() instanceof Origin.Index && provenance.installer() == InstallerKind.NPM) {
            // As the doctor says it: that it came from the registry is the rule, and written down nowhere.
            return "Installed by npm, which records no source";
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
            case Origin.Editable _ -> "From a folder that is edited in place";
            case Origin.LocalDirectory _ -> "From a folder on this computer";
            case Origin.Archive _ -> "From an archive";
            case Origin.Linked _ -> "Linked to a folder on this computer";
            case Origin.Unknown _ -> "Could not check where it came from";
        };
        return from
                + switch (provenance.installer()) {
                    case VENV -> " · installed by pip in a virtual environment";
                    case SELF -> "";
                    case UV, PIPX, NPM ->
                        " · installed by " + provenance.installer().word();
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

    /// The page on which a forge shows what a tag brings; empty where the form of such addresses is not known.
    static Optional<URI> notes(UpgradeTarget upgradeTarget) {
        if (!(upgradeTarget instanceof UpgradeTarget.GitCommit git)) {
            return Optional.empty();
        }
        Matcher forge = FORGE.matcher(git.url().replaceFirst("\\.git/?$", ""));
        if (!forge.matches() || !PLAIN_TAG.matcher(git.revision()).matches()) {
            return Optional.empty();
        }
        String page = forge.group("host").equals("gitlab.com") ? "/-/releases/" : "/releases/tag/";
        return Optional.of(
                URI.create("https://" + forge.group("host") + "/" + forge.group("path") + page + git.revision()));
    }
}
