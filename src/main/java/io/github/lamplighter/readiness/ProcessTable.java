package io.github.lamplighter.readiness;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The port to the processes of this user.
public interface ProcessTable {

    /// Those that run from an environment, but for what Lamplighter itself started to ask it something.
    List<Running> from(Path environment);

    /// Those that inherited the variable `name` with this value.
    List<Running> marked(String name, String value);

    /// The same, looked at once, when it is first asked: for one run over many tools.
    default ProcessTable asOfNow() {
        return this;
    }

    /// The names of the programs that a process descends from, nearest first, up to the first process.
    default List<String> ancestors(long pid) {
        return List.of();
    }

    /// When a process began, whoever it belongs to.
    default Optional<Instant> began(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
    }

    /// How a process was started, as far as that can be seen now.
    default Origin origin(long pid) {
        return new Origin(ancestors(pid), Optional.empty(), false, Optional.empty());
    }

    /// @param ancestors the names of the programs that it descends from, nearest first
    /// @param terminal the one that it belongs to: `pts/3`
    /// @param ignoresHangUp whether it outlives its terminal, as after nohup(1)
    /// @param unit the service of a service manager that it is a part of
    record Origin(List<String> ancestors, Optional<String> terminal, boolean ignoresHangUp, Optional<String> unit) {
        public Origin {
            ancestors = List.copyOf(ancestors);
        }
    }

    /// Ends a process: asked first, made to after two seconds. Waits until it is gone.
    void end(long pid);

    /// @param controlGroup where it lives, empty where there are none
    /// @param command its argument list, for people
    record Running(long pid, String controlGroup, String command) {}
}
