package io.github.lamplighter.window;

import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.status.ToolStatus;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// One tool of the list.
///
/// @param id its name for commands
/// @param report the last one, if there is one
/// @param broken why its manifest cannot be read
record ToolRow(
        String id,
        String name,
        String version,
        String installer,
        boolean managed,
        boolean expectedRunning,
        Optional<ToolDetails> report,
        ToolStatus status,
        Optional<Broken> broken) {

    /// An error in a manifest.
    ///
    /// @param line 0 if it is not known
    record Broken(String file, int line, int column, String why) {

        static Optional<Broken> of(JsonNode json) {
            return JsonFields.text(json, "file")
                    .map(file -> new Broken(
                            file,
                            JsonFields.number(json, "line").orElse(0L).intValue(),
                            JsonFields.number(json, "column").orElse(0L).intValue(),
                            JsonFields.text(json, "why").orElse("")));
        }

        String brief() {
            return line > 0 ? "Cannot be read (line %d)".formatted(line) : "Cannot be read";
        }
    }

    /// The sections of the list, in their order.
    enum Section {
        NEEDS_ATTENTION("Needs attention"),
        UPDATES("Updates"),
        UNKNOWN("Not checked"),
        RUNNING("Running"),
        COMMANDS("Commands"),
        NOT_MANAGED("Not managed");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /// An icon with its colour and its word; the style is its style class.
    enum Mark {
        OK("ok", "OK"),
        UPDATE("update", "update"),
        WARNING("warning", "warning"),
        FAILURE("failure", "problem"),
        CRASHED("crashed", "check crashed"),
        UNKNOWN("unknown", "unknown"),
        INFO("info", "note");

        private final String style;
        private final String word;

        Mark(String style, String word) {
            this.style = style;
            this.word = word;
        }

        static Mark of(ToolStatus status) {
            return switch (status.state()) {
                case OK -> OK;
                case STOPPED, WORKING -> INFO;
                case UPDATE -> UPDATE;
                case UNKNOWN -> UNKNOWN;
                case ATTENTION -> status.severity() == Severity.CRASHED ? CRASHED : WARNING;
                case FAILURE -> FAILURE;
            };
        }

        String style() {
            return style;
        }

        String word() {
            return word;
        }
    }

    /// @param listed an entry of `list --json`
    /// @param status computes the status from a report
    static ToolRow of(
            JsonNode listed, Optional<ToolDetails> report, Function<Optional<ToolDetails>, ToolStatus> status) {
        String id = JsonFields.text(listed, "id")
                .or(() -> JsonFields.text(listed, "name"))
                .orElse("");
        Optional<Broken> broken = Broken.of(listed.path("broken"));
        return new ToolRow(
                id,
                JsonFields.text(listed, "name").orElse(id),
                JsonFields.text(listed, "version")
                        .or(() -> report.flatMap(ToolDetails::version))
                        .orElse(""),
                JsonFields.text(listed, "installer").orElse(""),
                JsonFields.truth(listed, "lookedAfter").orElse(false),
                JsonFields.text(listed, "expected").filter("running"::equals).isPresent(),
                report,
                broken.map(error -> ToolStatus.unreadableManifest(error.line())).orElseGet(() -> status.apply(report)),
                broken);
    }

    /// The same tool with a newer report, if there is one.
    ToolRow with(Optional<ToolDetails> newer, Function<Optional<ToolDetails>, ToolStatus> computed) {
        Optional<ToolDetails> last = newer.or(() -> report);
        return new ToolRow(
                id,
                name,
                newer.flatMap(ToolDetails::version).orElse(version),
                installer,
                managed,
                expectedRunning,
                last,
                broken.isPresent() ? status : computed.apply(last),
                broken);
    }

    /// The worst finding that needs attention; a report that is too old has none.
    Optional<ToolDetails.Finding> problem() {
        return report.filter(_ -> status.freshness() == ToolStatus.Freshness.FRESH)
                .flatMap(ToolDetails::problem);
    }

    Optional<ToolDetails.Update> update() {
        return report.flatMap(ToolDetails::update);
    }

    /// Whether it was running when it was last checked.
    boolean isRunning() {
        return report.map(ToolDetails::facts)
                .map(facts -> facts.get(ToolDetails.FactName.RUNNING))
                .flatMap(ToolDetails.Fact::value)
                .orElse(false);
    }

    private boolean isFoundOnly() {
        return !managed && broken.isEmpty();
    }

    Section section() {
        if (isFoundOnly()) {
            return Section.NOT_MANAGED;
        }
        return switch (status.state()) {
            case FAILURE, ATTENTION -> Section.NEEDS_ATTENTION;
            case UNKNOWN -> Section.UNKNOWN;
            case UPDATE -> Section.UPDATES;
            case OK, STOPPED, WORKING -> expectedRunning ? Section.RUNNING : Section.COMMANDS;
        };
    }

    Mark mark() {
        return isFoundOnly() ? Mark.INFO : Mark.of(status);
    }

    /// One line: the worst finding, else that the tool is OK.
    String headline() {
        return !isFoundOnly() ? status.headline() : installer.isEmpty() ? "Not managed" : "Installed with " + installer;
    }

    /// The headline for a narrow row of the list.
    String brief() {
        if (broken.isPresent()) {
            return broken.get().brief();
        }
        return section() == Section.UPDATES
                ? update().map(update -> "%s → %s".formatted(version, update.to()))
                        .orElse(headline())
                : headline();
    }

    /// The same row without the update: whether the tool itself is OK.
    ToolRow withoutUpdate() {
        return new ToolRow(
                id, name, version, installer, managed, expectedRunning, report, status.withoutUpdate(), broken);
    }

    /// The row as text for a screen reader.
    String spoken() {
        return "%s: %s%s, %s".formatted(mark().word(), name, version.isEmpty() ? "" : " " + version, headline());
    }
}
