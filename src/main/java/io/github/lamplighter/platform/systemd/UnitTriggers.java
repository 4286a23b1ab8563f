package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What starts a unit without anybody's asking: sockets, timers, paths. They are stopped before it, else the next
/// connection brings it back; and they come back with it. Which were stopped is kept in a file a unit, since the start
/// may come from another process: an upgrade's worker, the recovery after a crash, the user a day later.
final class UnitTriggers {

    private final UserManagerClient userManagerClient;
    private final Path folder;

    UnitTriggers(UserManagerClient userManagerClient, Path folder) {
        this.userManagerClient = userManagerClient;
        this.folder = folder;
    }

    /// Those that are in force now.
    List<String> active(String unit) {
        return active(userManagerClient.show(unit, List.of("TriggeredBy")));
    }

    List<String> active(Properties shown) {
        return Stream.of(shown.get("TriggeredBy").split(" "))
                .filter(trigger -> !trigger.isBlank())
                .filter(trigger ->
                        userManagerClient.show(trigger, List.of("ActiveState")).is("ActiveState", "active"))
                .toList();
    }

    /// Before they are stopped: a crash in between must not lose them.
    ///
    /// @throws IOException when that could not be written down
    void remember(String unit, List<String> triggers) throws IOException {
        if (triggers.isEmpty()) {
            return;
        }
        Map<String, String> kept = read(unit);
        triggers.forEach(trigger -> kept.put(trigger, switchOf(trigger)));
        write(unit, kept);
    }

    /// Starts those that a stop stopped, unless the user switched one since. A socket can only listen while its
    /// service does not run, so one that is not taken now is tried again at the next start.
    ///
    /// @return those that did not come back
    List<String> bringBack(String unit) {
        Map<String, String> kept = read(unit);
        if (kept.isEmpty()) {
            return List.of();
        }
        Map<String, String> left = new TreeMap<>();
        kept.forEach((trigger, switched) -> {
            Properties shown = userManagerClient.show(trigger, List.of("LoadState", "ActiveState"));
            boolean wanted = shown.is("LoadState", "loaded")
                    && !shown.is("ActiveState", "active")
                    && switchOf(trigger).equals(switched);
            if (wanted
                    && !(userManagerClient.systemctl("start", trigger) instanceof ProcessResult.Exited exited
                            && exited.status() == 0)) {
                left.put(trigger, switched);
            }
        });
        try {
            write(unit, left);
        } catch (IOException e) {
            // Then they are started again at the next start, which changes nothing.
        }
        return new ArrayList<>(left.keySet());
    }

    void forget(String unit) {
        try {
            Files.deleteIfExists(folder.resolve(unit));
        } catch (IOException e) {
            // Of a unit that is gone nothing is started.
        }
    }

    /// `enabled`, `disabled`, …
    private String switchOf(String trigger) {
        return userManagerClient.show(trigger, List.of("UnitFileState")).get("UnitFileState");
    }

    private Map<String, String> read(String unit) {
        Map<String, String> kept = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve(unit))) {
                String[] words = line.split(" ", 2);
                kept.put(words[0], words.length > 1 ? words[1] : "");
            }
        } catch (IOException e) {
            // Nothing was stopped.
        }
        return kept;
    }

    private void write(String unit, Map<String, String> kept) throws IOException {
        if (kept.isEmpty()) {
            Files.deleteIfExists(folder.resolve(unit));
            return;
        }
        StringBuilder text = new StringBuilder();
        kept.forEach((trigger, switched) ->
                text.append(trigger).append(' ').append(switched).append('\n'));
        AtomicFile.write(folder.resolve(unit), text.toString());
    }
}
