package io.github.lamplighter.doctor;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.JsonTimestamps;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a report in the form of the contract (docs/schemas/envelope-1.json): for `--json`, and as the base
/// of the state file ([ReportCodec]).
public final class ReportJson {

    private ReportJson() {}

    public static ObjectNode report(Report report, ZoneId zone) {
        return report(report, at -> JsonTimestamps.of(at, zone));
    }

    static ObjectNode report(Report report, Function<Instant, String> time) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("name", report.name());
        json.put("expected", report.expected().word());
        report.provenance()
                .ifPresentOrElse(
                        value -> json.set("provenance", ProvenanceJson.provenance(value)),
                        () -> json.putNull("provenance"));
        report.verdict()
                .ifPresentOrElse(
                        value -> json.set("verdict", ProvenanceJson.verdict(value)), () -> json.putNull("verdict"));
        json.set("facts", facts(report.facts(), time));
        ArrayNode findings = json.putArray("findings");
        report.findings().forEach(finding -> findings.add(finding(finding, time)));
        json.put("tookMillis", report.tookMillis());
        report.rolledBack().ifPresent(tried -> json.set("rolledBack", rolledBack(tried, time)));
        return json;
    }

    public static ObjectNode rolledBack(Report.RolledBack tried, ZoneId zone) {
        return rolledBack(tried, at -> JsonTimestamps.of(at, zone));
    }

    private static ObjectNode rolledBack(Report.RolledBack tried, Function<Instant, String> time) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("version", tried.version());
        json.put("at", time.apply(tried.at()));
        tried.reason().ifPresent(reason -> json.put("reason", reason));
        return json;
    }

    public static ObjectNode facts(Facts facts, ZoneId zone) {
        return facts(facts, at -> JsonTimestamps.of(at, zone));
    }

    private static ObjectNode facts(Facts facts, Function<Instant, String> time) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.set("installed", fact(facts.installed(), time));
        json.set("enabled", fact(facts.enabled(), time));
        json.set("running", fact(facts.running(), time));
        json.set("answering", fact(facts.answering(), time));
        json.set("mine", fact(facts.mine(), time));
        return json;
    }

    private static ObjectNode fact(Facts.Fact fact, Function<Instant, String> time) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        fact.value().ifPresentOrElse(value -> json.put("value", value.booleanValue()), () -> json.putNull("value"));
        json.set("evidence", evidence(fact.evidence()));
        json.put("checkedAt", time.apply(fact.checkedAt()));
        return json;
    }

    private static ObjectNode finding(Finding finding, Function<Instant, String> time) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("id", finding.id());
        json.put("group", finding.group().word());
        json.put("severity", finding.severity().word());
        json.put("title", finding.title());
        finding.effect().ifPresentOrElse(effect -> json.put("effect", effect), () -> json.putNull("effect"));
        json.set("evidence", evidence(finding.evidence()));
        ArrayNode remedies = json.putArray("remedies");
        finding.remedies().forEach(remedy -> remedies.add(remedy(remedy)));
        json.put("since", time.apply(finding.since()));
        json.put("checkedAt", time.apply(finding.checkedAt()));
        json.put("ignored", finding.ignored());
        json.put("doc", DiagnoseTool.page(finding.id()));
        return json;
    }

    private static ObjectNode remedy(Remedy remedy) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        switch (remedy) {
            case Remedy.Action action -> {
                json.put("kind", "action").put("action", action.action());
                ArrayNode argv = json.putArray("argv");
                action.argv().forEach(argv::add);
                action.interrupts().ifPresent(phrase -> json.put("interrupts", phrase));
            }
            case Remedy.CopyCommand command -> json.put("kind", "command").put("command", command.command());
            case Remedy.Open open -> json.put("kind", "open").put("target", open.target());
            case Remedy.Wait _ -> json.put("kind", "wait");
        }
        return json.put("text", remedy.text());
    }

    static ArrayNode evidence(List<Evidence> evidence) {
        ArrayNode array = JsonFile.MAPPER.createArrayNode();
        evidence.forEach(
                entry -> array.addObject().put("source", entry.source()).put("detail", entry.detail()));
        return array;
    }
}
