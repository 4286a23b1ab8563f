package io.github.lamplighter.window;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// One tool of the list.
///
/// @param id what the verbs take
/// @param report of the last check, if there was one
/// @param aged what is said instead of a report that is too old to be believed
/// @param broken why its description cannot be read
record ToolRow(
        String id,
        String name,
        String version,
        String installer,
        boolean lookedAfter,
        boolean expectedRunning,
        Optional<ToolDetails> report,
        Optional<String> aged,
        Optional<Broken> broken) {

    /// Its description cannot be read.
    ///
    /// @param title in few words
    /// @param brief the same in a row of the list
    /// @param detail where and why
    /// @param file where it lies, as people write it, if it is known
    record Broken(String title, String brief, String detail, Optional<String> file) {

        private static final Pattern PLACE = Pattern.compile("\\((\\S.*?):(\\d+)(?::\\d+)?[,)]");

        static Broken of(String sentence) {
            Matcher place = PLACE.matcher(sentence);
            String detail = Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
            String title = "Its description cannot be read";
            return place.find()
                    ? new Broken(
                            "%s (line %s)".formatted(title, place.group(2)),
                            "Cannot be read (line %s)".formatted(place.group(2)),
                            detail,
                            Optional.of(place.group(1)))
                    : new Broken(title, "Cannot be read", detail, Optional.empty());
        }
    }

    /// The parts of the list, in their order.
    enum Section {
        NEED_YOU("Need you"),
        UPDATES("Updates"),
        UNKNOWN("Not checked"),
        RUNNING_WELL("Running well"),
        COMMANDS("Commands"),
        NOT_LOOKED_AFTER("Not looked after");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /// What is seen at a glance; the style class of the icon.
    enum Mark {
        OK("ok", "well"),
        READY("ready", "update"),
        WARNING("warning", "warning"),
        FAILURE("failure", "failure"),
        CRASHED("crashed", "check broke"),
        UNKNOWN("unknown", "could not check"),
        INFO("info", "note");

        private final String style;
        private final String word;

        Mark(String style, String word) {
            this.style = style;
            this.word = word;
        }

        String style() {
            return style;
        }

        String word() {
            return word;
        }
    }

    /// @param aged what is said of a report that is too old
    /// @param errors of the listing, as sentences
    static ToolRow of(
            JsonNode listed,
            Optional<ToolDetails> report,
            Function<ToolDetails, Optional<String>> aged,
            List<String> errors) {
        String id = JsonFields.text(listed, "id")
                .or(() -> JsonFields.text(listed, "name"))
                .orElse("");
        // `list` says in `errors[]` whose description it could not read: `NAME: its description …`.
        Optional<Broken> broken = errors.stream()
                .filter(error -> error.startsWith(id + ": "))
                .map(error -> Broken.of(error.substring(id.length() + 2)))
                .findFirst();
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
                report.flatMap(aged),
                broken);
    }

    /// The same tool with a newer report, if there is one.
    ToolRow with(Optional<ToolDetails> newer, Function<ToolDetails, Optional<String>> ageing) {
        Optional<ToolDetails> last = newer.or(() -> report);
        return new ToolRow(
                id,
                name,
                newer.flatMap(ToolDetails::version).orElse(version),
                installer,
                lookedAfter,
                expectedRunning,
                last,
                last.flatMap(ageing),
                broken);
    }

    /// The worst that asks for somebody; what is too old to be believed asks for nobody.
    Optional<ToolDetails.Finding> problem() {
        return report.filter(_ -> aged.isEmpty()).flatMap(ToolDetails::problem);
    }

    Optional<ToolDetails.Update> update() {
        return report.flatMap(ToolDetails::update);
    }

    Section section() {
        if (!lookedAfter && broken.isEmpty()) {
            return Section.NOT_LOOKED_AFTER;
        }
        if (broken.isPresent() || problem().isPresent()) {
            return Section.NEED_YOU;
        }
        if (mark() == Mark.UNKNOWN) {
            return Section.UNKNOWN;
        }
        if (update().isPresent()) {
            return Section.UPDATES;
        }
        return expectedRunning ? Section.RUNNING_WELL : Section.COMMANDS;
    }

    Mark mark() {
        if (broken.isPresent()) {
            return Mark.WARNING;
        }
        if (!lookedAfter) {
            return Mark.INFO;
        }
        if (report.isEmpty() || aged.isPresent()) {
            return Mark.UNKNOWN;
        }
        return problem()
                .map(finding -> switch (finding.severity()) {
                    case FAILURE -> Mark.FAILURE;
                    case CRASHED -> Mark.CRASHED;
                    default -> Mark.WARNING;
                })
                .orElseGet(this::markWithoutProblem);
    }

    /// One line: the worst that is so, else that it is well.
    String headline() {
        if (broken.isPresent()) {
            return broken.get().title();
        }
        if (!lookedAfter) {
            return installer.isEmpty() ? "Found, not looked after" : "Found, installed by " + installer;
        }
        if (report.isEmpty()) {
            return "Not checked yet";
        }
        if (aged.isPresent()) {
            return aged.get();
        }
        return problem()
                .or(() -> report.get().unchecked())
                .map(ToolDetails.Finding::title)
                .or(() -> update().map(update -> update.to() + " is ready"))
                .or(() -> mark() == Mark.UNKNOWN ? Optional.of("Could not be checked") : Optional.empty())
                .orElse(isStoppedByYou() ? "Stopped by you" : expectedRunning ? "Running well" : "Well");
    }

    /// What fits a row of the list: the versions of an update, a problem without what it is contrasted with.
    String brief() {
        return switch (section()) {
            case NEED_YOU ->
                broken.map(Broken::brief).orElseGet(() -> headline().replaceFirst(",.*", ""));
            case UPDATES ->
                update().map(update -> "%s → %s".formatted(version, update.to()))
                        .orElse(headline());
            case UNKNOWN, RUNNING_WELL, COMMANDS, NOT_LOOKED_AFTER -> headline();
        };
    }

    /// How it is, whatever its source offers: an update says nothing about that.
    ToolRow withoutUpdate() {
        return new ToolRow(
                id,
                name,
                version,
                installer,
                lookedAfter,
                expectedRunning,
                report.map(ToolDetails::withoutUpdate),
                aged,
                broken);
    }

    /// The row for somebody who hears it.
    String spoken() {
        return "%s: %s%s, %s".formatted(mark().word(), name, version.isEmpty() ? "" : " " + version, headline());
    }

    private boolean isStoppedByYou() {
        return report.map(known -> known.findings().stream()
                        .anyMatch(finding -> finding.id().equals("stopped-by-you")))
                .orElse(false);
    }

    private Mark markWithoutProblem() {
        if (report.flatMap(ToolDetails::unchecked).isPresent()) {
            return Mark.UNKNOWN;
        }
        if (update().isPresent()) {
            return Mark.READY;
        }
        if (isStoppedByYou()) {
            return Mark.INFO;
        }
        boolean running = report.map(ToolDetails::facts)
                .map(facts -> facts.get(ToolDetails.FactName.RUNNING))
                .flatMap(ToolDetails.Fact::value)
                .orElse(false);
        boolean somethingWasChecked = report.map(known -> known.findings().stream()
                        .anyMatch(finding -> finding.severity() == io.github.lamplighter.doctor.Severity.OK))
                .orElse(false);
        // Never green when it is not: a service that is expected to run and is not known to is not well.
        return somethingWasChecked && (running || !expectedRunning) ? Mark.OK : Mark.UNKNOWN;
    }
}
