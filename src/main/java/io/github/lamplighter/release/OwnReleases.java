package io.github.lamplighter.release;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.SkippedRelease;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.SemVer;
import io.github.lamplighter.version.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Lamplighter's own releases: the feed that was given to this build (docs/schemas/releases-1.json), if its signature
/// matches the key that was given with it. The feed has the sums of the packages, so the signature vouches for them.
final class OwnReleases {

    /// No package of Lamplighter comes near this.
    static final long MOST_BYTES = 1024L * 1024 * 1024;

    static final String SCHEMA = "lamplighter.releases/1";

    private static final String JSON = "application/json; q=1.0, */*; q=0.5";
    /// A download that receives nothing for so long has failed.
    private static final Duration STALLED = Duration.ofSeconds(30);

    private static final String ANYTHING = "*/*";
    private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SEGMENTS = Pattern.compile("[\\w.+~-]+(?:/[\\w.+~-]+)*");

    private final HttpFetcher documents;
    private final Releases.Access access;

    OwnReleases(HttpFetcher documents, Releases.Access access) {
        this.documents = documents;
        this.access = access;
    }

    /// A release that has a package of the wanted kind.
    private record OwnRelease(
            SemVer version, Optional<OffsetDateTime> publishedAt, UpgradeTarget.ReleaseArchive archive) {}

    private sealed interface Answer {
        record Published(List<OwnRelease> releases) implements Answer {}

        record NoAnswer(NotCheckable gap) implements Answer {
            NoAnswer(UncheckableReason uncheckableReason, String why) {
                this(new NotCheckable(uncheckableReason, why));
            }
        }
    }

    Verdict verdict(Origin.ReleaseFeed feed, Provenance provenance) {
        if (!(Version.parse(Version.Scheme.SEMVER, provenance.version()) instanceof SemVer installed)) {
            return new NotCheckable(
                    UncheckableReason.NO_ORDER,
                    "The installed version %s cannot be compared.".formatted(provenance.version()));
        }
        return switch (ask(feed)) {
            case Answer.NoAnswer(var gap) -> gap;
            case Answer.Published(var releases) -> compared(releases, installed, feed);
        };
    }

    /// A version by name. An older one is installed by a rollback only, with the files that are still there.
    Releases.Choice named(Origin.ReleaseFeed feed, Provenance provenance, String wanted) {
        return switch (ask(feed)) {
            case Answer.NoAnswer(var gap) -> new Releases.Choice.NotThere(gap.sentence());
            case Answer.Published(var releases) ->
                releases.stream()
                        .filter(release -> release.version().text().equals(wanted))
                        .findFirst()
                        .map(release ->
                                Version.parse(Version.Scheme.SEMVER, provenance.version()) instanceof SemVer installed
                                                && release.version().compareTo(installed) <= 0
                                        ? new Releases.Choice.NotThere(
                                                "%s is not newer than %s. To go back, run `lamplighter rollback lamplighter`."
                                                        .formatted(wanted, provenance.version()))
                                        : new Releases.Choice.Found(release.archive()))
                        .orElseGet(() -> new Releases.Choice.NotThere(
                                "The release feed has no version %s for %s.".formatted(wanted, feed.platform())));
        };
    }

    /// Downloads a package, or continues a download.
    ArchiveDownload.Result download(UpgradeTarget.ReleaseArchive archive, Path target, LongConsumer progress)
            throws InterruptedException {
        try {
            return new ArchiveDownload(documents.client(network()), STALLED)
                    .run(URI.create(archive.url()), target, archive.size(), archive.sha256(), progress);
        } catch (IOException | GeneralSecurityException e) {
            return new ArchiveDownload.Result.Failed("Could not read the CA certificates: %s."
                    .formatted(UntrustedText.quotation(String.valueOf(e.getMessage()))));
        }
    }

    private NetworkSettings network() {
        return NetworkSettings.of(access.environment())
                .withCaBundle(NetworkSettings.variable(access.environment(), "SSL_CERT_FILE")
                        .flatMap(NetworkSettings::file));
    }

    private Verdict compared(List<OwnRelease> releases, SemVer installed, Origin.ReleaseFeed feed) {
        List<OwnRelease> offered = releases.stream()
                .filter(release -> release.version().isFinal() || !installed.isFinal())
                .sorted(Comparator.comparing(OwnRelease::version).reversed())
                .toList();
        if (offered.isEmpty()) {
            return new NotCheckable(
                    UncheckableReason.NOT_THERE,
                    "The release feed has no %s package for %s.".formatted(feed.kind(), feed.platform()));
        }
        SemVer newest = offered.getFirst().version();
        if (newest.compareTo(installed) < 0) {
            return new Verdict.Ahead(newest.text());
        }
        List<SkippedRelease> young = new ArrayList<>();
        for (OwnRelease release : offered) {
            if (release.version().compareTo(installed) <= 0) {
                break;
            }
            Optional<SkippedRelease> tooYoung = release.publishedAt()
                    .flatMap(at ->
                            PythonReleases.tooYoung(release.version().text(), at.toInstant(), access, feed.url()));
            if (tooYoung.isEmpty()) {
                return new Verdict.Outdated(
                        release.archive(),
                        release.publishedAt(),
                        young.stream().limit(1).toList());
            }
            young.add(tooYoung.get());
        }
        return new Verdict.Current(installed.text(), young.stream().limit(1).toList());
    }

    private Answer ask(Origin.ReleaseFeed feed) {
        if (!access.own()) {
            return new Answer.NoAnswer(new NotCheckable(
                    UncheckableReason.TURNED_OFF,
                    "Update checks for Lamplighter are turned off.",
                    Optional.of("lamplighter settings set updates.lamplighter on")));
        }
        Optional<URI> address = address(feed.url());
        if (address.isEmpty()) {
            return new Answer.NoAnswer(
                    UncheckableReason.NEVER_ASKED,
                    "The release feed of this build has no https URL: %s."
                            .formatted(UntrustedText.quotation(feed.url())));
        }
        NetworkSettings network = network();
        Deadline deadline = Deadline.in(access.limit());
        return switch (documents.get(address.get(), JSON, Optional.empty(), network, deadline)) {
            case HttpFetcher.NoAnswer(var gap) -> new Answer.NoAnswer(gap);
            case HttpFetcher.NotThere _ ->
                new Answer.NoAnswer(
                        UncheckableReason.NOT_THERE,
                        "%s has no release feed at this URL.".formatted(HttpFetcher.host(address.get())));
            case HttpFetcher.Document content ->
                switch (documents.get(
                        URI.create(address.get() + ".sig"), ANYTHING, Optional.empty(), network, deadline)) {
                    case HttpFetcher.NoAnswer(var gap) -> new Answer.NoAnswer(gap);
                    case HttpFetcher.NotThere _ ->
                        new Answer.NoAnswer(
                                UncheckableReason.WRONG_SIGNATURE,
                                "The release feed at %s is not signed.".formatted(HttpFetcher.host(address.get())));
                    case HttpFetcher.Document signature -> verified(feed, address.get(), content, signature);
                };
        };
    }

    /// Nothing of the feed is read before its signature is known to be right.
    private static Answer verified(
            Origin.ReleaseFeed feed, URI address, HttpFetcher.Document content, HttpFetcher.Document signature) {
        String host = HttpFetcher.host(address);
        try {
            byte[] bytes = content.open().readAllBytes();
            if (!ReleaseSignature.matches(feed.key(), bytes, signature.open().readAllBytes())) {
                return new Answer.NoAnswer(
                        UncheckableReason.WRONG_SIGNATURE,
                        "The signature of the release feed at %s is wrong.".formatted(host));
            }
            return parse(feed, address, JsonFile.MAPPER.readTree(bytes));
        } catch (IOException | JacksonException e) {
            return damaged(host, "it is not valid JSON");
        }
    }

    private static Answer damaged(String host, String why) {
        return new Answer.NoAnswer(
                UncheckableReason.NO_SENSE, "The release feed at %s is damaged: %s.".formatted(host, why));
    }

    private static Answer parse(Origin.ReleaseFeed feed, URI address, JsonNode json) {
        String host = HttpFetcher.host(address);
        if (!json.path("schema").asString("").equals(SCHEMA)
                || !json.path("releases").isArray()) {
            return damaged(host, "it is not in the form `%s`".formatted(SCHEMA));
        }
        List<OwnRelease> releases = new ArrayList<>();
        for (JsonNode release : json.path("releases")) {
            String text = release.path("version").asString("");
            // The version becomes a folder's name; SemVer allows no separators.
            if (!(Version.parse(Version.Scheme.SEMVER, text) instanceof SemVer version)
                    || !Character.isDigit(text.charAt(0))
                    || text.length() > 64) {
                return damaged(host, "%s is not a version".formatted(UntrustedText.quotation(text)));
            }
            for (JsonNode file : release.path("files")) {
                // Other kinds are for other installations, and may have a form of their own.
                if (!file.path("kind").asString("").equals(feed.kind())
                        || !file.path("platform").asString("").equals(feed.platform())) {
                    continue;
                }
                Optional<String> problem = problem(file, address);
                if (problem.isPresent()) {
                    return damaged(host, "the package of %s has %s".formatted(text, problem.get()));
                }
                releases.add(new OwnRelease(
                        version,
                        published(release),
                        new UpgradeTarget.ReleaseArchive(
                                text,
                                packageAddress(file, address).orElseThrow().toString(),
                                file.path("size").asLong(),
                                file.path("sha256").asString("").toLowerCase(Locale.ROOT))));
            }
        }
        return new Answer.Published(releases);
    }

    private static Optional<String> problem(JsonNode file, URI feed) {
        if (packageAddress(file, feed).isEmpty()) {
            return Optional.of("a URL that is not allowed (%s)"
                    .formatted(UntrustedText.quotation(file.path("url").asString(""))));
        }
        if (!SUM.matcher(file.path("sha256").asString("").toLowerCase(Locale.ROOT))
                .matches()) {
            return Optional.of("no valid SHA-256 sum");
        }
        if (!file.path("size").isIntegralNumber() || file.path("size").asLong(0) <= 0) {
            return Optional.of("no valid size");
        }
        long size = file.path("size").asLong(Long.MAX_VALUE);
        return size > MOST_BYTES
                ? Optional.of(
                        "%d MB, and at most %d MB are allowed".formatted(size / 1_000_000, MOST_BYTES / 1_000_000))
                : Optional.empty();
    }

    /// A name beside or below the feed, or a whole URL; never one that leaves the feed's folder by `..`.
    private static Optional<URI> packageAddress(JsonNode file, URI feed) {
        String url = file.path("url").asString("");
        if (url.contains("://")) {
            return address(url);
        }
        boolean plain = SEGMENTS.matcher(url).matches()
                && List.of(url.split("/", -1)).stream().noneMatch(part -> part.equals("..") || part.equals("."));
        return plain ? Optional.of(feed.resolve(url)) : Optional.empty();
    }

    /// https, or http on this computer, without credentials.
    private static Optional<URI> address(String url) {
        try {
            URI address = URI.create(url);
            boolean secure = "https".equalsIgnoreCase(address.getScheme())
                    || ("http".equalsIgnoreCase(address.getScheme()) && isLoopback(address));
            return Optional.of(address)
                    .filter(_ -> secure)
                    .filter(given -> given.getHost() != null
                            && given.getRawUserInfo() == null
                            && given.getRawQuery() == null
                            && given.getRawFragment() == null);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Only an address is accepted: a name could be resolved to anything.
    private static boolean isLoopback(URI address) {
        String host = Optional.ofNullable(address.getHost()).orElse("");
        try {
            return host.matches("[0-9.]+|\\[[0-9a-fA-F:]+\\]")
                    && InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Optional<OffsetDateTime> published(JsonNode release) {
        try {
            return Optional.of(release.path("published").asString(""))
                    .filter(text -> !text.isEmpty())
                    .map(OffsetDateTime::parse);
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
