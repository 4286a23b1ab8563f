package io.github.lamplighter.release;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Proxy and CA settings of a package manager.
///
/// @param proxies from the scheme of an address (`http`, `https`) to the proxy for it, which may hold
///     credentials
/// @param direct hosts that need no proxy: `example.org` with all below it, `host:8080`, or `*`
/// @param authorities a PEM file of certificates to trust instead of the system's
/// @param moreAuthorities a PEM file of certificates to trust as well
record NetworkSettings(
        Map<String, URI> proxies, List<String> direct, Optional<Path> authorities, Optional<Path> moreAuthorities) {

    NetworkSettings {
        proxies = Map.copyOf(proxies);
        direct = List.copyOf(direct);
    }

    /// The settings of the environment, as curl, pip and npm read them: lower case wins over upper case.
    static NetworkSettings of(Map<String, String> environment) {
        Optional<URI> all = variable(environment, "all_proxy").flatMap(NetworkSettings::address);
        Optional<URI> http = variable(environment, "http_proxy")
                .flatMap(NetworkSettings::address)
                .or(() -> all);
        Optional<URI> https = variable(environment, "https_proxy")
                .flatMap(NetworkSettings::address)
                .or(() -> all);
        return new NetworkSettings(
                        Map.of(),
                        direct(variable(environment, "no_proxy").orElse("")),
                        Optional.empty(),
                        Optional.empty())
                .withProxy("http", http)
                .withProxy("https", https);
    }

    /// A copy with `proxy` for URLs of `scheme`, if there is one.
    NetworkSettings withProxy(String scheme, Optional<URI> proxy) {
        return proxy.map(given -> {
                    Map<String, URI> changed = new java.util.HashMap<>(proxies);
                    changed.put(scheme, given);
                    return new NetworkSettings(changed, direct, authorities, moreAuthorities);
                })
                .orElse(this);
    }

    NetworkSettings withNoProxy(Optional<String> hosts) {
        return hosts.map(given -> new NetworkSettings(proxies, direct(given), authorities, moreAuthorities))
                .orElse(this);
    }

    NetworkSettings withCaBundle(Optional<Path> file) {
        return file.isEmpty() ? this : new NetworkSettings(proxies, direct, file, moreAuthorities);
    }

    NetworkSettings withExtraCaBundle(Optional<Path> file) {
        return file.isEmpty() ? this : new NetworkSettings(proxies, direct, authorities, file);
    }

    /// The proxy for a URL; empty if it needs none.
    Optional<URI> proxy(URI address) {
        String host = Optional.ofNullable(address.getHost()).orElse("").toLowerCase(Locale.ROOT);
        boolean isDirect = direct.stream()
                .anyMatch(entry -> entry.equals("*")
                        || host.equals(entry)
                        || host.endsWith("." + entry)
                        || (host + ":" + address.getPort()).equals(entry));
        return isDirect
                ? Optional.empty()
                : Optional.ofNullable(proxies.get(
                        Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT)));
    }

    /// A proxy as users write it: `http://host:3128`, or without the scheme.
    static Optional<URI> address(String text) {
        String whole = text.contains("://") ? text : "http://" + text;
        try {
            return Optional.of(URI.create(whole)).filter(address -> address.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<Path> file(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static Optional<String> variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .flatMap(spelling -> Optional.ofNullable(environment.get(spelling)).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static List<String> direct(String list) {
        return Arrays.stream(list.split("[,\\s]+", -1))
                .map(entry -> entry.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /// Proxies may hold credentials: they are not printed.
    @Override
    public String toString() {
        return "Way[proxies=%s, direct=%s]".formatted(proxies.keySet(), direct);
    }
}
