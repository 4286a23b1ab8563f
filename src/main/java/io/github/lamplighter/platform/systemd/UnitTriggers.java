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

/// The units that start another unit: sockets, timers, paths. They are stopped before it, because the next
/// connection would start it again, and started with it. A file per unit records which were stopped, because
/// the start may come from another process: an upgrade's worker, the recovery after a crash, the user a day
/// later.
final class UnitTriggers {

    private final UserManagerClient userManagerClient;
    private final Path folder;

    UnitTriggers(UserManagerClient userManagerClient, Path folder) {
        this.userManagerClient = userManagerClient;
        this.folder = folder;
    }

    /// The triggers that are active now.
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

    /// Records triggers before they are stopped, so that a crash in between does not lose them.
    ///
    /// @throws IOException if the record could not be written
    void remember(String unit, List<String> triggers) throws IOException {
        if (triggers.isEmpty()) {
            return;
        }
        Map<String, String> kept = read(unit);
        triggers.forEach(trigger -> kept.put(trigger, unitFileState(trigger)));
        write(unit, kept);
    }

    /// Starts the recorded triggers, except those that the user enabled or disabled since. A socket cannot be
    /// started while its service is running, so a failed trigger is tried again at the next start.
    ///
    /// @return the triggers that could not be started
    List<String> bringBack(String unit) {
        Map<String, String> kept = read(unit);
        if (kept.isEmpty()) {
            return List.of();
        }
        Map<String, String> left = new TreeMap<>();
        kept.forEach((trigger, state) -> {
            Properties shown = userManagerClient.show(trigger, List.of("LoadState", "ActiveState"));
            boolean wanted = shown.is("LoadState", "loaded")
                    && !shown.is("ActiveState", "active")
                    && unitFileState(trigger).equals(state);
            if (wanted
                    && !(userManagerClient.systemctl("start", trigger) instanceof ProcessResult.Exited exited
                            && exited.status() == 0)) {
                left.put(trigger, state);
            }
        });
        try {
            write(unit, left);
        } catch (IOException e) {
            // They are started again at the next start, which has no effect.
        }
        return new ArrayList<>(left.keySet());
    }

    void forget(String unit) {
        try {
            Files.deleteIfExists(folder.resolve(unit));
        } catch (IOException e) {
            // A record of a removed unit has no effect.
        }
    }

    /// `enabled`, `disabled`, …
    private String unitFileState(String trigger) {
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
        kept.forEach((trigger, state) ->
                text.append(trigger).append(' ').append(state).append('\n'));
        AtomicFile.write(folder.resolve(unit), text.toString());
    }
}
