package io.github.lamplighter.readiness;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The port to what the system knows about listening sockets and their processes (Linux: `/proc`).
public interface ListeningSockets {

    /// Who listens on a TCP port of this machine.
    List<Listener> on(int port);

    /// Whether everybody who listens is seen: if not, that nobody was found says nothing.
    default boolean seesAll() {
        return true;
    }

    /// The same, looked at once, when it is first asked: for one run over many tools.
    default ListeningSockets asOfNow() {
        return this;
    }

    /// Who listens on a unix-domain socket; their port is 0.
    default List<Listener> at(Path socket) {
        return List.of();
    }

    /// @param pid empty when the process belongs to somebody else and cannot be seen
    /// @param userId the socket's owner
    /// @param controlGroup of the process, as in `/proc/PID/cgroup`
    /// @param command its argument list, for evidence
    record Listener(
            String address,
            int port,
            Optional<Long> pid,
            long userId,
            Optional<String> controlGroup,
            Optional<String> command) {}
}
