package io.github.lamplighter.readiness;

import java.nio.file.Path;
import java.util.List;

/// The port to the processes of this user.
public interface Processes {

    /// Those that run from an environment.
    List<Running> from(Path environment);

    /// Those that inherited the variable `name` with this value.
    List<Running> marked(String name, String value);

    /// The same, looked at once, when it is first asked: for one run over many tools.
    default Processes asOfNow() {
        return this;
    }

    /// The names of the programs that a process descends from, nearest first, up to the first process.
    default List<String> ancestors(long pid) {
        return List.of();
    }

    /// Ends a process: asked first, made to after two seconds. Waits until it is gone.
    void end(long pid);

    /// @param controlGroup where it lives, empty where there are none
    /// @param command its argument list, for people
    record Running(long pid, String controlGroup, String command) {}
}
