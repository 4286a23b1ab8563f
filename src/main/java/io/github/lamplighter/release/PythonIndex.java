package io.github.lamplighter.release;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.Pep440;
import io.github.lamplighter.version.Version;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// The files of one package on one Python index (packaging.python.org, "Simple repository API"): JSON (PEP 691,
/// with the upload times of PEP 700) or HTML (PEP 503), whichever the index returns; with yanked files (PEP
/// 592).
final class PythonIndex {

    private static final String JSON = "application/vnd.pypi.simple.v1+json";
    private static final String ACCEPT = JSON + ", application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

    private static final Pattern ANCHOR =
            Pattern.compile("<a\\s+([^>]*)>(.*?)</a\\s*>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern ATTRIBUTE =
            Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+)))?");
    private static final Pattern ENTITY = Pattern.compile("&(#x?[0-9A-Fa-f]+|lt|gt|amp|quot|apos);");
    private static final Pattern FILE = Pattern.compile("\\.(?:whl|egg|exe|rpm|zip|tgz|tar\\.(?:gz|bz2|xz))$");
    private static final Pattern MAJOR = Pattern.compile("([0-9]+)\\..*");
    private static final List<String> SOURCES = List.of(".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz");
    private static final int MOST_METADATA_BYTES = 64 * 1024;
    private static final int MOST_PAGE_BYTES = 24 * 1024 * 1024;

    private final HttpFetcher documents;

    PythonIndex(HttpFetcher documents) {
        this.documents = documents;
    }

    /// One file of a release.
    ///
    /// @param requiresPython a specifier set, or empty
    /// @param yanked the reason if the file was yanked; it may be an empty text
    /// @param uploadedAt if the index provides it
    /// @param isLink from `find-links`, where no cutoff applies
    record Published(
            Pep440 version,
            String requiresPython,
            Optional<String> yanked,
            Optional<OffsetDateTime> uploadedAt,
            boolean isLink) {

        Published ofLink() {
            return new Published(version, requiresPython, yanked, uploadedAt, true);
        }
    }

    sealed interface Page {
        record Files(List<Published> files) implements Page {}

        /// The index does not have the package.
        record Absent() implements Page {}

        record NoAnswer(NotCheckable gap) implements Page {
            NoAnswer(UncheckableReason uncheckableReason, String why) {
                this(new NotCheckable(uncheckableReason, why));
            }
        }
    }

    /// @param name normalised (PEP 503)
    Page page(URI index, String name, NetworkSettings networkSettings, Deadline deadline) {
        if ("file".equalsIgnoreCase(index.getScheme())) {
            return local(index, name);
        }
        URI address = URI.create(index.toString().replaceFirst("/*$", "/") + name + "/");
        return switch (documents.get(address, ACCEPT, Optional.empty(), networkSettings, deadline)) {
            case HttpFetcher.NoAnswer(var gap) -> new Page.NoAnswer(signingIn(gap));
            case HttpFetcher.NotThere() -> new Page.Absent();
            case HttpFetcher.Document document -> read(document, name);
        };
    }

    /// The files of a package in a location of `find-links`: a folder, or a page with links. As for pip, a folder that
    /// doesn't exist has none.
    Page links(URI place, String name, NetworkSettings networkSettings, Deadline deadline) {
        if (!"file".equalsIgnoreCase(place.getScheme())) {
            return switch (documents.get(place, ACCEPT, Optional.empty(), networkSettings, deadline)) {
                case HttpFetcher.NoAnswer(var gap) -> new Page.NoAnswer(signingIn(gap));
                case HttpFetcher.NotThere() -> new Page.Absent();
                case HttpFetcher.Document document -> linked(read(document, name));
            };
        }
        try {
            Path path = Path.of(place);
            return Files.isRegularFile(path)
                    ? linked(html(Files.readString(path), name, UntrustedText.quotation(place.getPath())))
                    : linked(new Page.Files(folder(path, name)));
        } catch (IOException | IllegalArgumentException e) {
            return new Page.NoAnswer(
                    UncheckableReason.NO_SENSE,
                    "Could not read %s of `find-links`.".formatted(UntrustedText.quotation(place.toString())));
        }
    }

    private static Page linked(Page page) {
        return page instanceof Page.Files(var files)
                ? new Page.Files(files.stream().map(Published::ofLink).toList())
                : page;
    }

    private static List<Published> folder(Path folder, String name) throws IOException {
        List<Published> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                for (Path file : stream) {
                    version(String.valueOf(file.getFileName()), name)
                            .map(version -> new Published(
                                    version, requiresPython(file), Optional.empty(), Optional.empty(), true))
                            .ifPresent(files::add);
                }
            }
        }
        return files;
    }

    /// `Requires-Python` in the metadata of a wheel; empty for a source archive.
    private static String requiresPython(Path file) {
        if (!file.toString().endsWith(".whl")) {
            return "";
        }
        try (ZipFile wheel = new ZipFile(file.toFile())) {
            Optional<? extends ZipEntry> metadata = wheel.stream()
                    .filter(entry -> entry.getName().endsWith(".dist-info/METADATA"))
                    .findFirst();
            if (metadata.isEmpty()) {
                return "";
            }
            try (InputStream in = wheel.getInputStream(metadata.get())) {
                return new String(in.readNBytes(MOST_METADATA_BYTES), StandardCharsets.UTF_8)
                        .lines()
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> line.startsWith("Requires-Python:"))
                        .map(line -> line.substring("Requires-Python:".length()).strip())
                        .findFirst()
                        .orElse("");
            }
        } catch (IOException e) {
            return "";
        }
    }

    /// pip and uv also read credentials elsewhere; the hint names the one place that is read here.
    private static NotCheckable signingIn(NotCheckable gap) {
        return gap.uncheckableReason() == UncheckableReason.SIGN_IN
                ? new NotCheckable(
                        gap.uncheckableReason(),
                        gap.why().replaceFirst("\\.$", "; only credentials in the URL of the index are supported."))
                : gap;
    }

    /// An index as files (`pip download`, `dumb-pypi`): the folder's own `index.html`.
    private static Page local(URI index, String name) {
        try {
            Path folder = Path.of(URI.create(index.toString().replaceFirst("/*$", "/")))
                    .resolve(name);
            Path page = folder.resolve("index.html");
            if (!Files.isRegularFile(page)) {
                return Files.isDirectory(folder.resolveSibling("."))
                        ? new Page.Absent()
                        : new Page.NoAnswer(
                                UncheckableReason.NOT_REACHED,
                                "The index folder %s doesn't exist."
                                        .formatted(UntrustedText.quotation(index.getPath())));
            }
            return Files.size(page) > MOST_PAGE_BYTES
                    ? new Page.NoAnswer(UncheckableReason.NO_SENSE, "The index page %s is too large.".formatted(page))
                    : html(Files.readString(page), name, UntrustedText.quotation(index.getPath()));
        } catch (IOException | IllegalArgumentException e) {
            return new Page.NoAnswer(
                    UncheckableReason.NO_SENSE,
                    "Could not read the index %s.".formatted(UntrustedText.quotation(index.toString())));
        }
    }

    private static Page read(HttpFetcher.Document document, String name) {
        String host = HttpFetcher.host(document.address());
        try {
            if (document.type().equals(JSON) || document.type().equals("application/json")) {
                try (InputStream in = document.open();
                        JsonParser parser = JsonFile.MAPPER.createParser(in)) {
                    return json(parser, name, host);
                }
            }
            if (document.type().endsWith("html")) {
                return html(document.text(), name, host);
            }
            return new Page.NoAnswer(
                    UncheckableReason.NO_SENSE,
                    "%s did not return a list of files (%s)."
                            .formatted(host, UntrustedText.quotation(document.type())));
        } catch (IOException | JacksonException e) {
            return new Page.NoAnswer(
                    UncheckableReason.NO_SENSE, "%s sent a response that can't be parsed.".formatted(host));
        }
    }

    /// Parsed as a stream, because large projects have tens of thousands of files.
    private static Page json(JsonParser parser, String name, String host) {
        List<Published> files = new ArrayList<>();
        boolean isList = false;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return new Page.NoAnswer(UncheckableReason.NO_SENSE, "%s did not return a list of files.".formatted(host));
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (key) {
                case "files" -> {
                    isList = value == JsonToken.START_ARRAY;
                    while (isList && parser.nextToken() == JsonToken.START_OBJECT) {
                        JsonNode file = parser.readValueAsTree();
                        file(file, name).ifPresent(files::add);
                    }
                }
                case "meta" -> {
                    JsonNode meta = parser.readValueAsTree();
                    Matcher major = MAJOR.matcher(meta.path("api-version").asString(""));
                    if (major.matches() && !major.group(1).equals("1")) {
                        return new Page.NoAnswer(
                                UncheckableReason.NO_SENSE,
                                "%s uses an unsupported version of the index protocol (%s)."
                                        .formatted(
                                                host,
                                                UntrustedText.quotation(
                                                        meta.path("api-version").asString(""))));
                    }
                }
                case "project-status" -> {
                    JsonNode status = parser.readValueAsTree();
                    if (status.path("status").asString("").equals("quarantined")) {
                        return new Page.NoAnswer(
                                UncheckableReason.QUARANTINED, "%s has quarantined %s.".formatted(host, name));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        return isList
                ? new Page.Files(files)
                : new Page.NoAnswer(UncheckableReason.NO_SENSE, "%s did not return a list of files.".formatted(host));
    }

    private static Optional<Published> file(JsonNode file, String name) {
        JsonNode yanked = file.path("yanked");
        Optional<String> reason = yanked.isString()
                ? Optional.of(yanked.asString()).filter(text -> !text.isEmpty())
                : Optional.of("").filter(_ -> yanked.asBoolean(false));
        return version(file.path("filename").asString(""), name)
                .map(version -> new Published(
                        version,
                        file.path("requires-python").asString(""),
                        reason,
                        time(file.path("upload-time").asString("")),
                        false));
    }

    private static Page html(String page, String name, String whom) {
        List<Published> files = new ArrayList<>();
        boolean isList = page.contains("pypi:repository-version");
        Matcher anchors = ANCHOR.matcher(page);
        while (anchors.find()) {
            String href = "";
            String requires = "";
            Optional<String> yanked = Optional.empty();
            Matcher attributes = ATTRIBUTE.matcher(anchors.group(1));
            while (attributes.find()) {
                String value = unescaped(Optional.ofNullable(attributes.group(2))
                        .or(() -> Optional.ofNullable(attributes.group(3)))
                        .or(() -> Optional.ofNullable(attributes.group(4)))
                        .orElse(""));
                switch (attributes.group(1).toLowerCase(Locale.ROOT)) {
                    case "href" -> href = value;
                    case "data-requires-python" -> requires = value;
                    // Its presence counts, whatever its value.
                    case "data-yanked" -> yanked = Optional.of(value);
                    default -> {
                        // Hashes and signatures are checked by the package manager.
                    }
                }
            }
            String path = href.replaceFirst("[#?].*$", "");
            String last = decoded(path.substring(path.lastIndexOf('/') + 1));
            String text = unescaped(anchors.group(2).replaceAll("<[^>]*>", "")).strip();
            Published found = null;
            for (String filename : List.of(last, text)) {
                Optional<Pep440> version = version(filename, name);
                if (version.isPresent()) {
                    found = new Published(version.get(), requires, yanked, Optional.empty(), false);
                    break;
                }
            }
            Optional.ofNullable(found).ifPresent(files::add);
            isList |= found != null
                    || FILE.matcher(last).find()
                    || FILE.matcher(text).find();
        }
        // A sign-in page of a hotel network is HTML, too.
        return isList
                ? new Page.Files(files)
                : new Page.NoAnswer(
                        UncheckableReason.NO_SENSE, "%s returned a page that is not a list of files.".formatted(whom));
    }

    /// The version in the name of a wheel (`name-VERSION(-build)?-python-abi-platform.whl`) or a source archive
    /// (`name-VERSION.tar.gz`); empty for other files and other packages.
    static Optional<Pep440> version(String filename, String name) {
        if (filename.endsWith(".whl")) {
            String[] parts = filename.substring(0, filename.length() - 4).split("-", -1);
            return (parts.length == 5 || parts.length == 6)
                            && normalised(parts[0]).equals(name)
                    ? parsed(parts[1].replace('_', '-'))
                    : Optional.empty();
        }
        Optional<String> stem = SOURCES.stream()
                .filter(filename::endsWith)
                .findFirst()
                .map(end -> filename.substring(0, filename.length() - end.length()));
        if (stem.isEmpty()) {
            return Optional.empty();
        }
        String text = stem.get();
        for (int dash = text.indexOf('-'); dash > 0; dash = text.indexOf('-', dash + 1)) {
            if (normalised(text.substring(0, dash)).equals(name)) {
                return parsed(text.substring(dash + 1));
            }
        }
        return Optional.empty();
    }

    /// PEP 503.
    static String normalised(String name) {
        return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }

    /// The URL of an index, including credentials; empty if it is not supported.
    static Optional<URI> address(String text) {
        try {
            URI address = URI.create(text.strip());
            String scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            boolean usable = scheme.equals("file") || (scheme.matches("https?") && address.getHost() != null);
            return Optional.of(address).filter(_ -> usable);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Pep440> parsed(String text) {
        return Version.parse(Version.Scheme.PEP440, text) instanceof Pep440 version
                ? Optional.of(version)
                : Optional.empty();
    }

    static Optional<OffsetDateTime> time(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(OffsetDateTime.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String decoded(String path) {
        try {
            // A plus is literal in a path.
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    private static String unescaped(String text) {
        return ENTITY.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        switch (match.group(1)) {
                            case "lt" -> "<";
                            case "gt" -> ">";
                            case "amp" -> "&";
                            case "quot" -> "\"";
                            case "apos" -> "'";
                            default -> character(match.group(1).substring(1));
                        }));
    }

    private static String character(String number) {
        try {
            int point = number.startsWith("x") ? Integer.parseInt(number.substring(1), 16) : Integer.parseInt(number);
            return Character.isValidCodePoint(point) ? Character.toString(point) : "";
        } catch (NumberFormatException e) {
            return "";
        }
    }
}
