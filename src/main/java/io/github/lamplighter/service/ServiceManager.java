package io.github.lamplighter.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The port to the system's service manager; one provider a system. All verbs work on one unit or label and
/// return
/// when the manager has done it: stopped means that its processes are gone. None waits for readiness, that is
/// [Services].
public interface ServiceManager {

    /// Empty when the manager can be used; else a sentence that says why not and what to do.
    Optional<String> unavailable();

    /// The unit or label of a tool's own service.
    String unitOf(String toolName);

    /// The text of the file that would be written now.
    String render(ServiceDefinition definition);

    /// The text of the file on disk, if there is one.
    Optional<String> onDisk(String unit);

    /// Whether somebody changed the file after Lamplighter wrote it.
    default boolean isChangedByHand(String unit) {
        return false;
    }

    /// Whether this user's services go on after log-out; empty when that could not be told.
    default Optional<Boolean> lingers() {
        return Optional.empty();
    }

    /// Lets this user's services go on after log-out, and start at boot. All of them: it is no matter of one unit.
    default ServiceOutcome linger() {
        return new ServiceOutcome.Refused("On this system services always belong to a login.");
    }

    /// When the manager of this login began; empty when that could not be told.
    default Optional<Instant> began() {
        return Optional.empty();
    }

    /// Writes the file (atomically) and makes the manager read it; does not enable or start.
    ServiceOutcome write(ServiceDefinition definition);

    /// Puts back the exact text of an earlier file (empty removes it) and makes the manager read it.
    ServiceOutcome restore(String unit, Optional<String> text);

    ServiceOutcome enable(String unit);

    /// What an installation does about the next login: on, unless this manager keeps what the user chose earlier.
    default ServiceOutcome enableAtInstall(String unit) {
        return enable(unit);
    }

    ServiceOutcome disable(String unit);

    /// Clears a failed state first.
    ServiceOutcome start(String unit);

    /// Stops what triggers it too, and waits until its processes are gone.
    ServiceOutcome stop(String unit, Duration limit);

    /// Removes the file of a stopped, disabled service of ours.
    ServiceOutcome remove(String unit);

    ServiceState state(String unit);

    /// The sockets on which the manager itself listens for it; empty for a service that listens itself.
    default List<String> triggers(String unit) {
        return List.of();
    }

    /// Why an empty log may not mean that nothing was written: a time that is not understood, a journal that
    /// cannot be
    /// read.
    default Optional<String> logGap(Optional<String> since) {
        return Optional.empty();
    }

    /// The last `lines` lines that it wrote, oldest first.
    List<LogLine> log(String unit, int lines, Optional<String> since);

    /// Hands over lines as they are written until the thread is interrupted.
    void follow(String unit, int lines, Consumer<LogLine> line);

    /// Calls `changed` with the unit's name each time a unit of interest changes; closing ends it. It survives
    /// the
    /// manager's bus going away and coming back.
    AutoCloseable watch(List<String> units, Consumer<String> changed);

    /// One line of a service's log.
    ///
    /// @param at microseconds since the epoch; 0 where the log does not say
    /// @param priority 0 (emergency) to 7 (debug), as syslog has it
    record LogLine(long at, int priority, String text) {

        /// `text` as it may be shown: what a service writes must not steer the terminal.
        public static String plain(String text) {
            return text.replaceAll("\\x1B\\[[0-9;?]*[ -/]*[@-~]", "")
                    .codePoints()
                    .filter(point -> point == '\t' || !Character.isISOControl(point))
                    .filter(point -> Character.getType(point) != Character.FORMAT)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
    }
}
