package io.github.lamplighter.doctor;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.version.NumericVersion;
import io.github.lamplighter.version.OpaqueVersion;
import io.github.lamplighter.version.Pep440;
import io.github.lamplighter.version.SemVer;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.Version.Scheme;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The findings that the user ignores: until they change, until a date, until a version, or always.
final class IgnoreList {

    /// @param until `change`, `upgrade`, `always`, a date (`2026-12-01`) or a version
    /// @param severity and `title` as they were, to see a change
    /// @param version that was installed, to see an upgrade; empty if that is not known
    record IgnoreRule(String tool, String id, String until, String severity, String title, String version) {

        /// @param zone the user's: a date ends what they set aside at their midnight
        boolean covers(Finding finding, Report report, Instant now, ZoneId zone) {
            return covers(finding.id(), finding.severity(), finding.title(), report, now, zone);
        }

        boolean covers(String check, Severity said, String words, Report report, Instant now, ZoneId zone) {
            if (!check.equals(id) || !report.name().equals(tool)) {
                return false;
            }
            if (until.equals("always")) {
                return true;
            }
            if (until.equals("upgrade")) {
                return version.equals(installed(report));
            }
            if (until.equals("change")) {
                return said.word().equals(severity) && words.equals(title);
            }
            return date(until)
                    .map(day -> now.isBefore(day.atStartOfDay(zone).toInstant()))
                    .orElseGet(() -> !reached(report));
        }

        static String installed(Report report) {
            return report.provenance().map(Provenance::version).orElse("");
        }

        /// A version is reached when it, or a later one, is installed, or would be by an upgrade.
        private boolean reached(Report report) {
            Scheme scheme = report.provenance()
                            .filter(found -> found.installer() == InstallerKind.NPM)
                            .isPresent()
                    ? Scheme.SEMVER
                    : Scheme.PEP440;
            Optional<String> installed = report.provenance().map(Provenance::version);
            Optional<String> offered = report.verdict()
                    .filter(Verdict.Outdated.class::isInstance)
                    .map(verdict -> ((Verdict.Outdated) verdict).upgradeTarget().label());
            return Stream.of(installed, offered)
                    .flatMap(Optional::stream)
                    .anyMatch(version -> isAtLeast(parsed(scheme, version), parsed(scheme, until)));
        }

        private static boolean isAtLeast(Version version, Version bound) {
            return switch (version) {
                case Pep440 one -> bound instanceof Pep440 other && one.compareTo(other) >= 0;
                case SemVer one -> bound instanceof SemVer other && one.compareTo(other) >= 0;
                case NumericVersion one -> bound instanceof NumericVersion other && one.compareTo(other) >= 0;
                case OpaqueVersion one -> one.equals(bound);
            };
        }

        private static Version parsed(Scheme scheme, String version) {
            return Version.parse(scheme, version.replaceFirst("^[vV](?=[0-9])", ""));
        }
    }

    private final Path file;

    IgnoreList(Path file) {
        this.file = file;
    }

    static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    List<IgnoreRule> all() {
        List<IgnoreRule> wishes = new ArrayList<>();
        if (JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)) {
            for (JsonNode entry : json.path("setAside")) {
                wishes.add(new IgnoreRule(
                        entry.path("tool").asString(""),
                        entry.path("id").asString(""),
                        entry.path("until").asString("change"),
                        entry.path("severity").asString(""),
                        entry.path("title").asString(""),
                        entry.path("version").asString("")));
            }
        }
        return wishes;
    }

    void add(IgnoreRule ignoreRule) throws IOException {
        List<IgnoreRule> wishes = new ArrayList<>(without(ignoreRule.tool(), ignoreRule.id()));
        wishes.add(ignoreRule);
        write(wishes);
    }

    Optional<IgnoreRule> of(String tool, String id) {
        return all().stream()
                .filter(ignoreRule ->
                        ignoreRule.tool().equals(tool) && ignoreRule.id().equals(id))
                .findFirst();
    }

    void remove(String tool, String id) throws IOException {
        write(without(tool, id));
    }

    private List<IgnoreRule> without(String tool, String id) {
        return all().stream()
                .filter(ignoreRule ->
                        !(ignoreRule.tool().equals(tool) && ignoreRule.id().equals(id)))
                .toList();
    }

    private void write(List<IgnoreRule> wishes) throws IOException {
        ReportStore.setAsideDamaged(file);
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("schema", "lamplighter.set-aside/1");
        var array = json.putArray("setAside");
        for (IgnoreRule ignoreRule : wishes) {
            array.addObject()
                    .put("tool", ignoreRule.tool())
                    .put("id", ignoreRule.id())
                    .put("until", ignoreRule.until())
                    .put("severity", ignoreRule.severity())
                    .put("title", ignoreRule.title())
                    .put("version", ignoreRule.version());
        }
        JsonFile.write(file, json);
    }
}
