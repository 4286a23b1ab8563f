package io.github.lamplighter.readiness;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The port to the user's processes.
public interface ProcessTable {

    /// The processes that run from an environment, except those that Lamplighter started to query a tool.
    List<Running> from(Path environment);

    /// The processes with the environment variable `name` set to this value.
    List<Running> marked(String name, String value);

    /// Whether a process of this user is in the control group of a unit, or below it: also one that does not run from
    /// the tool's environment, such as Node with a command line of its own.
    boolean hasProcess(String unit);

    /// A view for one run over many tools, which reads the processes once, at the first access.
    default ProcessTable snapshot() {
        return this;
    }

    /// The names of a process's ancestors, nearest first, up to the first process.
    default List<String> ancestors(long pid) {
        return List.of();
    }

    /// When a process started, also one of another user.
    default Optional<Instant> startedAt(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
    }

    /// The program that a process runs, if the file has been deleted or replaced since; it keeps running the old one.
    default Optional<Path> replacedProgram(long pid) {
        return Optional.empty();
    }

    /// How a process was started, as far as that is visible now.
    default Origin origin(long pid) {
        return new Origin(ancestors(pid), Optional.empty(), false, Optional.empty());
    }

    /// @param ancestors the names of its ancestors, nearest first
    /// @param terminal its terminal: `pts/3`
    /// @param ignoresHangUp whether it survives its terminal, as with nohup(1)
    /// @param unit the service that it belongs to
    record Origin(List<String> ancestors, Optional<String> terminal, boolean ignoresHangUp, Optional<String> unit) {
        public Origin {
            ancestors = List.copyOf(ancestors);
        }
    }

    /// Terminates a process, kills it after two seconds, and waits until it is gone.
    void end(long pid);

    /// @param controlGroup its control group; empty without control groups
    /// @param command its command line, for display
    record Running(long pid, String controlGroup, String command) {
        public boolean isIn(String group) {
            return isWithin(controlGroup, group);
        }
    }

    /// The service of a control group, which may have groups of its own below it. A session or scope inside of
    /// it is not that service any more, and the user's manager is none.
    static Optional<String> serviceOf(String controlGroup) {
        return Stream.of(controlGroup.split("/"))
                .filter(name -> name.endsWith(".service") || name.endsWith(".scope"))
                .reduce((_, last) -> last)
                .filter(name -> name.endsWith(".service") && !name.startsWith("user@"));
    }

    /// Whether a control group is another one, or lies below it. In a container only the start of the paths differs.
    static boolean isWithin(String group, String other) {
        return other.length() > 1 && (group + "/").contains(other + "/");
    }
}
