package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.DataRisk;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes journal entries, one JSON object on each line.
final class JournalCodec {

    private static final JsonMapper LINES = JsonMapper.builder().build();

    private JournalCodec() {}

    static String write(JournalEntry entry) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("at", entry.at().toString());
        switch (entry) {
            case JournalEntry.Started started ->
                json.put("entry", "began")
                        .put("id", started.id())
                        .put("name", started.name())
                        .put("worker", started.worker())
                        .put("sequence", started.sequence());
            case JournalEntry.Planned planned -> {
                json.put("entry", "planned")
                        .put("from", planned.from())
                        .put("to", planned.to())
                        .put("identity", planned.identity());
                var steps = json.putArray("steps");
                planned.steps().forEach(step -> steps.add(step.word()));
                var commands = json.putArray("commands");
                planned.commands().forEach(commands::add);
            }
            case JournalEntry.RollbackPointRecorded recorded ->
                rollbackPoint(json.put("entry", "ground"), recorded.point());
            case JournalEntry.LinkSwitchRecorded(var _, JournalEntry.LinkSwitch change) ->
                json.put("entry", "link-switch")
                        .put("from", change.from())
                        .put("to", change.to())
                        .put("fromFolder", change.fromFolder().toString())
                        .put("toFolder", change.toFolder().toString())
                        .put("stage", change.stage().map(Path::toString).orElse(null))
                        .put("trayRan", change.trayRan());
            case JournalEntry.StepStarted began ->
                json.put("entry", "step-began").put("step", began.step().word());
            case JournalEntry.StepEnded ended ->
                json.put("entry", "step-ended")
                        .put("step", ended.step().word())
                        .put("outcome", ended.outcome().word())
                        .put("tookMillis", ended.tookMillis())
                        .put("detail", ended.detail());
            case JournalEntry.Output output -> json.put("entry", "output").put("line", output.line());
            case JournalEntry.DataCopied(var _, List<DataCopy> copies, boolean isComplete) ->
                DataCopy.write(
                        copies,
                        json.put("entry", "data-copied")
                                .put("complete", isComplete)
                                .putArray("copies"));
            case JournalEntry.Restored back -> json.put("entry", "put-back").put("part", back.part());
            case JournalEntry.Ended ended ->
                json.put("entry", "ended")
                        .put("busy", ended.outcome().result() == Result.BUSY)
                        .put("open", ended.isOpen())
                        .set("outcome", outcome(ended.outcome()));
        }
        return LINES.writeValueAsString(json);
    }

    /// Reads a line; empty for a torn line of a killed worker, or an entry of a newer version.
    static Optional<JournalEntry> read(String line) {
        try {
            JsonNode json = LINES.readTree(line);
            return json.isObject() ? entry(json) : Optional.empty();
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
            return Optional.empty();
        }
    }

    /// The outcome in the contract's form.
    static ObjectNode outcome(UpgradeOutcome outcome) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("name", outcome.name())
                .put("asked", outcome.asked().word())
                .put("outcome", outcome.result().word())
                .put("from", outcome.from().isEmpty() ? null : outcome.from())
                .put("to", outcome.to().isEmpty() ? null : outcome.to())
                .put("reason", outcome.reason().orElse(null))
                .put("cancelled", outcome.isCancelled())
                .put("downtimeMillis", outcome.downtimeMillis())
                .put("dataMayHaveChanged", outcome.dataMayHaveChanged())
                .put("dataRisk", outcome.dataRisk().word())
                .put("journal", outcome.journal().map(Path::toString).orElse(null))
                .put("startedAt", outcome.startedAt().toString());
        var steps = json.putArray("steps");
        for (StepResult step : outcome.steps()) {
            steps.addObject()
                    .put("step", step.step().word())
                    .put("outcome", step.outcome().word())
                    .put("tookMillis", step.tookMillis());
        }
        return json;
    }

    private static Optional<JournalEntry> entry(JsonNode json) {
        Instant at = Instant.parse(text(json, "at"));
        return switch (text(json, "entry")) {
            case "began" ->
                Optional.of(new JournalEntry.Started(
                        at,
                        text(json, "id"),
                        text(json, "name"),
                        json.path("worker").asLong(0),
                        json.path("sequence").asLong(0)));
            case "planned" ->
                Optional.of(new JournalEntry.Planned(
                        at,
                        text(json, "from"),
                        text(json, "to"),
                        text(json, "identity"),
                        texts(json.path("steps")).stream()
                                .flatMap(word -> Step.of(word).stream())
                                .toList(),
                        texts(json.path("commands"))));
            case "ground" -> Optional.of(new JournalEntry.RollbackPointRecorded(at, rollbackPoint(json)));
            case "link-switch" ->
                Optional.of(new JournalEntry.LinkSwitchRecorded(
                        at,
                        new JournalEntry.LinkSwitch(
                                text(json, "from"),
                                text(json, "to"),
                                Path.of(text(json, "fromFolder")),
                                Path.of(text(json, "toFolder")),
                                optional(json, "stage").map(Path::of),
                                json.path("trayRan").asBoolean(false))));
            case "step-began" -> Step.of(text(json, "step")).map(step -> new JournalEntry.StepStarted(at, step));
            case "step-ended" ->
                Step.of(text(json, "step"))
                        .map(step -> new JournalEntry.StepEnded(
                                at,
                                step,
                                stepOutcome(json),
                                json.path("tookMillis").asLong(0),
                                text(json, "detail")));
            case "output" -> Optional.of(new JournalEntry.Output(at, text(json, "line")));
            case "data-copied" ->
                Optional.of(new JournalEntry.DataCopied(
                        at,
                        DataCopy.read(json.path("copies")),
                        json.path("complete").asBoolean(false)));
            case "put-back" -> Optional.of(new JournalEntry.Restored(at, text(json, "part")));
            case "ended" ->
                Optional.of(new JournalEntry.Ended(
                        at,
                        outcome(json.path("outcome"), json.path("busy").asBoolean(false)),
                        json.path("open").asBoolean(false)));
            default -> Optional.empty();
        };
    }

    /// @param busy what the contract's word `refused` does not say
    private static UpgradeOutcome outcome(JsonNode json, boolean busy) {
        List<StepResult> steps = new ArrayList<>();
        for (JsonNode step : json.path("steps")) {
            Step.of(text(step, "step"))
                    .ifPresent(known -> steps.add(new StepResult(
                            known, stepOutcome(step), step.path("tookMillis").asLong(0))));
        }
        return new UpgradeOutcome(
                text(json, "name"),
                Asked.of(text(json, "asked")),
                busy ? Result.BUSY : Result.of(text(json, "outcome")).orElse(Result.FAILED),
                text(json, "from"),
                text(json, "to"),
                optional(json, "reason"),
                json.path("downtimeMillis").asLong(0),
                DataRisk.of(text(json, "dataRisk")),
                optional(json, "journal").map(Path::of),
                steps,
                Instant.parse(text(json, "startedAt")),
                json.path("cancelled").asBoolean(false));
    }

    private static void rollbackPoint(ObjectNode json, RollbackPoint point) {
        json.put("environment", point.environment().toString())
                .put("prepared", point.prepared().toString())
                .put("oldIdentity", point.oldIdentity())
                .put("newIdentity", point.newIdentity())
                .put("stage", point.stage().map(Path::toString).orElse(null))
                .put("snapshot", point.snapshot().toString())
                .put("unit", point.unit().orElse(null))
                .put("ran", point.ran())
                .put("answered", point.answered())
                .put("serviceFile", point.serviceFile().orElse(null));
        ObjectNode links = json.putObject("links");
        point.links().forEach((path, text) -> links.put(path.toString(), text.orElse(null)));
    }

    private static RollbackPoint rollbackPoint(JsonNode json) {
        Map<Path, Optional<String>> links = new LinkedHashMap<>();
        json.path("links")
                .properties()
                .forEach(link -> links.put(
                        Path.of(link.getKey()),
                        link.getValue().isString() ? Optional.of(link.getValue().asString()) : Optional.empty()));
        return new RollbackPoint(
                Path.of(text(json, "environment")),
                Path.of(text(json, "prepared")),
                json.path("oldIdentity").asLong(0),
                json.path("newIdentity").asLong(0),
                optional(json, "stage").map(Path::of),
                Path.of(text(json, "snapshot")),
                links,
                optional(json, "unit"),
                json.path("ran").asBoolean(false),
                json.path("answered").asBoolean(false),
                optional(json, "serviceFile"));
    }

    private static StepOutcome stepOutcome(JsonNode json) {
        return StepOutcome.of(text(json, "outcome")).orElse(StepOutcome.FAILED);
    }

    private static String text(JsonNode json, String name) {
        return optional(json, name).orElse("");
    }

    private static Optional<String> optional(JsonNode json, String name) {
        JsonNode value = json.path(name);
        return value.isString() ? Optional.of(value.asString()) : Optional.empty();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
