package io.github.lamplighter.release;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.Reason;
import io.github.lamplighter.release.Verdict.SkippedRelease;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.SemVer;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// The registry in npm's configuration (npm documentation, "Package metadata"). Fetches the short metadata of a
/// package, and the long one only if release times are needed.
final class NpmReleases {

    private static final String SHORT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8";
    private static final String LONG = "application/json";

    private final HttpFetcher documents;
    private final NpmConfiguration configuration;
    private final Releases.Access access;

    NpmReleases(ProcessRunner runner, HttpFetcher documents, Releases.Access access) {
        this.documents = documents;
        this.configuration = new NpmConfiguration(
                access.directories(),
                access.ownClock(),
                new NpmDefaultRegistry(runner, access.directories(), access.clock()));
        this.access = access;
    }

    /// One version of a package.
    ///
    /// @param node `engines.node`, or empty
    /// @param deprecated the deprecation message, or empty
    private record Published(SemVer version, String node, String deprecated) {}

    /// The metadata of a package that is used.
    ///
    /// @param tags from `latest`, `next`, … to a version
    /// @param times release time of each version; empty in the short metadata
    /// @param same the metadata of the installed version, if published
    private record Known(
            TreeMap<SemVer, Published> versions,
            Map<String, String> tags,
            Map<String, OffsetDateTime> times,
            Optional<JsonNode> same) {}

    private sealed interface Answer {
        record Package(Known known, NpmConfiguration.Registry registry, Deadline deadline) implements Answer {}

        /// No such package.
        record NotThere(String host) implements Answer {}

        record NoAnswer(NotCheckable gap) implements Answer {
            NoAnswer(UncheckableReason uncheckableReason, String why) {
                this(new NotCheckable(uncheckableReason, why));
            }
        }
    }

    Verdict verdict(Provenance provenance, Map<String, String> variables) {
        if (!(Version.parse(Version.Scheme.SEMVER, provenance.version()) instanceof SemVer installed)) {
            return new NotCheckable(
                    UncheckableReason.NO_ORDER,
                    "The installed version %s is not a valid npm version.".formatted(provenance.version()));
        }
        if (provenance.installRequest().pinned().isPresent()) {
            return new Verdict.Pinned(provenance.installRequest().pinned().get());
        }
        return switch (ask(provenance, variables)) {
            case Answer.NoAnswer(var gap) -> gap;
            case Answer.NotThere(var host) ->
                new NotCheckable(
                        UncheckableReason.NOT_THERE,
                        "%s has no package %s. It may be private, removed, or installed from another source."
                                .formatted(host, provenance.packageName()),
                        Releases.declaring(provenance));
            case Answer.Package answer -> compared(provenance, installed, answer);
        };
    }

    Releases.Choice named(Provenance provenance, Map<String, String> variables, String wanted) {
        if (!(Version.parse(Version.Scheme.SEMVER, wanted) instanceof SemVer version)) {
            return new Releases.Choice.NotThere("%s is not a valid npm version.".formatted(wanted));
        }
        Releases.Choice absent = new Releases.Choice.NotThere(
                "The registry has no version %s of %s.".formatted(wanted, provenance.packageName()));
        return switch (ask(provenance, variables)) {
            case Answer.NoAnswer(var gap) -> new Releases.Choice.NotThere(gap.sentence());
            case Answer.NotThere _ -> absent;
            case Answer.Package answer ->
                Optional.ofNullable(answer.known().versions().get(version))
                        .<Releases.Choice>map(found -> new Releases.Choice.Found(
                                new UpgradeTarget.IndexVersion(found.version().text())))
                        .orElse(absent);
        };
    }

    private Verdict compared(Provenance provenance, SemVer installed, Answer.Package answer) {
        Known known = answer.known();
        Optional<SemVer> tagged = Optional.ofNullable(known.tags().get("latest"))
                .map(text -> Version.parse(Version.Scheme.SEMVER, text))
                .filter(SemVer.class::isInstance)
                .map(SemVer.class::cast)
                .filter(known.versions()::containsKey);
        if (tagged.isEmpty()) {
            return new NotCheckable(UncheckableReason.NO_SENSE, "The registry has no `latest` version.");
        }
        SemVer latest = tagged.get();
        if (!known.versions().containsKey(installed) && latest.compareTo(installed) > 0) {
            // npm doesn't record that a package came from git or a tarball, but such a version is often not
            // published.
            return new NotCheckable(
                    UncheckableReason.ELSEWHERE,
                    "The registry doesn't have version %s. It may have been unpublished, or installed from another source."
                            .formatted(provenance.version()),
                    Releases.declaring(provenance));
        }
        Optional<String> difference = latest.compareTo(installed) > 0
                ? known.same().flatMap(published -> difference(provenance, published))
                : Optional.empty();
        if (difference.isPresent()) {
            return new NotCheckable(
                    UncheckableReason.ELSEWHERE,
                    "Version %s in the registry differs from the installed one (`%s` in package.json). It may have been installed from another source, or changed locally."
                            .formatted(provenance.version(), difference.get()),
                    Releases.declaring(provenance));
        }
        List<Published> candidates = known.versions().values().stream()
                .filter(release ->
                        release.version().compareTo(installed) > 0 && mayBe(release.version(), installed, latest))
                .toList();
        Map<String, OffsetDateTime> times = candidates.isEmpty() ? Map.of() : times(provenance, answer);
        Map<Reason, SkippedRelease> reasons = new EnumMap<>(Reason.class);
        List<SkippedRelease> inOrder = new ArrayList<>();
        for (Published release : candidates) {
            String version = release.version().text();
            Optional<SkippedRelease> obstacle = obstacle(
                    provenance,
                    release,
                    Optional.ofNullable(times.get(version)).map(OffsetDateTime::toInstant),
                    answer.registry());
            if (obstacle.isEmpty()) {
                return new Verdict.Outdated(
                        new UpgradeTarget.IndexVersion(version), Optional.ofNullable(times.get(version)), inOrder);
            }
            if (reasons.putIfAbsent(obstacle.get().reason(), obstacle.get()) == null) {
                inOrder.add(obstacle.get());
            }
        }
        return latest.compareTo(installed) < 0
                ? new Verdict.Ahead(latest.text())
                : new Verdict.Current(provenance.version(), inOrder);
    }

    /// The first key in which the installed package.json differs from the published one of the same version: a
    /// package from a repository or an archive can have the number of a published version. Publishing doesn't
    /// change these keys; only optional dependencies may be listed twice.
    private static Optional<String> difference(Provenance provenance, JsonNode published) {
        if (!(JsonFile.read(provenance.environment().resolve("package.json"), JsonFile.Form.NPM)
                instanceof JsonFile.Content.Present(JsonNode installed))) {
            return Optional.empty();
        }
        for (String key : List.of("dependencies", "bin")) {
            Set<String> here = names(installed, key, provenance);
            Set<String> there = names(published, key, provenance);
            Set<String> optional = names(installed, "optionalDependencies", provenance);
            here.removeAll(optional);
            there.removeAll(optional);
            if (!here.equals(there)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /// Dependencies as `name range`; for programs only the names, because their paths have several spellings.
    private static Set<String> names(JsonNode json, String key, Provenance provenance) {
        JsonNode value = json.path(key);
        Set<String> names = new TreeSet<>();
        if (value.isString()) {
            names.add(provenance.packageName().replaceFirst("^@[^/]*/", ""));
        }
        value.properties()
                .forEach(entry -> names.add(
                        key.equals("bin")
                                ? entry.getKey()
                                : entry.getKey() + " " + entry.getValue().asString("")));
        return names;
    }

    /// Final versions up to the tag `latest`; later ones are not meant for everyone yet. An installed
    /// pre-release also follows the pre-releases of the same version and kind.
    private static boolean mayBe(SemVer version, SemVer installed, SemVer latest) {
        boolean follows = !installed.isFinal()
                && !version.isFinal()
                && version.sameCore(installed)
                && version.prerelease().getFirst().equals(installed.prerelease().getFirst());
        return follows || version.compareTo(latest) == 0 || (version.isFinal() && version.compareTo(latest) < 0);
    }

    private Optional<SkippedRelease> obstacle(
            Provenance provenance, Published release, Optional<Instant> published, NpmConfiguration.Registry registry) {
        String text = release.version().text();
        String source = "npm view %s@%s".formatted(provenance.packageName(), text);
        if (!release.deprecated().isEmpty()) {
            return Optional.of(new SkippedRelease(
                    text,
                    Reason.WITHDRAWN,
                    text + " was withdrawn by its authors",
                    new Evidence(source, "deprecated: " + UntrustedText.quotation(release.deprecated()))));
        }
        String specifier = provenance.installRequest().specifier();
        Optional<VersionRange> wanted = Releases.nonEmpty(specifier).flatMap(VersionRange::npm);
        if (wanted.isPresent() && !wanted.get().accepts(release.version())) {
            return Optional.of(new SkippedRelease(
                    text,
                    Reason.CONSTRAINT,
                    text + " is outside the requested version range",
                    new Evidence("npm", "installed as %s@%s".formatted(provenance.packageName(), specifier))));
        }
        if (!runs(provenance, release)) {
            return Optional.of(new SkippedRelease(
                    text,
                    Reason.RUNTIME,
                    "%s needs Node %s (installed: %s)"
                            .formatted(
                                    text,
                                    UntrustedText.quotation(release.node()),
                                    provenance.runtime().version()),
                    UntrustedText.quotation(release.node()),
                    new Evidence(source, "engines.node " + UntrustedText.quotation(release.node()))));
        }
        if (registry.cutOff().isPresent()
                && published.filter(at -> at.isAfter(registry.cutOff().get())).isPresent()) {
            return Optional.of(new SkippedRelease(
                    text,
                    Reason.CUT_OFF,
                    text + " is newer than the configured cutoff",
                    new Evidence(
                            "npm config before",
                            "%s; %s was published %s"
                                    .formatted(
                                            PythonReleases.seconds(
                                                    registry.cutOff().get()),
                                            text,
                                            PythonReleases.seconds(published.get())))));
        }
        return published.flatMap(at -> PythonReleases.tooYoung(text, at, access, source));
    }

    private static boolean runs(Provenance provenance, Published release) {
        Optional<VersionRange> range = Releases.nonEmpty(release.node()).flatMap(VersionRange::engines);
        Version node = Version.parse(Version.Scheme.SEMVER, provenance.runtime().version());
        return range.isEmpty() || !(node instanceof SemVer) || range.get().accepts(node);
    }

    /// Best effort: without the release times, the versions are still known.
    private Map<String, OffsetDateTime> times(Provenance provenance, Answer.Package answer) {
        if (!answer.known().times().isEmpty()) {
            return answer.known().times();
        }
        return fetch(provenance, answer.registry(), LONG, answer.deadline()) instanceof Answer.Package more
                ? more.known().times()
                : Map.of();
    }

    private Answer ask(Provenance provenance, Map<String, String> variables) {
        Deadline deadline = Deadline.in(access.limit());
        return switch (configuration.registry(provenance, access.with(variables), deadline)) {
            case NpmConfiguration.Resolution.Ambiguous(var uncheckableReason, var why) ->
                new Answer.NoAnswer(uncheckableReason, why);
            case NpmConfiguration.Resolution.Found(var registry) -> fetch(provenance, registry, SHORT, deadline);
        };
    }

    private Answer fetch(Provenance provenance, NpmConfiguration.Registry registry, String accept, Deadline deadline) {
        String host = HttpFetcher.host(registry.address());
        URI address = URI.create(registry.address().toString().replaceFirst("/*$", "/")
                + provenance.packageName().replace("/", "%2f"));
        return switch (documents.get(address, accept, registry.authorization(), registry.networkSettings(), deadline)) {
            case HttpFetcher.NotThere() -> new Answer.NotThere(host);
            case HttpFetcher.NoAnswer(var gap) -> new Answer.NoAnswer(signingIn(gap, registry));
            case HttpFetcher.Document document -> {
                try (InputStream in = document.open();
                        JsonParser parser = JsonFile.MAPPER.createParser(in)) {
                    yield read(parser, provenance.version())
                            .<Answer>map(known -> new Answer.Package(known, registry, deadline))
                            .orElseGet(() -> new Answer.NoAnswer(
                                    UncheckableReason.NO_SENSE, "%s did not return package metadata.".formatted(host)));
                } catch (IOException | JacksonException e) {
                    yield new Answer.NoAnswer(
                            UncheckableReason.NO_SENSE, "%s sent a response that can't be parsed.".formatted(host));
                }
            }
        };
    }

    /// `npm login` writes to the file that is read here.
    private static NotCheckable signingIn(NotCheckable gap, NpmConfiguration.Registry registry) {
        return gap.uncheckableReason() == UncheckableReason.SIGN_IN
                ? new NotCheckable(
                        gap.uncheckableReason(),
                        gap.why(),
                        Optional.of(Command.of(
                                        Duration.ZERO,
                                        "npm",
                                        "login",
                                        "--registry",
                                        HttpFetcher.withoutCredentials(registry.address())
                                                .toString())
                                .line()))
                : gap;
    }

    /// Parsed as a stream, because long metadata can have 40 MB.
    private static Optional<Known> read(JsonParser parser, String installed) {
        TreeMap<SemVer, Published> versions = new TreeMap<>(Comparator.reverseOrder());
        Map<String, String> tags = new HashMap<>();
        Map<String, OffsetDateTime> times = new HashMap<>();
        Optional<JsonNode> same = Optional.empty();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
            if (isObject && key.equals("versions")) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String text = parser.currentName();
                    parser.nextToken();
                    JsonNode version = parser.readValueAsTree();
                    if (text.equals(installed)) {
                        same = Optional.of(version);
                    }
                    published(text, version).ifPresent(found -> versions.put(found.version(), found));
                }
            } else if (isObject && key.equals("dist-tags")) {
                JsonNode values = parser.readValueAsTree();
                values.properties()
                        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString("")));
            } else if (isObject && key.equals("time")) {
                JsonNode values = parser.readValueAsTree();
                values.properties()
                        .forEach(time -> PythonIndex.time(time.getValue().asString(""))
                                .ifPresent(at -> times.put(time.getKey(), at)));
            } else {
                parser.skipChildren();
            }
        }
        return versions.isEmpty() ? Optional.empty() : Optional.of(new Known(versions, tags, times, same));
    }

    private static Optional<Published> published(String text, JsonNode version) {
        JsonNode deprecated = version.path("deprecated");
        String why = deprecated.isString() ? deprecated.asString() : deprecated.asBoolean(false) ? "true" : "";
        return Version.parse(Version.Scheme.SEMVER, text) instanceof SemVer parsed
                ? Optional.of(new Published(
                        parsed, version.path("engines").path("node").asString(""), why))
                : Optional.empty();
    }
}
