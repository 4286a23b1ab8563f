package io.github.lamplighter.service;

import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The variables of the login shell that a service gets: those that its manifest names, and those that it
/// needs to use a proxy or a private certificate authority.
///
/// @param notes sentences about variables that were left out
public record InheritedVariables(Map<String, String> variables, List<String> notes) {

    private static final List<String> PROXIES = List.of("http_proxy", "https_proxy", "all_proxy", "no_proxy");

    private static final Set<String> CERTIFICATES = Set.of(
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "NODE_EXTRA_CA_CERTS",
            "GIT_SSL_CAINFO");

    public InheritedVariables {
        variables = Map.copyOf(variables);
        notes = List.copyOf(notes);
    }

    /// The names of all variables that may be copied.
    public static List<String> names(Manifest manifest) {
        return Stream.of(
                        named(manifest).stream(),
                        PROXIES.stream(),
                        PROXIES.stream().map(name -> name.toUpperCase(java.util.Locale.ROOT)),
                        CERTIFICATES.stream().sorted())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    /// A harmful variable is left out if the manifest does not name it; if it does, [ServiceDefinitionFactory]
    /// refuses the definition.
    static InheritedVariables of(Manifest manifest, Map<String, String> shell) {
        Map<String, String> taken = new TreeMap<>();
        List<String> notes = new ArrayList<>();
        List<String> named = named(manifest);
        for (String name : names(manifest)) {
            String value = shell.get(name);
            if (value == null) {
                continue;
            }
            if (named.contains(name)) {
                taken.put(name, value);
            } else if (SecretDetector.looksLikeOne(value)) {
                notes.add(
                        "%s was not copied, because it looks like a password or token, and other programs can read service files. If the service needs it, put it in an environment file (mode 0600) and set `service.environmentFile`."
                                .formatted(name));
            } else if (CERTIFICATES.contains(name) && !isThere(value)) {
                notes.add("%s was not copied, because %s does not exist.".formatted(name, value));
            } else if (!value.isEmpty() && value.chars().noneMatch(Character::isISOControl)) {
                taken.put(name, value);
            }
        }
        return new InheritedVariables(taken, notes);
    }

    private static List<String> named(Manifest manifest) {
        return manifest.service().map(Manifest.Service::inherit).orElse(List.of());
    }

    private static boolean isThere(String path) {
        try {
            return path.startsWith("/") && Files.exists(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
