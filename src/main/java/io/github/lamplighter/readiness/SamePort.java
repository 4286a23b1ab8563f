package io.github.lamplighter.readiness;

import io.github.lamplighter.readiness.EndpointAddress.Http;
import io.github.lamplighter.readiness.EndpointAddress.Tcp;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The managed tools that need the same port of this computer as another one, so that only one of them can run at a
/// time.
///
/// @param port that they share
/// @param others the manifests of the other tools
public record SamePort(int port, List<Manifest> others) {

    public SamePort {
        others = List.copyOf(others);
    }

    /// @param all managed tools, the tool itself among them or not
    public static Optional<SamePort> of(Manifest manifest, List<Manifest> all) {
        Optional<Integer> port =
                manifest.endpoint().filter(_ -> isService(manifest)).flatMap(SamePort::port);
        List<Manifest> others = port.isEmpty()
                ? List.of()
                : all.stream()
                        .filter(other -> !other.name().equals(manifest.name()) && isService(other))
                        .filter(other -> other.endpoint()
                                .filter(endpoint -> port(endpoint).equals(port))
                                .filter(endpoint -> overlap(manifest.endpoint().orElseThrow(), endpoint))
                                .isPresent())
                        .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(new SamePort(port.orElseThrow(), others));
    }

    public String names() {
        return others.stream().map(other -> other.name().value()).collect(Collectors.joining(", "));
    }

    public String sentence() {
        return "Port %d is also the port of %s. Only one of them can run at a time.".formatted(port, names());
    }

    private static boolean isService(Manifest manifest) {
        return manifest.expected() != Manifest.Expected.COMMAND;
    }

    /// A proxy may listen on the port for many tools.
    private static Optional<Integer> port(Endpoint endpoint) {
        return endpoint.proxied()
                ? Optional.empty()
                : switch (EndpointAddress.of(endpoint.url())) {
                    case Http http -> Optional.of(http.port());
                    case Tcp tcp -> Optional.of(tcp.port());
                    case EndpointAddress.Unix _, EndpointAddress.Unclear _ -> Optional.empty();
                };
    }

    private static boolean overlap(Endpoint one, Endpoint other) {
        Set<InetAddress> both = new HashSet<>(addresses(one));
        both.retainAll(addresses(other));
        return !both.isEmpty() && EndpointIdentityCheck.isHere(one);
    }

    private static List<InetAddress> addresses(Endpoint endpoint) {
        return switch (EndpointAddress.of(endpoint.url())) {
            case Http http -> EndpointAddress.resolve(http.host());
            case Tcp tcp -> EndpointAddress.resolve(tcp.host());
            case EndpointAddress.Unix _, EndpointAddress.Unclear _ -> List.of();
        };
    }
}
