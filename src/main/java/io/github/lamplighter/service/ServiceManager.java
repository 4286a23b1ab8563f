package io.github.lamplighter.service;

import io.github.lamplighter.tool.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The port to the system's service manager; one provider a system. All verbs work on one unit or label and
/// return when the manager has done it: stopped means that its processes are gone. None waits for
/// readiness, that is [ServiceControl].
public interface ServiceManager {

    /// The same for one look over many services, in which the state of each is asked once, and of all `units` together.
    /// Only for questions: what a verb changes is not seen by it.
    default ServiceManager snapshot(Supplier<List<String>> units) {
        return this;
    }

    /// Looks at what takes long and is the same for all services, so that whoever asks in the next second finds it
    /// done.
    default void prefetch() {}

    /// Empty when the manager can be used; else a sentence that says why not and what to do.
    Optional<String> unavailable();

    /// The unit or label of a tool's own service.
    String unitOf(String toolName);

    /// What a description calls its service, in this manager's words.
    default Optional<String> unitName(Manifest.Service service) {
        return service.unit();
    }

    /// The same service under `unit`, a name of this manager's.
    default Manifest.Service unitName(Manifest.Service service, String unit) {
        return service.withUnit(unit);
    }

    /// What root runs to end a service of the system for good.
    default String rootDisableCommand(String name) {
        return "sudo systemctl disable --now " + name;
    }

    /// Where it runs a service whose file names no folder.
    default Path defaultWorkingDirectory(Path home) {
        return home;
    }

    /// Whether files beside a service file can say what Lamplighter's does not.
    default boolean supportsDropIns() {
        return true;
    }

    /// Whether a file of Lamplighter's is there, under its own name or one that was adopted.
    default boolean isWritten(String unit) {
        ServiceState state = state(unit);
        return state.owner() != ServiceState.Owner.FOREIGN && state.file().isPresent();
    }

    /// The services of somebody else that run a tool, found by their program; the one that counts first. They are only
    /// read.
    default List<ForeignUnit> foreign(Manifest.Install install) {
        return List.of();
    }

    /// The text of the file that would be written now.
    String render(ServiceDefinition definition);

    /// The text of the file on disk, if there is one.
    Optional<String> fileText(String unit);

    /// Files beside the service file that change what it says (systemd's drop-ins).
    default List<Path> dropIns(String unit) {
        return List.of();
    }

    /// What its program is given, from wherever the manager takes it; empty when that cannot be told.
    default Optional<ServiceEnvironment> variables(String unit) {
        return Optional.empty();
    }

    /// The command line of its next start, as its file and what is added to it say; empty where that cannot be told,
    /// and where it is more than one.
    default List<String> command(String unit) {
        return List.of();
    }

    /// Whether somebody changed the file after Lamplighter wrote it.
    default boolean isChangedByHand(String unit) {
        return false;
    }

    /// Whether this user's services go on after log-out; empty when that could not be told.
    default Optional<Boolean> lingers() {
        return Optional.empty();
    }

    /// Lets this user's services go on after log-out, and start at boot. All of them: it is no matter of one
    /// unit.
    default ServiceOutcome linger() {
        return new ServiceOutcome.Refused("On this system services always belong to a login.");
    }

    /// When the manager of this login began; empty when that could not be told.
    default Optional<Instant> startedAt() {
        return Optional.empty();
    }

    /// Writes the file (atomically) and makes the manager read it; does not enable or start.
    ServiceOutcome write(ServiceDefinition definition);

    /// The same, in the place of a file that somebody else wrote.
    ServiceOutcome writeOver(ServiceDefinition definition);

    /// Puts back the exact text of an earlier file (empty removes it) and makes the manager read it.
    ServiceOutcome restore(String unit, Optional<String> text);

    ServiceOutcome enable(String unit);

    /// What an installation does about the next login: on, unless this manager keeps what the user chose
    /// earlier.
    default ServiceOutcome enableAtInstall(String unit) {
        return enable(unit);
    }

    ServiceOutcome disable(String unit);

    /// Clears a failed state first, and brings back what a stop stopped besides it.
    ServiceOutcome start(String unit);

    /// Stops what triggers it too, and waits until its processes are gone.
    ServiceOutcome stop(String unit, Duration limit);

    /// Removes the file of a stopped, disabled service of ours.
    ServiceOutcome remove(String unit);

    ServiceState state(String unit);

    /// What starts it without anybody's asking, as far as it is in force: sockets, timers, watched paths. A stop stops
    /// them too, and the next start brings them back.
    default List<String> triggers(String unit) {
        return List.of();
    }

    /// What lives beside the main process of a running service, and whether a stop ends it too.
    default CoResidentProcesses coResidents(String unit) {
        return CoResidentProcesses.NONE;
    }

    /// Whether the manager itself listens for it.
    default boolean isListenedFor(String unit) {
        return triggers(unit).stream().anyMatch(trigger -> trigger.endsWith(".socket"));
    }

    /// Brings back what a stop stopped besides the service, without starting the service.
    default ServiceOutcome resume(String unit) {
        return new ServiceOutcome.Already("Nothing starts it.");
    }

    /// Why an empty log may not mean that nothing was written: a journal that is not there, or cannot be
    /// read. A sentence with what can be done.
    default Optional<String> logUnavailableReason() {
        return Optional.empty();
    }

    /// Why lines since `when` cannot be asked for; a sentence.
    default Optional<String> refusesSince(String when) {
        return Optional.empty();
    }

    /// Where a service's output goes when its definition sends it away from the log, in a sentence.
    default Optional<String> logElsewhere(String unit) {
        return Optional.empty();
    }

    /// The last `lines` lines that it wrote, and that were written about it, oldest first.
    List<LogLine> log(String unit, int lines, Optional<String> since);

    /// The last lines that the program itself wrote, without what its manager says of it.
    default List<LogLine> lastLogLines(String unit, int lines) {
        return log(unit, lines, Optional.empty());
    }

    /// Hands over the last `lines` lines, and then each as it is written, until the thread is interrupted
    /// or there is nothing more to come.
    void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> line);

    /// Calls `changed` with the unit's name each time a unit of interest changes; closing ends it. It
    /// survives the manager's bus going away and coming back.
    AutoCloseable watch(List<String> units, Consumer<String> changed);

    /// One line of a service's log.
    ///
    /// @param at microseconds since the epoch; 0 where the log does not say
    /// @param priority 0 (emergency) to 7 (debug), as syslog has it
    /// @param boot differs after each start of the computer; empty where the log does not say
    record LogLine(long at, int priority, String text, Optional<String> boot) {

        public LogLine(long at, int priority, String text) {
            this(at, priority, text, Optional.empty());
        }

        /// Longer lines are cut: nobody reads them, and a terminal takes minutes to show them.
        private static final int LONGEST = 16_384;

        /// `text` as it may be shown: what a service writes must not steer the terminal.
        public static String plain(String text) {
            String shown = text.replaceAll("\\x1B\\[[0-9;:?<=>]*[ -/]*[@-~]", "")
                    .replaceAll("\\x1B[\\]PX^_][^\\x07\\x1B]*(\\x07|\\x1B\\\\|$)", "")
                    .codePoints()
                    .filter(point -> point == '\t' || !Character.isISOControl(point))
                    .filter(point -> Character.getType(point) != Character.FORMAT)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            return shown.length() <= LONGEST
                    ? shown
                    : shown.substring(0, shown.offsetByCodePoints(0, LONGEST / 2))
                            + " … (%d more characters)".formatted(shown.length() - LONGEST / 2);
        }
    }
}
