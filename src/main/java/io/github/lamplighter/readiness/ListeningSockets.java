package io.github.lamplighter.readiness;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The port to the listening sockets of this machine and their processes.
public interface ListeningSockets {

    /// The listeners on a TCP port of this machine.
    List<Listener> on(int port);

    /// The listeners on all TCP ports of this machine, as far as they are known.
    default List<Listener> all() {
        return List.of();
    }

    /// Whether listeners of all users are visible; if not, an empty result proves nothing.
    default boolean seesAll() {
        return true;
    }

    /// A view for one run over many tools, which reads the sockets once, at the first access.
    default ListeningSockets snapshot() {
        return this;
    }

    /// The listeners on a Unix domain socket; their port is 0.
    default List<Listener> at(Path socket) {
        return List.of();
    }

    /// @param pid empty if the process belongs to another user and is not visible
    /// @param userId the socket's owner
    /// @param controlGroup of the process, as in `/proc/PID/cgroup`
    /// @param command its command line, for evidence
    record Listener(
            String address,
            int port,
            Optional<Long> pid,
            long userId,
            Optional<String> controlGroup,
            Optional<String> command) {}
}
