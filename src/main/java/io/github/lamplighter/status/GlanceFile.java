package io.github.lamplighter.status;

import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes `glance.json`. The file is private state with a version of its own. A file that cannot be
/// parsed reads as absent, so that the icon shows *unknown* rather than something old or wrong.
public final class GlanceFile {

    private static final String SCHEMA = "lamplighter.glance/1";

    private final Path file;

    /// @param file `AppDirectories.glance()`
    public GlanceFile(Path file) {
        this.file = file;
    }

    public Path path() {
        return file;
    }

    /// Returns empty if nothing was checked yet, or if the file is damaged or of another version.
    public Optional<Glance> read() {
        return JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json) ? decode(json) : Optional.empty();
    }

    /// Replaces the file atomically; a damaged file is kept next to it as `.damaged`.
    ///
    /// @throws IOException if the file cannot be written
    public void write(Glance glance) throws IOException {
        if (JsonFile.read(file) instanceof JsonFile.Content.Damaged) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        }
        JsonFile.write(file, encode(glance));
    }

    static ObjectNode encode(Glance glance) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("schema", SCHEMA);
        json.put("writtenAt", glance.writtenAt().toString());
        json.put("staleAfter", glance.staleAfter().toString());
        ArrayNode tools = json.putArray("tools");
        for (Glance.ToolGlance tool : glance.tools()) {
            ObjectNode entry = tools.addObject();
            entry.put("name", tool.name());
            entry.put("state", tool.state().word());
            entry.put("headline", tool.headline());
            entry.put("version", tool.version());
            tool.update().ifPresent(update -> {
                entry.put("updateTo", update.version());
                update.checkedAt().ifPresent(at -> entry.put("updateAsked", at.toString()));
            });
            entry.put("expectedRunning", tool.expectedRunning());
            tool.unit().ifPresent(value -> entry.put("unit", value));
            tool.endpoint().ifPresent(value -> entry.put("endpoint", value));
            tool.ignoredChecks().stream().sorted().forEach(entry.withArrayProperty("aside")::add);
            tool.rolledBack()
                    .ifPresent(tried -> entry.putObject("rolledBack")
                            .put("version", tried.version())
                            .put("at", tried.at().toString()));
            tool.upgraded()
                    .ifPresent(upgraded -> entry.putObject("upgraded")
                            .put("from", upgraded.from())
                            .put("to", upgraded.to())
                            .put("at", upgraded.at().toString())
                            .put("kept", upgraded.isKept()));
            if (tool.timedOut()) {
                entry.put("timedOut", true);
            }
            tool.look()
                    .ifPresent(look -> entry.putObject("look")
                            .put("at", look.at().toString())
                            .put("problemOfRun", look.foundProblemOfRun()));
        }
        return json;
    }

    static Optional<Glance> decode(JsonNode json) {
        if (!SCHEMA.equals(json.path("schema").asString(""))) {
            return Optional.empty();
        }
        try {
            List<Glance.ToolGlance> tools = new ArrayList<>();
            for (JsonNode entry : json.path("tools")) {
                tools.add(new Glance.ToolGlance(
                        entry.path("name").asString(""),
                        ToolStatus.State.of(entry.path("state").asString(""))
                                .orElseThrow(IllegalArgumentException::new),
                        entry.path("headline").asString(""),
                        entry.path("version").asString(""),
                        text(entry, "updateTo")
                                .map(version -> new ToolStatus.Update(
                                        version, text(entry, "updateAsked").map(Instant::parse))),
                        entry.path("expectedRunning").asBoolean(false),
                        text(entry, "unit"),
                        text(entry, "endpoint"),
                        entry.path("aside")
                                .valueStream()
                                .map(JsonNode::asString)
                                .collect(Collectors.toSet()),
                        object(entry, "rolledBack")
                                .map(tried -> new Report.RolledBack(
                                        tried.path("version").asString(""), at(tried), Optional.empty())),
                        object(entry, "upgraded")
                                .map(upgraded -> new UpgradeHistory.Upgraded(
                                        upgraded.path("from").asString(""),
                                        upgraded.path("to").asString(""),
                                        at(upgraded),
                                        upgraded.path("kept").asBoolean(false))),
                        entry.path("timedOut").asBoolean(false),
                        object(entry, "look")
                                .map(look -> new Glance.ServiceLook(
                                        at(look), look.path("problemOfRun").asBoolean(false)))));
            }
            return Optional.of(new Glance(
                    Instant.parse(json.path("writtenAt").asString("")),
                    Instant.parse(json.path("staleAfter").asString("")),
                    tools));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> object(JsonNode entry, String key) {
        return Optional.of(entry.path(key)).filter(JsonNode::isObject);
    }

    private static Instant at(JsonNode node) {
        return Instant.parse(node.path("at").asString(""));
    }

    private static Optional<String> text(JsonNode entry, String key) {
        return Optional.of(entry.path(key).asString("")).filter(value -> !value.isEmpty());
    }
}
