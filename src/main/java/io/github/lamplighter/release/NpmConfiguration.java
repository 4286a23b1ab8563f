package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.UntrustedText;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// npm's configuration for a global package (npm documentation, "config", "npmrc"): the global and the user's
/// `.npmrc`, then the `npm_config_*` variables. Tokens are sent to the registry and never displayed.
final class NpmConfiguration {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(\\??)\\}");

    private final AppDirectories directories;
    private final Clock clock;
    private final NpmDefaultRegistry npm;

    NpmConfiguration(AppDirectories directories, Clock clock, NpmDefaultRegistry npm) {
        this.directories = directories;
        this.clock = clock;
        this.npm = npm;
    }

    /// @param authorization the whole header value for this registry, if there is one
    /// @param cutOff ignores later releases (`before`, `min-release-age`)
    record Registry(
            URI address, Optional<String> authorization, Optional<Instant> cutOff, NetworkSettings networkSettings) {

        /// Without the secret.
        @Override
        public String toString() {
            return "Registry[%s]".formatted(HttpFetcher.withoutCredentials(address));
        }
    }

    sealed interface Resolution {
        record Found(Registry registry) implements Resolution {}

        /// `why` is a sentence.
        record Ambiguous(UncheckableReason uncheckableReason, String why) implements Resolution {
            Ambiguous(String why) {
                this(UncheckableReason.SETTINGS, why);
            }
        }
    }

    Resolution registry(Provenance provenance, Map<String, String> environment, Deadline deadline) {
        Map<String, String> options = options(provenance, environment);
        if (isOn(options, "offline")) {
            return new Resolution.Ambiguous("npm is set to `offline`.");
        }
        String name = provenance.packageName();
        String scope = name.startsWith("@") && name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
        NpmDefaultRegistry.Resolution asked = Optional.ofNullable(options.get(scope + ":registry"))
                .filter(_ -> !scope.isEmpty())
                .or(() -> Optional.ofNullable(options.get("registry")))
                .filter(text -> !text.isBlank())
                .<NpmDefaultRegistry.Resolution>map(NpmDefaultRegistry.Resolution.Registry::new)
                .orElseGet(() -> npm.registry(provenance, environment, deadline));
        return switch (asked) {
            case NpmDefaultRegistry.Resolution.Unknown(String why) ->
                new Resolution.Ambiguous(UncheckableReason.NO_PROGRAM, why);
            case NpmDefaultRegistry.Resolution.Registry(String written) -> known(written, options, environment);
        };
    }

    private Resolution known(String written, Map<String, String> options, Map<String, String> environment) {
        Optional<URI> address = PythonIndex.address(written).filter(uri -> !"file".equalsIgnoreCase(uri.getScheme()));
        if (address.isEmpty()) {
            return new Resolution.Ambiguous(
                    "npm's registry URL is invalid (%s).".formatted(UntrustedText.quotation(written)));
        }
        Optional<Optional<Instant>> cutOff = PythonIndexes.moment(before(options), clock);
        if (cutOff.isEmpty()) {
            return new Resolution.Ambiguous("npm's `before` setting is not a valid time.");
        }
        return new Resolution.Found(new Registry(
                address.get(),
                authorization(address.get(), options),
                cutOff.get().or(() -> age(options)),
                way(environment, options)));
    }

    /// npm reads a day as its first moment in UTC, as JavaScript does.
    private static Optional<String> before(Map<String, String> options) {
        return Optional.ofNullable(options.get("before"))
                .map(String::strip)
                .map(text -> text.matches("\\d{4}-\\d{2}-\\d{2}") ? text + "T00:00:00Z" : text);
    }

    private Optional<Instant> age(Map<String, String> options) {
        return Optional.ofNullable(options.get("min-release-age"))
                .filter(days -> days.matches("[1-9][0-9]{0,3}"))
                .map(days -> clock.instant().minus(Duration.ofDays(Long.parseLong(days))));
    }

    private static NetworkSettings way(Map<String, String> environment, Map<String, String> options) {
        Optional<URI> http = proxy(options, "proxy").or(() -> proxy(options, "http-proxy"));
        Optional<URI> https = proxy(options, "https-proxy").or(() -> http);
        return NetworkSettings.of(environment)
                .withProxy("http", http)
                .withProxy("https", https)
                .withNoProxy(Optional.ofNullable(options.get("noproxy")).filter(text -> !text.isBlank()))
                .withExtraCaBundle(Optional.ofNullable(environment.get("NODE_EXTRA_CA_CERTS"))
                        .flatMap(NetworkSettings::file))
                .withCaBundle(Optional.ofNullable(options.get("cafile")).flatMap(NetworkSettings::file));
    }

    private static Optional<URI> proxy(Map<String, String> options, String key) {
        return Optional.ofNullable(options.get(key))
                .filter(text -> !text.isBlank() && !text.equals("null") && !text.equals("false"))
                .flatMap(NetworkSettings::address);
    }

    /// The credentials of the longest matching `//host/path/` (npm documentation, "auth related
    /// configuration").
    private static Optional<String> authorization(URI registry, Map<String, String> options) {
        String place = "//" + registry.getRawAuthority().replaceFirst("^[^@]*@", "")
                + Optional.ofNullable(registry.getRawPath()).orElse("").replaceFirst("/*$", "/");
        while (place.length() > 2) {
            String here = place;
            Optional<String> found = secret(options, here + ":_authToken")
                    .map(token -> "Bearer " + token)
                    .or(() -> secret(options, here + ":_auth").map(pair -> "Basic " + pair))
                    .or(() -> secret(options, here + ":username")
                            .flatMap(user -> secret(options, here + ":_password")
                                    .flatMap(NpmConfiguration::decoded)
                                    .map(password -> "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString((user + ":" + password)
                                                            .getBytes(StandardCharsets.UTF_8)))));
            if (found.isPresent()) {
                return found;
            }
            int cut = place.lastIndexOf('/', place.length() - 2);
            place = cut < 2 ? "" : place.substring(0, cut + 1);
        }
        return Optional.empty();
    }

    private static Optional<String> secret(Map<String, String> options, String key) {
        return Optional.ofNullable(options.get(key))
                .or(() -> Optional.ofNullable(options.get(key.replaceFirst("/:", ":"))))
                // A line break could inject a header.
                .filter(value -> !value.isBlank() && value.chars().noneMatch(Character::isISOControl));
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, String> options(Provenance provenance, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("npm_config_") && !value.isEmpty()) {
                String key = name.substring("npm_config_".length());
                // Underscores mean dashes, except in keys with a host or a scope.
                variables.put(
                        key.startsWith("//") || key.startsWith("@")
                                ? key
                                : key.toLowerCase(Locale.ROOT).replace('_', '-'),
                        value.strip());
            }
        });
        Map<String, String> options = new HashMap<>();
        Path user = Optional.ofNullable(variables.get("userconfig"))
                .flatMap(NetworkSettings::file)
                .orElseGet(() -> directories.home().resolve(".npmrc"));
        List<Path> files = new ArrayList<>(global(provenance, variables));
        files.add(user);
        for (Path file : files) {
            IniFile.read(file)
                    .section("")
                    .forEach((key, value) -> options.put(key, expanded(unquoted(value), environment)));
        }
        options.putAll(variables);
        return options;
    }

    /// `PREFIX/etc/npmrc`; a distribution's npm in `/usr` has it in `/etc`.
    private static List<Path> global(Provenance provenance, Map<String, String> variables) {
        Optional<Path> named =
                Optional.ofNullable(variables.get("globalconfig")).flatMap(NetworkSettings::file);
        if (named.isPresent()) {
            return List.of(named.get());
        }
        List<Path> files = new ArrayList<>();
        Path node = provenance.runtime().program();
        Optional.ofNullable(node.getParent()).map(Path::getParent).ifPresent(prefix -> {
            files.add(prefix.equals(Path.of("/usr")) ? Path.of("/etc/npmrc") : prefix.resolve("etc/npmrc"));
        });
        NpmDefaultRegistry.modules(provenance)
                .map(modules -> modules.resolve("../../etc/npmrc").normalize())
                .ifPresent(files::add);
        return files;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String expanded(String value, Map<String, String> environment) {
        return VARIABLE.matcher(value)
                .replaceAll(match -> Matcher.quoteReplacement(Optional.ofNullable(environment.get(match.group(1)))
                        .orElse(match.group(2).isEmpty() ? match.group() : "")));
    }

    private static boolean isOn(Map<String, String> options, String key) {
        return options.getOrDefault(key, "").equals("true");
    }
}
