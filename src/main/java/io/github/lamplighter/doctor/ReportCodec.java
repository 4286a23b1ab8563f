package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest.Expected;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reports as they are kept in `reports/NAME.json`: internal, with a number of its own. It is not the
/// contract's form (`doctor --json`), though it is close to it.
final class ReportCodec {

    static final String SCHEMA = "lamplighter.report/1";

    private ReportCodec() {}

    static ObjectNode encode(Report report) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("schema", SCHEMA);
        json.put("name", report.name());
        json.put("expected", report.expected().word());
        json.put("reportedAt", report.reportedAt().toString());
        json.put("tookMillis", report.tookMillis());
        report.provenance().ifPresent(value -> json.set("provenance", provenance(value)));
        report.verdict().ifPresent(value -> json.set("verdict", verdict(value)));
        report.unansweredQuery()
                .ifPresent(unansweredQuery -> put(
                        json.putObject("silence")
                                .put("askedAt", unansweredQuery.askedAt().toString()),
                        unansweredQuery.gap()));
        ObjectNode facts = json.putObject("facts");
        facts.set("installed", fact(report.facts().installed()));
        facts.set("enabled", fact(report.facts().enabled()));
        facts.set("running", fact(report.facts().running()));
        facts.set("answering", fact(report.facts().answering()));
        facts.set("mine", fact(report.facts().mine()));
        ArrayNode findings = json.putArray("findings");
        report.findings().forEach(finding -> findings.add(finding(finding)));
        return json;
    }

    /// Throws [IllegalArgumentException] or `DateTimeException` where the file is not what this program wrote.
    static Report decode(JsonNode json) {
        if (!SCHEMA.equals(json.path("schema").asString(""))) {
            throw new IllegalArgumentException("another number");
        }
        List<Finding> findings = new ArrayList<>();
        json.path("findings").forEach(node -> findings.add(finding(node)));
        JsonNode facts = json.path("facts");
        return new Report(
                json.path("name").asString(""),
                expected(json.path("expected").asString("")),
                json.has("provenance") ? Optional.of(provenance(json.path("provenance"))) : Optional.empty(),
                json.has("verdict") ? Optional.of(verdict(json.path("verdict"))) : Optional.empty(),
                json.has("silence")
                        ? Optional.of(new Report.UnansweredQuery(
                                instant(json.path("silence"), "askedAt"), notCheckable(json.path("silence"))))
                        : Optional.empty(),
                new Facts(
                        fact(facts.path("installed")),
                        fact(facts.path("enabled")),
                        fact(facts.path("running")),
                        fact(facts.path("answering")),
                        fact(facts.path("mine"))),
                findings,
                instant(json, "reportedAt"),
                json.path("tookMillis").asLong(0));
    }

    private static Expected expected(String word) {
        return Arrays.stream(Expected.values())
                .filter(value -> value.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected: " + word));
    }

    private static ObjectNode finding(Finding finding) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("id", finding.id());
        json.put("group", finding.group().word());
        json.put("severity", finding.severity().word());
        json.put("title", finding.title());
        finding.effect().ifPresent(effect -> json.put("effect", effect));
        json.set("evidence", evidence(finding.evidence()));
        ArrayNode remedies = json.putArray("remedies");
        for (Remedy remedy : finding.remedies()) {
            ObjectNode entry = remedies.addObject();
            switch (remedy) {
                case Remedy.Action action -> {
                    entry.put("kind", "action").put("action", action.action());
                    ArrayNode argv = entry.putArray("argv");
                    action.argv().forEach(argv::add);
                    action.interrupts().ifPresent(phrase -> entry.put("interrupts", phrase));
                }
                case Remedy.CopyCommand command -> entry.put("kind", "command").put("command", command.command());
                case Remedy.Open open -> entry.put("kind", "open").put("target", open.target());
                case Remedy.Wait _ -> entry.put("kind", "wait");
            }
            entry.put("text", remedy.text());
        }
        json.put("since", finding.since().toString());
        json.put("checkedAt", finding.checkedAt().toString());
        json.put("tookMillis", finding.tookMillis());
        return json;
    }

    private static Finding finding(JsonNode json) {
        List<Remedy> remedies = new ArrayList<>();
        json.path("remedies").forEach(node -> remedies.add(remedy(node)));
        String group = json.path("group").asString("");
        return new Finding(
                json.path("id").asString(""),
                Arrays.stream(Group.values())
                        .filter(value -> value.word().equals(group))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("group: " + group)),
                Severity.valueOf(json.path("severity").asString("").toUpperCase(java.util.Locale.ROOT)),
                json.path("title").asString(""),
                text(json, "effect"),
                evidence(json.path("evidence")),
                remedies,
                instant(json, "since"),
                instant(json, "checkedAt"),
                false,
                json.path("tookMillis").asLong(0));
    }

    private static Remedy remedy(JsonNode json) {
        String text = json.path("text").asString("");
        return switch (json.path("kind").asString("")) {
            case "action" -> {
                List<String> argv = new ArrayList<>();
                json.path("argv").forEach(word -> argv.add(word.asString("")));
                yield new Remedy.Action(
                        json.path("action").asString(""), List.copyOf(argv), text, text(json, "interrupts"));
            }
            case "command" -> new Remedy.CopyCommand(json.path("command").asString(""), text);
            case "open" -> new Remedy.Open(json.path("target").asString(""), text);
            default -> new Remedy.Wait(text);
        };
    }

    private static ObjectNode fact(Fact fact) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        fact.value().ifPresentOrElse(value -> json.put("value", value.booleanValue()), () -> json.putNull("value"));
        json.set("evidence", evidence(fact.evidence()));
        json.put("checkedAt", fact.checkedAt().toString());
        return json;
    }

    private static Fact fact(JsonNode json) {
        JsonNode value = json.path("value");
        return new Fact(
                value.isBoolean() ? Optional.of(value.asBoolean()) : Optional.empty(),
                evidence(json.path("evidence")),
                instant(json, "checkedAt"));
    }

    private static ArrayNode evidence(List<Evidence> evidence) {
        ArrayNode array = JsonFile.MAPPER.createArrayNode();
        evidence.forEach(
                entry -> array.addObject().put("source", entry.source()).put("detail", entry.detail()));
        return array;
    }

    private static List<Evidence> evidence(JsonNode array) {
        List<Evidence> evidence = new ArrayList<>();
        array.forEach(entry -> evidence.add(new Evidence(
                entry.path("source").asString(""), entry.path("detail").asString(""))));
        return evidence;
    }

    static ObjectNode provenance(Provenance value) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("installer", value.installer().word());
        json.put("package", value.packageName());
        json.put("environment", value.environment().toString());
        json.put("program", value.program().toString());
        json.put("version", value.version());
        ObjectNode origin = json.putObject("origin");
        switch (value.origin()) {
            case Origin.Index _ -> origin.put("kind", "index");
            case Origin.Git git -> {
                origin.put("kind", "git").put("url", git.url());
                git.requestedRevision().ifPresent(revision -> origin.put("requestedRevision", revision));
                origin.put("revisionKind", git.kind().name()).put("commit", git.commit());
            }
            case Origin.Editable(Path directory) ->
                origin.put("kind", "editable").put("at", directory.toString());
            case Origin.LocalDirectory(Path directory) ->
                origin.put("kind", "local-directory").put("at", directory.toString());
            case Origin.Archive(String url) -> origin.put("kind", "archive").put("at", url);
            case Origin.Linked(Path directory) -> origin.put("kind", "linked").put("at", directory.toString());
            case Origin.Unknown(String why, Cause cause) ->
                origin.put("kind", "unknown").put("at", why).put("cause", cause.word());
        }
        json.putObject("runtime")
                .put("name", value.runtime().name())
                .put("program", value.runtime().program().toString())
                .put("version", value.runtime().version())
                .put("requires", value.runtime().requires());
        if (!value.installRequest().isPlain()) {
            json.set("requested", requested(value.installRequest()));
        }
        json.set("evidence", evidence(value.evidence()));
        return json;
    }

    /// What an install that is gone has to be asked for with.
    private static ObjectNode requested(InstallRequest value) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("specifier", value.specifier());
        value.extras().forEach(json.putArray("extras")::add);
        value.with().forEach(json.putArray("with")::add);
        value.indexes().forEach(json.putArray("indexes")::add);
        value.indexStrategy().ifPresent(strategy -> json.put("indexStrategy", strategy));
        value.excludeNewer().ifPresent(moment -> json.put("excludeNewer", moment));
        json.put("preReleases", value.preReleases());
        value.pinned().ifPresent(why -> json.put("held", why));
        return json;
    }

    private static InstallRequest requested(JsonNode json) {
        return json.isObject()
                ? new InstallRequest(
                        json.path("specifier").asString(""),
                        texts(json.path("extras")),
                        texts(json.path("with")),
                        texts(json.path("indexes")),
                        text(json, "indexStrategy"),
                        text(json, "excludeNewer"),
                        json.path("preReleases").asBoolean(false),
                        text(json, "held"))
                : InstallRequest.PLAIN;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(one -> one.asString("")).toList();
    }

    static Provenance provenance(JsonNode json) {
        JsonNode runtime = json.path("runtime");
        String installer = json.path("installer").asString("");
        return new Provenance(
                InstallerKind.of(installer).orElseThrow(() -> new IllegalArgumentException(installer)),
                json.path("package").asString(""),
                Path.of(json.path("environment").asString("")),
                Path.of(json.path("program").asString("")),
                json.path("version").asString(""),
                origin(json.path("origin")),
                new Provenance.Runtime(
                        runtime.path("name").asString(""),
                        Path.of(runtime.path("program").asString("")),
                        runtime.path("version").asString(""),
                        runtime.path("requires").asString("")),
                requested(json.path("requested")),
                evidence(json.path("evidence")));
    }

    private static Origin origin(JsonNode json) {
        String at = json.path("at").asString("");
        return switch (json.path("kind").asString("")) {
            case "index" -> new Origin.Index();
            case "git" ->
                new Origin.Git(
                        json.path("url").asString(""),
                        text(json, "requestedRevision"),
                        Origin.RevisionKind.valueOf(json.path("revisionKind").asString("")),
                        json.path("commit").asString(""));
            case "editable" -> new Origin.Editable(Path.of(at));
            case "local-directory" -> new Origin.LocalDirectory(Path.of(at));
            case "archive" -> new Origin.Archive(at);
            case "linked" -> new Origin.Linked(Path.of(at));
            default ->
                new Origin.Unknown(
                        at,
                        Arrays.stream(Cause.values())
                                .filter(cause ->
                                        cause.word().equals(json.path("cause").asString("")))
                                .findFirst()
                                .orElse(Cause.NOT_RECORDED));
        };
    }

    private static ObjectNode verdict(Verdict verdict) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        switch (verdict) {
            case Verdict.Current current -> json.put("kind", "current").put("newest", current.newest());
            case Verdict.Ahead(String newest) -> json.put("kind", "ahead").put("newest", newest);
            case Verdict.Pinned pinned -> json.put("kind", "pinned").put("why", pinned.why());
            case Verdict.NotCheckable not -> put(json.put("kind", "not-checkable"), not);
            case Verdict.Outdated(UpgradeTarget upgradeTarget, Optional<OffsetDateTime> publishedAt, var _) -> {
                json.put("kind", "outdated");
                publishedAt.ifPresent(at -> json.put("publishedAt", at.toString()));
                switch (upgradeTarget) {
                    case UpgradeTarget.IndexVersion(String version) -> json.put("to", version);
                    case UpgradeTarget.GitCommit git ->
                        json.put("to", git.version())
                                .put("url", git.url())
                                .put("revision", git.revision())
                                .put("commit", git.commit());
                }
            }
        }
        if (!verdict.notTaken().isEmpty()) {
            ArrayNode newer = json.putArray("notTaken");
            verdict.notTaken()
                    .forEach(one -> newer.addObject()
                            .put("version", one.version())
                            .put("reason", one.reason().word())
                            .put("title", one.title())
                            .put("needs", one.needs())
                            .put("source", one.proof().source())
                            .put("detail", one.proof().detail()));
        }
        return json;
    }

    private static List<Verdict.SkippedRelease> notTaken(JsonNode json) {
        return json.path("notTaken")
                .valueStream()
                .flatMap(one -> Verdict.Reason.of(one.path("reason").asString("")).stream()
                        .map(reason -> new Verdict.SkippedRelease(
                                one.path("version").asString(""),
                                reason,
                                one.path("title").asString(""),
                                one.path("needs").asString(""),
                                new Evidence(
                                        one.path("source").asString(""),
                                        one.path("detail").asString("")))))
                .toList();
    }

    private static Verdict verdict(JsonNode json) {
        String why = json.path("why").asString("");
        String newest = json.path("newest").asString("");
        return switch (json.path("kind").asString("")) {
            case "current" -> new Verdict.Current(newest, notTaken(json));
            case "ahead" -> new Verdict.Ahead(newest);
            case "pinned" -> new Verdict.Pinned(why, notTaken(json));
            case "outdated" -> {
                String version = json.path("to").asString("");
                UpgradeTarget upgradeTarget = json.has("commit")
                        ? new UpgradeTarget.GitCommit(
                                json.path("url").asString(""),
                                json.path("revision").asString(""),
                                json.path("commit").asString(""),
                                version)
                        : new UpgradeTarget.IndexVersion(version);
                yield new Verdict.Outdated(
                        upgradeTarget, text(json, "publishedAt").map(OffsetDateTime::parse), notTaken(json));
            }
            default -> notCheckable(json);
        };
    }

    private static void put(ObjectNode json, Verdict.NotCheckable not) {
        json.put("gap", not.uncheckableReason().word()).put("why", not.why()).put("help", not.help());
        not.command().ifPresent(command -> json.put("command", command));
    }

    private static Verdict.NotCheckable notCheckable(JsonNode json) {
        return new Verdict.NotCheckable(
                Verdict.UncheckableReason.of(json.path("gap").asString(""))
                        .orElse(Verdict.UncheckableReason.NOT_REACHED),
                json.path("why").asString(""),
                json.path("help").asString(""),
                text(json, "command"));
    }

    private static Instant instant(JsonNode json, String key) {
        return Instant.parse(json.path(key).asString(""));
    }

    private static Optional<String> text(JsonNode json, String key) {
        return json.path(key).isString() ? Optional.of(json.path(key).asString()) : Optional.empty();
    }
}
