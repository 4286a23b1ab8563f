package io.github.lamplighter.installer.uv;

import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.installer.python.DirectUrl;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.Requirement;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// `uv-receipt.toml`, uv's record of a tool, with a component for each key that matters. The installed
/// commit of a repository is only in `direct_url.json`.
///
/// @param tool the requirement of the tool itself
/// @param others the requirements of `--with` and similar options
/// @param bounds number of constraints for other packages (`--constraints`, `--overrides`, `--excludes`)
/// @param ownBounds constraints of the tool itself: allowed versions by key
/// @param python the requested Python
/// @param programs the linked programs
/// @param search its options for the search of packages; a duration counts from now, as in uv
/// @param preReleases whether pre-releases of the tool are allowed
/// @param text the content of the file
record UvReceipt(
        ReceiptRequirement tool,
        List<ReceiptRequirement> others,
        int bounds,
        Map<String, String> ownBounds,
        Optional<String> python,
        List<EntryPoint> programs,
        SearchOptions search,
        boolean preReleases,
        String text) {

    static final String FILE = "uv-receipt.toml";

    private static final String CONSTRAINTS = "constraints";
    private static final String OVERRIDES = "overrides";

    private static final TomlMapper MAPPER = new TomlMapper();

    UvReceipt {
        others = List.copyOf(others);
        ownBounds = Collections.unmodifiableMap(new LinkedHashMap<>(ownBounds));
        programs = List.copyOf(programs);
    }

    /// The allowed versions of the tool: the requirement and the constraints; an override replaces both.
    String specifier() {
        String asked = tool.source() instanceof Source.Index(String specifier) ? specifier : "";
        String override = ownBounds.getOrDefault(OVERRIDES, "");
        return override.isEmpty()
                ? Stream.of(asked, ownBounds.getOrDefault(CONSTRAINTS, ""))
                        .filter(bound -> !bound.isEmpty())
                        .collect(Collectors.joining(","))
                : override;
    }

    /// The whole requirement as written.
    JsonNode table() {
        return MAPPER.readTree(text).path("tool");
    }

    /// One requirement.
    ///
    /// @param name normalised
    /// @param source of the package
    record ReceiptRequirement(String name, List<String> extras, Source source) {
        ReceiptRequirement {
            extras = List.copyOf(extras);
        }

        /// As on a command line.
        String line() {
            String start = name + Requirement.bracketed(extras);
            return switch (source) {
                case Source.Index(String specifier) -> start + specifier;
                case Source.Git git ->
                    start + " @ git+" + git.url()
                            + git.revision().map(name -> "@" + name).orElse("") + git.part();
                case Source.Archive(String url) -> start + " @ " + url;
                case Source.Directory(Path directory) -> start + " @ " + directory.toUri();
                case Source.Editable(Path directory) -> "-e " + directory;
            };
        }
    }

    sealed interface Source {
        record Index(String specifier) implements Source {}

        /// @param key `branch`, `tag` or `rev`; empty without a revision
        record Git(String url, String key, Optional<String> revision, Optional<String> subdirectory) implements Source {

            /// `#subdirectory=x`, or nothing.
            String part() {
                return subdirectory.map(folder -> "#subdirectory=" + folder).orElse("");
            }
        }

        record Archive(String url) implements Source {}

        record Directory(Path directory) implements Source {}

        record Editable(Path directory) implements Source {}
    }

    /// @param from its package, normalized; the tool if an older uv did not record it
    record EntryPoint(String name, Path installPath, String from) {}

    /// The result of reading the file.
    sealed interface Found {
        record Read(UvReceipt receipt) implements Found {}

        record Absent() implements Found {}

        /// @param what is wrong and where, as a phrase
        record Damaged(String what) implements Found {}
    }

    /// @param name of the tool, normalized: that of the folder
    static Found read(Path file, String name) {
        try {
            return new Found.Read(parse(Files.readString(file), name));
        } catch (NoSuchFileException e) {
            return new Found.Absent();
        } catch (IOException e) {
            return new Found.Damaged("it is not text");
        } catch (Malformed e) {
            return new Found.Damaged(e.what);
        }
    }

    /// The receipt for a stage, with another tag or exact version and another folder for links. uv removes the
    /// links in `install-path` when it upgrades, so a copy must not contain the user's own links.
    ///
    /// @param revision instead of the recorded tag of the tool
    /// @param specifier instead of the recorded bound of the tool
    String rewritten(Path bin, Optional<String> revision, Optional<String> specifier) {
        ObjectNode root = (ObjectNode) MAPPER.readTree(text);
        ObjectNode table = (ObjectNode) root.get("tool");
        ArrayNode asked = (ArrayNode) table.get("requirements");
        for (int i = 0; i < asked.size(); i++) {
            JsonNode one = asked.get(i);
            if (one instanceof ObjectNode entry
                    && Distribution.normalised(entry.path("name").asString("")).equals(tool.name())) {
                revision.ifPresent(
                        name -> entry.put("git", withRevision(entry.path("git").asString(""), name)));
                specifier.ifPresent(bound -> entry.put("specifier", bound));
            } else if (one.isString()
                    && Requirement.parse(one.stringValue()).name().equals(Optional.of(tool.name()))) {
                // The older form, one text.
                String start = tool.name() + Requirement.bracketed(tool.extras());
                if (specifier.isPresent()) {
                    asked.set(i, start + specifier.get());
                }
                if (revision.isPresent() && tool.source() instanceof Source.Git git) {
                    asked.set(i, start + " @ git+" + git.url() + "@" + revision.get());
                }
            }
        }
        table.get("entrypoints").forEach(entry -> {
            Path name = Path.of(entry.path("install-path").asString()).getFileName();
            ((ObjectNode) entry)
                    .put("install-path", bin.resolve(String.valueOf(name)).toString());
        });
        return MAPPER.writeValueAsString(root);
    }

    private static String withRevision(String git, String revision) {
        return git.replaceFirst("([?&])(rev|tag|branch)=[^&#]*", "$1$2=" + Matcher.quoteReplacement(revision));
    }

    private static UvReceipt parse(String text, String name) throws Malformed {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JacksonException e) {
            var place = e.getLocation();
            throw new Malformed(
                    place == null || place.getLineNr() < 1
                            ? "not TOML"
                            : "not TOML at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr()));
        }
        JsonNode table = root.path("tool");
        if (!table.isObject()) {
            throw new Malformed("the table [tool] is missing");
        }
        List<ReceiptRequirement> all = new ArrayList<>();
        for (JsonNode entry : list(table, "requirements")) {
            all.add(asked(entry, all.size()));
        }
        ReceiptRequirement tool = all.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Malformed("tool.requirements doesn't contain " + name));
        JsonNode options = table.path("options");
        int bounds = 0;
        Map<String, String> ownBounds = new LinkedHashMap<>();
        for (String key : List.of(CONSTRAINTS, OVERRIDES, "excludes")) {
            for (JsonNode entry : list(table, key)) {
                Optional<String> own = bound(entry, name);
                own.ifPresentOrElse(specifier -> ownBounds.merge(key, specifier, (a, b) -> a + "," + b), () -> {});
                bounds += own.isPresent() ? 0 : 1;
            }
        }
        return new UvReceipt(
                tool,
                all.stream().filter(one -> one != tool).toList(),
                bounds,
                ownBounds,
                text(table, "python"),
                entryPoints(table, name),
                search(table, name),
                text(options.path("prerelease-package"), name)
                        .or(() -> text(options, "prerelease"))
                        .filter("allow"::equals)
                        .isPresent(),
                text);
    }

    /// The versions in a constraint, if it is for the tool itself.
    private static Optional<String> bound(JsonNode entry, String name) {
        Requirement requirement = entry.isString()
                ? Requirement.parse(entry.stringValue())
                : new Requirement(
                        text(entry, "name").map(Distribution::normalised),
                        List.of(),
                        text(entry, "specifier").orElse(""),
                        Optional.empty());
        return requirement.name().equals(Optional.of(name))
                ? Optional.of(requirement.specifier()).filter(specifier -> !specifier.isEmpty())
                : Optional.empty();
    }

    private static ReceiptRequirement asked(JsonNode entry, int at) throws Malformed {
        String place = "tool.requirements[%d]".formatted(at);
        if (entry.isString()) {
            Requirement requirement = Requirement.parse(entry.stringValue());
            if (requirement.name().isEmpty()) {
                throw new Malformed("%s is `%s`, which is not a requirement".formatted(place, entry.stringValue()));
            }
            return new ReceiptRequirement(
                    requirement.name().get(),
                    requirement.extras(),
                    requirement.address().map(UvReceipt::address).orElse(new Source.Index(requirement.specifier())));
        }
        Optional<String> name = text(entry, "name");
        if (name.isEmpty()) {
            throw new Malformed(place + " contains no package name");
        }
        List<String> extras = new ArrayList<>();
        entry.path("extras").forEach(extra -> extras.add(extra.asString("")));
        return new ReceiptRequirement(Distribution.normalised(name.get()), extras, source(entry, place));
    }

    private static Source source(JsonNode entry, String place) throws Malformed {
        try {
            Optional<String> git = text(entry, "git");
            if (git.isPresent()) {
                return git(git.get());
            }
            Optional<String> editable = text(entry, "editable").or(() -> text(entry, "virtual"));
            if (editable.isPresent()) {
                return new Source.Editable(Path.of(editable.get()));
            }
            Optional<String> directory = text(entry, "directory");
            if (directory.isPresent()) {
                return new Source.Directory(Path.of(directory.get()));
            }
            Optional<String> archive = text(entry, "url")
                    .or(() -> text(entry, "path")
                            .map(path -> Path.of(path).toUri().toString()));
            return archive.<Source>map(Source.Archive::new)
                    .orElseGet(() -> new Source.Index(text(entry, "specifier").orElse("")));
        } catch (InvalidPathException e) {
            throw new Malformed(place + " contains an invalid path");
        }
    }

    /// `URL?subdirectory=…&lfs=…&(branch|tag|rev)=…`
    private static Source git(String text) {
        String[] parts = text.replaceFirst("#.*$", "").split("\\?", 2);
        String key = "";
        Optional<String> revision = Optional.empty();
        Optional<String> subdirectory = Optional.empty();
        for (String pair : parts.length > 1 ? parts[1].split("&") : new String[0]) {
            String[] words = pair.split("=", 2);
            String value = words.length > 1
                    ? URLDecoder.decode(
                            words[1].replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"),
                            StandardCharsets.UTF_8)
                    : "";
            switch (words[0]) {
                case "branch", "tag", "rev" -> {
                    key = words[0];
                    revision = Optional.of(value);
                }
                case "subdirectory" -> subdirectory = Optional.of(value);
                default -> {}
            }
        }
        return new Source.Git(parts[0], key, revision, subdirectory);
    }

    private static Source address(String address) {
        if (!address.startsWith("git+")) {
            return new Source.Archive(address);
        }
        String url = address.substring("git+".length()).replaceFirst("#.*$", "");
        int at = url.lastIndexOf('@');
        return at > url.indexOf("://") + 3 && at > url.lastIndexOf('/')
                ? new Source.Git(url.substring(0, at), "rev", Optional.of(url.substring(at + 1)), Optional.empty())
                : new Source.Git(url, "", Optional.empty(), Optional.empty());
    }

    private static List<EntryPoint> entryPoints(JsonNode table, String name) throws Malformed {
        if (!table.has("entrypoints")) {
            throw new Malformed("tool.entrypoints is missing");
        }
        List<EntryPoint> programs = new ArrayList<>();
        for (JsonNode entry : list(table, "entrypoints")) {
            Optional<String> program = text(entry, "name");
            Optional<String> path = text(entry, "install-path").filter(text -> text.startsWith("/"));
            if (program.isEmpty() || path.isEmpty()) {
                throw new Malformed(
                        "tool.entrypoints[%d] needs a name and an absolute install-path".formatted(programs.size()));
            }
            programs.add(new EntryPoint(
                    program.get(),
                    Path.of(path.get()),
                    text(entry, "from").map(Distribution::normalised).orElse(name)));
        }
        return programs;
    }

    /// The index of the tool's own requirement, if any.
    private static Stream<String> ownIndex(JsonNode table, String name) {
        return table.path("requirements")
                .valueStream()
                .filter(entry ->
                        text(entry, "name").map(Distribution::normalised).equals(Optional.of(name)))
                .flatMap(entry -> text(entry, "index").stream());
    }

    private static SearchOptions search(JsonNode table, String name) {
        JsonNode options = table.path("options");
        List<String> indexes = new ArrayList<>(ownIndex(table, name).toList());
        List<String> fallback = new ArrayList<>();
        options.path("index")
                .forEach(index -> text(index, "url")
                        .ifPresent(url -> (index.path("default").asBoolean(false) ? fallback : indexes).add(url)));
        indexes.addAll(texts(options.path("extra-index-url")));
        text(options, "index-url").ifPresent(fallback::add);
        return new SearchOptions(
                indexes.stream().map(DirectUrl::masked).distinct().toList(),
                fallback.stream().map(DirectUrl::masked).findFirst(),
                // uv adds those of its variable again with each upgrade.
                texts(options.path("find-links")).stream()
                        .map(DirectUrl::masked)
                        .distinct()
                        .toList(),
                options.path("no-index").asBoolean(false),
                text(options, "index-strategy"),
                text(options, "exclude-newer-span").or(() -> text(options, "exclude-newer")),
                packageCutoff(options.path("exclude-newer-package").path(name)),
                false);
    }

    /// A time, `{ timestamp, span }`, or `false`.
    private static Optional<String> packageCutoff(JsonNode value) {
        return value.isObject()
                ? text(value, "span").or(() -> text(value, "timestamp"))
                : Optional.of(value.asString("")).filter(text -> !text.isEmpty());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream()
                .map(value -> value.asString(""))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static List<JsonNode> list(JsonNode table, String key) throws Malformed {
        JsonNode value = table.path(key);
        if (value.isMissingNode()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new Malformed("tool.%s is not a list".formatted(key));
        }
        return value.valueStream().toList();
    }

    private static Optional<String> text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isString() && !value.stringValue().isEmpty() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final String what;

        Malformed(String what) {
            super(what);
            this.what = what;
        }
    }
}
