package io.github.lamplighter.tool;

import io.github.lamplighter.installer.Provenance;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The port to what a machine shows of a tool that is in use already: its units and its running processes. What
/// is found there need not be said by a person.
public interface UsageDetector {

    /// Services of this user, written by somebody else, whose program is the tool's.
    default List<Unit> units(Provenance provenance) {
        return List.of();
    }

    /// Processes of this user that run the tool.
    default List<Running> running(Provenance provenance) {
        return List.of();
    }

    /// Whether something answers HTTP at an address of this machine.
    default boolean speaksHttp(String url) {
        return false;
    }

    /// @param name what the service manager calls it
    /// @param arguments after the program
    record Unit(String name, Path file, List<String> arguments, Optional<Path> directory) {
        public Unit {
            arguments = List.copyOf(arguments);
        }
    }

    /// @param arguments after the program
    /// @param directory where it runs
    /// @param listens the TCP addresses on which it listens, lowest port first
    record Running(long pid, List<String> arguments, Optional<Path> directory, List<Address> listens) {
        public Running {
            arguments = List.copyOf(arguments);
            listens = List.copyOf(listens);
        }
    }

    /// @param host as it can be asked from this machine: `127.0.0.1` for an address that stands for all
    record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
