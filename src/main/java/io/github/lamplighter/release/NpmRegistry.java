package io.github.lamplighter.release;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.version.SemVer;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// npm's registry, asked through `npm view`, so that the user's registry, proxy and credentials are the ones
/// that
/// `npm install` would use (npm documentation, "npm-view").
final class NpmRegistry {

    private static final Map<String, String> QUIET = Map.of(
            "npm_config_update_notifier", "false",
            "npm_config_fund", "false",
            "npm_config_audit", "false",
            "npm_config_progress", "false",
            "npm_config_loglevel", "error",
            "NO_COLOR", "1");

    private final Programs programs;
    private final Duration limit;

    NpmRegistry(Programs programs, Duration limit) {
        this.programs = programs;
        this.limit = limit;
    }

    /// What `npm view` answered.
    private sealed interface View {
        record Json(JsonNode json) implements View {}

        /// No such package or version.
        record NotThere() implements View {}

        record NoAnswer(String why) implements View {}
    }

    Verdict verdict(Provenance provenance) {
        String name = provenance.packageName();
        return switch (view(provenance, name, "name", "version", "engines", "time", "dist-tags")) {
            case View.NoAnswer(var why) -> new Verdict.NotCheckable(why);
            case View.NotThere() ->
                new Verdict.NotCheckable(
                        "The registry has no package %s; it came from somewhere else.".formatted(name));
            case View.Json(var json) -> compared(provenance, json);
        };
    }

    Releases.Choice named(Provenance provenance, String wanted) {
        if (!(Version.parse(Version.Scheme.SEMVER, wanted) instanceof SemVer)) {
            return new Releases.Choice.NotThere("%s is not a version of an npm package.".formatted(wanted));
        }
        return switch (view(provenance, provenance.packageName() + "@" + wanted, "version")) {
            case View.NoAnswer(var why) -> new Releases.Choice.NotThere(why);
            case View.NotThere() ->
                new Releases.Choice.NotThere(
                        "The registry has no version %s of %s.".formatted(wanted, provenance.packageName()));
            case View.Json(var json) ->
                json.isString() && json.asString().equals(wanted)
                        ? new Releases.Choice.Found(new Target.IndexVersion(wanted))
                        : new Releases.Choice.NotThere(
                                "The registry has no version %s of %s.".formatted(wanted, provenance.packageName()));
        };
    }

    private Verdict compared(Provenance provenance, JsonNode json) {
        if (!(Version.parse(Version.Scheme.SEMVER, provenance.version()) instanceof SemVer installed)) {
            return new Verdict.NotCheckable(
                    "Its version %s is not one that npm can order.".formatted(provenance.version()));
        }
        if (!json.path("time").has(provenance.version())) {
            // npm keeps no record of a git or tarball install: a version that was never published tells on it.
            return new Verdict.NotCheckable(
                    "The registry never had version %s; it came from somewhere else.".formatted(provenance.version()));
        }
        if (!(Version.parse(Version.Scheme.SEMVER, json.path("version").asString("")) instanceof SemVer latest)) {
            return new Verdict.NotCheckable("The registry names no newest version.");
        }
        if (latest.compareTo(installed) > 0 && latest.isFinal() && runs(provenance, json.path("engines"))) {
            return outdated(latest, json.path("time"));
        }
        if (latest.compareTo(installed) > 0) {
            return newestThatRuns(provenance, installed, json.path("time"))
                    .<Verdict>map(newest -> outdated(newest, json.path("time")))
                    .orElseGet(() -> latest.isFinal()
                            ? new Verdict.Pinned("%s needs Node %s; this copy has Node %s."
                                    .formatted(
                                            latest.text(),
                                            json.path("engines").path("node").asString("?"),
                                            provenance.runtime().version()))
                            : new Verdict.Current(installed.text()));
        }
        return latest.compareTo(installed) == 0
                ? new Verdict.Current(installed.text())
                : new Verdict.Ahead(latest.text());
    }

    private static Verdict outdated(SemVer to, JsonNode time) {
        return new Verdict.Outdated(
                new Target.IndexVersion(to.text()),
                publishedAt(time.path(to.text()).asString("")));
    }

    /// Among all versions above the installed one, the newest final one whose engines accept this Node.
    private Optional<SemVer> newestThatRuns(Provenance provenance, SemVer installed, JsonNode time) {
        return switch (view(provenance, provenance.packageName() + "@>" + installed.text(), "version", "engines")) {
            case View.NoAnswer _, View.NotThere _ -> Optional.empty();
            case View.Json(var json) ->
                (json.isArray() ? json.valueStream() : Stream.of(json))
                        .filter(entry -> runs(provenance, entry.path("engines")))
                        .map(entry -> Version.parse(
                                Version.Scheme.SEMVER, entry.path("version").asString("")))
                        .filter(SemVer.class::isInstance)
                        .map(SemVer.class::cast)
                        .filter(version -> version.isFinal() && time.has(version.text()))
                        .max(Comparator.naturalOrder());
        };
    }

    private static boolean runs(Provenance provenance, JsonNode engines) {
        Optional<VersionRange> range =
                Releases.nonEmpty(engines.path("node").asString("")).flatMap(VersionRange::npm);
        Version node = Version.parse(Version.Scheme.SEMVER, provenance.runtime().version());
        return range.isEmpty() || !(node instanceof SemVer) || range.get().accepts(node);
    }

    private static Optional<OffsetDateTime> publishedAt(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(OffsetDateTime.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private View view(Provenance provenance, String spec, String... fields) {
        Path node = provenance.runtime().program();
        Path besideNode = node.resolveSibling("npm");
        String npm = Files.isExecutable(besideNode) ? besideNode.toString() : "npm";
        String[] argv = Stream.of(Stream.of(npm, "view", spec), Stream.of(fields), Stream.of("--json"))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return switch (programs.run(Command.of(limit, argv).withAll(QUIET))) {
            case Answer.NotStarted(var reason) -> new View.NoAnswer(reason + ".");
            case Answer.TimedOut _ -> new View.NoAnswer(Releases.late("The registry", limit));
            case Answer.Exited exited -> parsed(exited);
        };
    }

    private static View parsed(Answer.Exited exited) {
        if (exited.out().isBlank()) {
            return exited.status() == 0
                    ? new View.NotThere()
                    : new View.NoAnswer(
                            "npm view ended with %d: %s".formatted(exited.status(), Releases.lastLine(exited.err())));
        }
        try {
            JsonNode json = JsonFile.MAPPER.readTree(exited.out());
            JsonNode problem = json.path("error");
            if (problem.isMissingNode()) {
                return new View.Json(json);
            }
            String code = problem.path("code").asString("");
            return switch (code) {
                case "E404", "ETARGET" -> new View.NotThere();
                case "ENOTFOUND",
                        "EAI_AGAIN",
                        "ECONNREFUSED",
                        "ETIMEDOUT",
                        "ECONNRESET",
                        "ENETUNREACH",
                        "EHOSTUNREACH",
                        "ENOTCACHED" -> new View.NoAnswer("The registry was not reached (%s).".formatted(code));
                default ->
                    new View.NoAnswer("The registry answered %s: %s"
                            .formatted(code, problem.path("summary").asString("it gave no reason")));
            };
        } catch (JacksonException e) {
            return new View.NoAnswer("npm view printed something that is not JSON.");
        }
    }
}
