package io.github.lamplighter.readiness;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// The parsed URL of an endpoint.
sealed interface EndpointAddress {
    record Http(boolean secure, String host, int port, String path, String authority) implements EndpointAddress {}

    record Tcp(String host, int port) implements EndpointAddress {}

    record Unix(Path path) implements EndpointAddress {}

    record Unclear(String why) implements EndpointAddress {}

    static EndpointAddress of(String url) {
        String scheme = url.contains(":") ? url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT) : "";
        try {
            return switch (scheme) {
                case "http", "https" -> http(URI.create(url), scheme.equals("https"));
                case "tcp" -> tcp(URI.create(url.startsWith("tcp://") ? url : "tcp://" + url.substring(4)));
                case "unix" -> new Unix(Path.of(url.substring(5).replaceFirst("^//", "")));
                default -> new Unclear("its URL is not http, https, tcp or unix: " + url);
            };
        } catch (IllegalArgumentException e) {
            return new Unclear("its URL is invalid: " + url);
        }
    }

    private static EndpointAddress http(URI uri, boolean secure) {
        String host = Optional.ofNullable(uri.getHost()).orElse("");
        if (host.isEmpty()) {
            return new Unclear("its URL has no host: " + uri);
        }
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        String path = Optional.ofNullable(uri.getRawPath())
                .filter(raw -> !raw.isEmpty())
                .orElse("/");
        String query =
                Optional.ofNullable(uri.getRawQuery()).map(raw -> "?" + raw).orElse("");
        String authority = uri.getPort() > 0 ? host + ":" + port : host;
        return new Http(secure, host, port, path + query, authority);
    }

    private static EndpointAddress tcp(URI uri) {
        return uri.getPort() <= 0
                ? new Unclear("its URL has no port: " + uri)
                : new Tcp(Optional.ofNullable(uri.getHost()).orElse("localhost"), uri.getPort());
    }

    /// The IP addresses of a host name, in the order in which they are tried. `localhost` means both loopback
    /// addresses, a literal address only itself, and a wildcard the loopback address of its family.
    static List<InetAddress> resolve(String host) {
        String bare = host.replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
        return switch (bare) {
            case "localhost", "" ->
                Stream.of("127.0.0.1", "::1").flatMap(EndpointAddress::lookUp).toList();
            case "0.0.0.0" -> lookUp("127.0.0.1").toList();
            case "::" -> lookUp("::1").toList();
            default ->
                lookUp(bare)
                        .sorted(Comparator.comparing(Inet6Address.class::isInstance))
                        .toList();
        };
    }

    /// Limited, because a name server that does not respond can block for half a minute.
    private static Stream<InetAddress> lookUp(String host) {
        try {
            return Arrays.stream(CompletableFuture.supplyAsync(
                            () -> allOf(host), Thread.ofPlatform().daemon().name("host name")::start)
                    .get(Probe.LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Stream.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Stream.empty();
        }
    }

    private static InetAddress[] allOf(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException _) {
            return new InetAddress[0];
        }
    }

    /// The short form of an IPv6 loopback or wildcard address: `::1` for `0:0:0:0:0:0:0:1`.
    static String shortened(String address) {
        return address.replaceFirst("^(?:0:){7}(?=[01]$)", "::").replaceFirst("^::0$", "::");
    }
}
