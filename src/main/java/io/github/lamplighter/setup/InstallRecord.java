package io.github.lamplighter.setup;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `installed.json`: every file and folder that an installation created outside of Lamplighter's own folder. It is
/// written before the files are, so that a removal finds all of them, whenever the installation was interrupted.
///
/// @param files with the marks of every content that was written there
/// @param folders that did not exist before
record InstallRecord(Map<Path, Set<String>> files, Set<Path> folders) {

    private static final String SCHEMA = "lamplighter.installed/1";

    InstallRecord {
        files = new TreeMap<>(files);
        folders = new TreeSet<>(folders);
    }

    static InstallRecord read(Path file) {
        Map<Path, Set<String>> files = new TreeMap<>();
        Set<Path> folders = new TreeSet<>();
        if (JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)) {
            json.path("files").properties().forEach(entry -> {
                Set<String> marks = new LinkedHashSet<>();
                entry.getValue().forEach(mark -> marks.add(mark.asString("")));
                files.put(Path.of(entry.getKey()), marks);
            });
            json.path("folders").forEach(folder -> folders.add(Path.of(folder.asString())));
        }
        return new InstallRecord(files, folders);
    }

    /// Whether a file with this mark was written by an installation.
    boolean knows(Path path, String mark) {
        return files.getOrDefault(path, Set.of()).contains(mark);
    }

    void add(HomeFile file) {
        files.computeIfAbsent(file.path(), _ -> new LinkedHashSet<>()).add(file.mark());
    }

    void write(Path file) throws IOException {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("schema", SCHEMA);
        ObjectNode written = json.putObject("files");
        files.forEach((path, marks) -> marks.forEach(written.putArray(path.toString())::add));
        folders.stream().map(Path::toString).forEach(json.putArray("folders")::add);
        JsonFile.write(file, json);
    }
}
