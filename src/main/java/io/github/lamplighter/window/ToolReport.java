package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A doctor's report on one tool as the contract writes it.
///
/// @param checkedAt the newest answer in it; empty when nothing was checked
record ToolReport(
        String name,
        String source,
        Optional<String> version,
        Optional<Update> update,
        Map<FactName, Fact> facts,
        List<Finding> findings,
        Optional<Instant> checkedAt) {

    ToolReport {
        facts = Map.copyOf(facts);
        findings = List.copyOf(findings);
    }

    /// The five facts in their order.
    enum FactName {
        INSTALLED("installed", "Installed"),
        ENABLED("enabled", "At login"),
        RUNNING("running", "Running"),
        ANSWERING("answering", "Answering"),
        MINE("mine", "Is this copy");

        private final String member;
        private final String title;

        FactName(String member, String title) {
            this.member = member;
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

    record Update(String to, Optional<Instant> publishedAt) {}

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

        Finding asideAs(boolean aside) {
            return new Finding(id, group, severity, title, effect, proof, actions, copies, notes, since, aside);
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

    static ToolReport of(JsonNode json) {
        String name = Json.text(json, "name").orElse("");
        JsonNode provenance = json.path("provenance");
        JsonNode verdict = json.path("verdict");
        Map<FactName, Fact> facts = new EnumMap<>(FactName.class);
        for (FactName fact : FactName.values()) {
            JsonNode value = json.path("facts").path(fact.member);
            facts.put(fact, new Fact(Json.truth(value, "value"), proof(value)));
        }
        List<Finding> findings = Json.list(json.path("findings")).stream()
                .map(finding -> finding(finding, name))
                .toList();
        return new ToolReport(
                name,
                source(provenance),
                Json.text(provenance, "version"),
                Json.text(verdict, "kind")
                        .filter("outdated"::equals)
                        .flatMap(_ -> Json.text(verdict, "to"))
                        .map(to -> new Update(to, Json.instant(verdict, "publishedAt"))),
                facts,
                findings,
                checkedAt(json));
    }

    /// The same report with the findings of these ids set aside.
    ToolReport settingAside(Set<String> ids) {
        return new ToolReport(
                name,
                source,
                version,
                update,
                facts,
                findings.stream()
                        .map(finding -> ids.contains(finding.id()) ? finding.asideAs(true) : finding)
                        .toList(),
                checkedAt);
    }

    /// The worst finding that counts, in the catalogue's order among equals.
    Optional<Finding> worst() {
        return findings.stream()
                .filter(finding -> !finding.setAside())
                .max(Comparator.comparingInt(finding -> finding.severity().weight()));
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

    private static Optional<Instant> checkedAt(JsonNode json) {
        Optional<Instant> newest = Json.list(json.path("findings")).stream()
                .flatMap(finding -> Json.instant(finding, "checkedAt").stream())
                .max(Comparator.naturalOrder());
        return Json.instant(json, "reportedAt").or(() -> newest);
    }

    private static Finding finding(JsonNode json, String tool) {
        List<JsonNode> remedies = Json.list(json.path("remedies"));
        return new Finding(
                Json.text(json, "id").orElse("check"),
                group(Json.text(json, "group").orElse("")),
                severity(Json.text(json, "severity").orElse("")),
                Json.text(json, "title").orElse("Could not check"),
                Json.text(json, "effect"),
                proof(json),
                remedies.stream()
                        .flatMap(remedy -> Action.of(remedy, tool).stream())
                        .toList(),
                remedies.stream().flatMap(remedy -> copy(remedy).stream()).toList(),
                remedies.stream()
                        .filter(remedy ->
                                Json.text(remedy, "kind").filter("wait"::equals).isPresent())
                        .flatMap(remedy -> Json.text(remedy, "text").stream())
                        .toList(),
                Json.instant(json, "since"),
                Json.truth(json, "ignored").orElse(false));
    }

    private static Optional<Copy> copy(JsonNode remedy) {
        String label = Json.text(remedy, "text").orElse("Copy");
        return switch (Json.text(remedy, "kind").orElse("")) {
            case "command" -> Json.text(remedy, "command").map(text -> new Copy(label, text));
            case "open" -> Json.text(remedy, "target").map(text -> new Copy(label, text));
            default -> Optional.empty();
        };
    }

    private static List<String> proof(JsonNode json) {
        return Json.list(json.path("evidence")).stream()
                .map(evidence -> Json.text(evidence, "source").orElse("")
                        + Json.text(evidence, "detail")
                                .map(detail -> ": " + detail)
                                .orElse(""))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String source(JsonNode provenance) {
        JsonNode origin = provenance.path("origin");
        String installer = Json.text(provenance, "installer")
                .map(word -> "installed by " + (word.equals("venv") ? "pip in a virtual environment" : word))
                .orElse("");
        String from = switch (Json.text(origin, "kind").orElse("")) {
            case "index" -> "From the package index";
            case "git" ->
                "From git %s %s · %s"
                        .formatted(
                                Json.text(origin, "revisionKind")
                                        .map(kind -> kind.toLowerCase(java.util.Locale.ROOT))
                                        .orElse("revision"),
                                Json.text(origin, "requestedRevision").orElse("(default)"),
                                Json.text(origin, "url").orElse("").replaceFirst("^\\w+://", ""));
            case "editable" -> "From a folder that is edited in place";
            case "local-directory" -> "From a folder on this computer";
            case "archive" -> "From an archive";
            case "linked" -> "Linked to a folder on this computer";
            default -> "Could not check where it came from";
        };
        return installer.isEmpty() ? from : from + " · " + installer;
    }

    private static Group group(String word) {
        for (Group group : Group.values()) {
            if (group.word().equals(word)) {
                return group;
            }
        }
        return Group.OWN_DOCTOR;
    }

    private static Severity severity(String word) {
        for (Severity severity : Severity.values()) {
            if (severity.word().equals(word)) {
                return severity;
            }
        }
        return Severity.UNKNOWN;
    }
}
