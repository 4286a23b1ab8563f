package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.SearchOptions;
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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes the state files `reports/NAME.json`: the form of the contract ([ReportJson]), with exact
/// times and what only this program needs. They are internal and have their own version.
final class ReportCodec {

    static final String SCHEMA = "lamplighter.report/2";

    private ReportCodec() {}

    static ObjectNode encode(Report report) {
        ObjectNode json = ReportJson.report(report, Instant::toString);
        json.put("schema", SCHEMA);
        json.put("reportedAt", report.reportedAt().toString());
        report.provenance().ifPresent(value -> json.set("provenance", provenance(value)));
        report.verdict().ifPresent(value -> json.set("verdict", verdict(value)));
        report.unansweredQuery()
                .ifPresent(query -> json.putObject("unansweredQuery")
                        .put("askedAt", query.askedAt().toString())
                        .set("verdict", verdict(query.gap())));
        if (!report.timedOut().isEmpty()) {
            report.timedOut().stream().sorted().forEach(json.putArray("timedOut")::add);
        }
        for (int i = 0; i < report.findings().size(); i++) {
            object(json.path("findings").path(i))
                    .put("tookMillis", report.findings().get(i).tookMillis());
        }
        return json;
    }

    /// Whether it has this version; other versions mean something else by the same keys.
    static boolean isReadable(JsonNode json) {
        return SCHEMA.equals(json.path("schema").asString(""));
    }

    /// Throws [IllegalArgumentException] or `DateTimeException` where the file is not what this program wrote.
    static Report decode(JsonNode json) {
        if (!isReadable(json)) {
            throw new IllegalArgumentException("another number");
        }
        List<Finding> findings = new ArrayList<>();
        json.path("findings").forEach(node -> findings.add(finding(node)));
        JsonNode facts = json.path("facts");
        return new Report(
                json.path("name").asString(""),
                expected(json.path("expected").asString("")),
                json.hasNonNull("provenance") ? Optional.of(provenance(json.path("provenance"))) : Optional.empty(),
                json.hasNonNull("verdict") ? Optional.of(verdict(json.path("verdict"))) : Optional.empty(),
                json.has("unansweredQuery")
                        ? Optional.of(unansweredQuery(json.path("unansweredQuery")))
                        : Optional.empty(),
                new Facts(
                        fact(facts.path("installed")),
                        fact(facts.path("enabled")),
                        fact(facts.path("running")),
                        fact(facts.path("answering")),
                        fact(facts.path("mine"))),
                findings,
                instant(json, "reportedAt"),
                json.path("tookMillis").asLong(0),
                json.path("timedOut").valueStream().map(JsonNode::asString).collect(Collectors.toSet()),
                json.has("rolledBack") ? Optional.of(rolledBack(json.path("rolledBack"))) : Optional.empty());
    }

    private static Report.RolledBack rolledBack(JsonNode json) {
        return new Report.RolledBack(json.path("version").asString(""), instant(json, "at"), text(json, "reason"));
    }

    private static Report.UnansweredQuery unansweredQuery(JsonNode json) {
        return new Report.UnansweredQuery(instant(json, "askedAt"), notCheckable(json.path("verdict")));
    }

    private static Expected expected(String word) {
        return Arrays.stream(Expected.values())
                .filter(value -> value.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected: " + word));
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
                Severity.valueOf(json.path("severity").asString("").toUpperCase(Locale.ROOT)),
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

    private static Fact fact(JsonNode json) {
        JsonNode value = json.path("value");
        return new Fact(
                value.isBoolean() ? Optional.of(value.asBoolean()) : Optional.empty(),
                evidence(json.path("evidence")),
                instant(json, "checkedAt"));
    }

    private static List<Evidence> evidence(JsonNode array) {
        List<Evidence> evidence = new ArrayList<>();
        array.forEach(entry -> evidence.add(new Evidence(
                entry.path("source").asString(""), entry.path("detail").asString(""))));
        return evidence;
    }

    static ObjectNode provenance(Provenance value) {
        ObjectNode json = ProvenanceJson.provenance(value);
        json.put("package", value.packageName());
        json.put("environment", value.environment().toString());
        json.put("program", value.program().toString());
        if (value.origin() instanceof Origin.Unknown unknown) {
            object(json.path("origin")).put("cause", unknown.cause().word());
        }
        json.putObject("runtime")
                .put("name", value.runtime().name())
                .put("program", value.runtime().program().toString())
                .put("version", value.runtime().version())
                .put("requires", value.runtime().requires());
        if (!value.installRequest().isPlain()) {
            json.set("requested", requested(value.installRequest()));
        }
        return json;
    }

    /// The arguments to restore an install that is gone.
    private static ObjectNode requested(InstallRequest value) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("specifier", value.specifier());
        value.extras().forEach(json.putArray("extras")::add);
        value.with().forEach(json.putArray("with")::add);
        SearchOptions search = value.search();
        search.indexes().forEach(json.putArray("indexes")::add);
        search.defaultIndex().ifPresent(index -> json.put("defaultIndex", index));
        search.findLinks().forEach(json.putArray("findLinks")::add);
        json.put("noIndex", search.noIndex());
        search.indexStrategy().ifPresent(strategy -> json.put("indexStrategy", strategy));
        search.excludeNewer().ifPresent(moment -> json.put("excludeNewer", moment));
        search.excludeNewerPackage().ifPresent(moment -> json.put("excludeNewerPackage", moment));
        json.put("withUv", search.withUv());
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
                        new SearchOptions(
                                texts(json.path("indexes")),
                                text(json, "defaultIndex"),
                                texts(json.path("findLinks")),
                                json.path("noIndex").asBoolean(false),
                                text(json, "indexStrategy"),
                                text(json, "excludeNewer"),
                                text(json, "excludeNewerPackage"),
                                json.path("withUv").asBoolean(false)),
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
        Path directory = Path.of(json.path("directory").asString(""));
        String url = json.path("url").asString("");
        return switch (json.path("kind").asString("")) {
            case "index" -> new Origin.Index();
            case "git" ->
                new Origin.Git(
                        url,
                        text(json, "requestedRevision"),
                        text(json, "revisionKind")
                                .map(kind -> Origin.RevisionKind.valueOf(kind.toUpperCase(Locale.ROOT)))
                                .orElse(Origin.RevisionKind.UNRESOLVED),
                        json.path("commit").asString(""));
            case "editable" -> new Origin.Editable(directory);
            case "local-directory" -> new Origin.LocalDirectory(directory);
            case "archive" -> new Origin.Archive(url);
            case "linked" -> new Origin.Linked(directory);
            case "system-package" ->
                new Origin.SystemPackage(
                        json.path("manager").asString(""), json.path("command").asString(""));
            case "release-feed" ->
                new Origin.ReleaseFeed(
                        url,
                        json.path("key").asString(""),
                        json.path("package").asString(""),
                        json.path("platform").asString(""));
            default ->
                new Origin.Unknown(
                        json.path("reason").asString(""),
                        Arrays.stream(Cause.values())
                                .filter(cause ->
                                        cause.word().equals(json.path("cause").asString("")))
                                .findFirst()
                                .orElse(Cause.NOT_RECORDED));
        };
    }

    private static ObjectNode verdict(Verdict verdict) {
        ObjectNode json = ProvenanceJson.verdict(verdict);
        if (verdict instanceof Verdict.Outdated outdated) {
            outdated.publishedAt().ifPresent(at -> json.put("publishedAt", at.toString()));
            if (outdated.upgradeTarget() instanceof UpgradeTarget.GitCommit git) {
                json.put("url", git.url()).put("revision", git.revision()).put("commit", git.commit());
            }
            if (outdated.upgradeTarget() instanceof UpgradeTarget.ReleaseArchive archive) {
                json.put("url", archive.url()).put("size", archive.size()).put("sha256", archive.sha256());
            }
        }
        if (verdict instanceof Verdict.NotCheckable not) {
            json.put("gap", not.uncheckableReason().word()).put("help", not.help());
            not.command().ifPresent(command -> json.put("command", command));
        }
        for (int i = 0; i < verdict.notTaken().size(); i++) {
            Verdict.SkippedRelease release = verdict.notTaken().get(i);
            object(json.path("notTaken").path(i))
                    .put("needs", release.needs())
                    .put("source", release.proof().source())
                    .put("detail", release.proof().detail());
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
        String why = json.path("reason").asString("");
        String newest = json.path("newest").asString("");
        return switch (json.path("kind").asString("")) {
            case "current" -> new Verdict.Current(newest, notTaken(json));
            case "ahead" -> new Verdict.Ahead(newest);
            case "pinned" -> new Verdict.Pinned(why, notTaken(json));
            case "outdated" -> {
                String version = json.path("to").asString("");
                UpgradeTarget upgradeTarget = json.has("sha256")
                        ? new UpgradeTarget.ReleaseArchive(
                                version,
                                json.path("url").asString(""),
                                json.path("size").asLong(0),
                                json.path("sha256").asString(""))
                        : json.has("commit")
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

    private static Verdict.NotCheckable notCheckable(JsonNode json) {
        return new Verdict.NotCheckable(
                Verdict.UncheckableReason.of(json.path("gap").asString(""))
                        .orElse(Verdict.UncheckableReason.NOT_REACHED),
                json.path("reason").asString(""),
                json.path("help").asString(""),
                text(json, "command"));
    }

    private static Instant instant(JsonNode json, String key) {
        return Instant.parse(json.path(key).asString(""));
    }

    private static Optional<String> text(JsonNode json, String key) {
        return json.path(key).isString() ? Optional.of(json.path(key).asString()) : Optional.empty();
    }

    private static ObjectNode object(JsonNode node) {
        return (ObjectNode) node;
    }
}
