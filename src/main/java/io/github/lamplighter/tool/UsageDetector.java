package io.github.lamplighter.tool;

import io.github.lamplighter.installer.Provenance;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The port to detect how a tool is used already: its units and its running processes.
public interface UsageDetector {

    /// Services of this user that run the tool and were not created by Lamplighter.
    default List<Unit> units(Provenance provenance) {
        return List.of();
    }

    /// Processes of this user that run the tool.
    default List<Running> running(Provenance provenance) {
        return List.of();
    }

    /// The values of some environment variables of a tool's service; empty if they are not known.
    ///
    /// @param unit a service that was not created by Lamplighter; empty for the one that it creates
    default Optional<Map<String, String>> variables(ToolName name, Optional<String> unit, Collection<String> names) {
        return Optional.empty();
    }

    /// Whether a local address responds to HTTP.
    default boolean speaksHttp(String url) {
        return false;
    }

    /// @param name in the service manager
    /// @param arguments after the program
    record Unit(String name, Path file, List<String> arguments, Optional<Path> directory) {
        public Unit {
            arguments = List.copyOf(arguments);
        }
    }

    /// @param arguments after the program
    /// @param knowsArguments whether these are its arguments: a program can replace its command line
    /// @param directory its working directory
    /// @param listens the TCP addresses on which it listens, lowest port first
    record Running(
            long pid, List<String> arguments, boolean knowsArguments, Optional<Path> directory, List<Address> listens) {

        /// A process with its command line.
        public Running(long pid, List<String> arguments, Optional<Path> directory, List<Address> listens) {
            this(pid, arguments, true, directory, listens);
        }

        public Running {
            arguments = List.copyOf(arguments);
            listens = List.copyOf(listens);
        }
    }

    /// @param host as reachable from this machine: `127.0.0.1` for a wildcard address
    record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
