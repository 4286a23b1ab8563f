package io.github.lamplighter.doctor;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes `panel.json`. It counts as long as the tray icon that wrote it is running.
public final class TrayPanelFile {

    private final Path file;

    public TrayPanelFile(AppDirectories directories) {
        this.file = directories.state().resolve("panel.json");
    }

    /// Empty if no tray icon is running, or it does not know yet.
    public Optional<TrayPanel> read() {
        if (!(JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json))) {
            return Optional.empty();
        }
        boolean isRunning = ProcessHandle.of(json.path("pid").asLong(0))
                .filter(ProcessHandle::isAlive)
                .isPresent();
        return isRunning
                ? Optional.of(new TrayPanel(
                        json.path("shown").asBoolean(true),
                        json.path("desktop").asString(""),
                        json.path("needs").asString(""),
                        Optional.of(json.path("package").asString("")).filter(text -> !text.isEmpty()),
                        json.path("canBeAsked").asBoolean(false)))
                : Optional.empty();
    }

    /// @throws IOException if it cannot be written
    public void write(TrayPanel panel, long pid) throws IOException {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("pid", pid);
        json.put("shown", panel.shown());
        json.put("desktop", panel.desktop());
        json.put("needs", panel.needs());
        panel.distributionPackage().ifPresent(name -> json.put("package", name));
        json.put("canBeAsked", panel.canBeAsked());
        JsonFile.write(file, json);
    }

    /// The tray icon has ended.
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It no longer counts either way.
        }
    }
}
