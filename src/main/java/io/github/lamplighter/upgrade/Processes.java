package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.util.List;

/// The port to the processes of this user.
public interface Processes {

    /// Those that run from an environment.
    List<Running> from(Path environment);

    /// Those that inherited the variable `name` with this value.
    List<Running> marked(String name, String value);

    /// Ends a process: asked first, made to after two seconds. Waits until it is gone.
    void end(long pid);

    /// @param controlGroup where it lives, empty where there are none
    /// @param command its argument list, for people
    record Running(long pid, String controlGroup, String command) {}
}
