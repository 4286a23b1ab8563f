package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.text.Evidence;
import java.time.ZoneId;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON of a report (docs/schemas/envelope-1.json).
final class ReportJson {

    private ReportJson() {}

    static ObjectNode report(Report report, ZoneId zone) {
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
        json.set("facts", facts(report.facts(), zone));
        ArrayNode findings = json.putArray("findings");
        report.findings().forEach(finding -> findings.add(finding(finding, zone)));
        json.put("tookMillis", report.tookMillis());
        return json;
    }

    static ObjectNode facts(Facts facts, ZoneId zone) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.set("installed", fact(facts.installed(), zone));
        json.set("enabled", fact(facts.enabled(), zone));
        json.set("running", fact(facts.running(), zone));
        json.set("answering", fact(facts.answering(), zone));
        json.set("mine", fact(facts.mine(), zone));
        return json;
    }

    private static ObjectNode fact(Facts.Fact fact, ZoneId zone) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        fact.value().ifPresentOrElse(value -> json.put("value", value.booleanValue()), () -> json.putNull("value"));
        json.set("evidence", evidence(fact.evidence()));
        json.put("checkedAt", JsonTimestamps.of(fact.checkedAt(), zone));
        return json;
    }

    private static ObjectNode finding(Finding finding, ZoneId zone) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("id", finding.id());
        json.put("group", finding.group().word());
        json.put("severity", finding.severity().word());
        json.put("title", finding.title());
        finding.effect().ifPresentOrElse(effect -> json.put("effect", effect), () -> json.putNull("effect"));
        json.set("evidence", evidence(finding.evidence()));
        ArrayNode remedies = json.putArray("remedies");
        finding.remedies().forEach(remedy -> remedies.add(remedy(remedy)));
        json.put("since", JsonTimestamps.of(finding.since(), zone));
        json.put("checkedAt", JsonTimestamps.of(finding.checkedAt(), zone));
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

    private static ArrayNode evidence(List<Evidence> evidence) {
        ArrayNode array = JsonFile.MAPPER.createArrayNode();
        evidence.forEach(
                entry -> array.addObject().put("source", entry.source()).put("detail", entry.detail()));
        return array;
    }
}
