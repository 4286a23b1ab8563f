package io.github.lamplighter.window;

import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.tool.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the user reads before an upgrade, from the result of `upgrade --dry-run`.
///
/// @param subject the tool, with the versions if they are known: `greeter 1.0.0 → 1.1.0`
/// @param to empty if nothing can be installed, and while it is not known
/// @param sentences what the user should know before confirming
/// @param steps what will happen, in this order
record PlannedUpgrade(
        String title,
        String subject,
        Optional<String> to,
        List<String> sentences,
        List<String> warnings,
        List<Step> steps) {

    PlannedUpgrade {
        sentences = List.copyOf(sentences);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
    }

    /// @param details the commands of the package manager, or the paths of the data
    record Step(String text, List<String> details) {
        Step {
            details = List.copyOf(details);
        }

        Step(String text) {
            this(text, List.of());
        }
    }

    /// An upgrade of which nothing is known yet.
    static PlannedUpgrade unknown(ToolRow tool) {
        return titled("Upgrade " + tool.name(), tool.name(), Optional.empty());
    }

    /// An upgrade or a rollback that was planned elsewhere.
    static PlannedUpgrade elsewhere(UpgradeFeed.Running running, ToolRow tool) {
        String subject = running.from()
                .flatMap(from -> running.to().map(to -> subject(tool, from, to)))
                .orElse(tool.name());
        String verb = switch (running.asked()) {
            case UPGRADE -> "Upgrade ";
            case ROLLBACK -> "Roll back ";
        };
        return titled(verb + subject, subject, running.to());
    }

    private static PlannedUpgrade titled(String title, String subject, Optional<String> to) {
        return new PlannedUpgrade(title, subject, to, List.of(), List.of(), List.of());
    }

    private static String subject(ToolRow tool, String from, String to) {
        return "%s %s → %s".formatted(tool.name(), from, to);
    }

    /// The plan; empty if the tool cannot be upgraded, or is up to date.
    static Optional<PlannedUpgrade> of(Envelope envelope, ToolRow tool, HumanFormat humanFormat) {
        JsonNode json = envelope.tool();
        return JsonFields.text(json, "to")
                .filter(_ -> envelope.exitCode() == 0 && !isCurrent(json))
                .map(to -> of(json, to, tool, humanFormat));
    }

    private static PlannedUpgrade of(JsonNode json, String to, ToolRow tool, HumanFormat humanFormat) {
        String from = from(json, tool);
        JsonNode plan = json.path("plan");
        List<String> sentences = new ArrayList<>();
        tool.report().map(ToolDetails::source).ifPresent(sentences::add);
        boolean isMeasured = JsonFields.truth(plan, "downtimeMeasured").orElse(false);
        JsonFields.number(plan, "downtimeMillis")
                .filter(millis -> millis > 0)
                .ifPresent(millis -> sentences.add("Expected downtime: about "
                        + HumanTime.estimate(Duration.ofMillis(millis))
                        + (isMeasured ? ", as in the last upgrade" : "")));
        boolean running = JsonFields.truth(plan, "running").orElse(tool.expectedRunning());
        if (!running) {
            sentences.add("Nothing is interrupted: %s is not running.".formatted(tool.name()));
        }
        sentences.addAll(JsonFields.texts(plan.path("sentences")));
        sentences.add("If it doesn't work, Lamplighter rolls back to %s.".formatted(from));
        List<String> warnings = new ArrayList<>(JsonFields.texts(plan.path("warnings")));
        if (JsonFields.truth(plan, "dataMayHaveChanged").orElse(false)) {
            warnings.add("Its data is not backed up.");
        }
        List<String> data = tool.manifest().map(Manifest::data).orElse(List.of()).stream()
                .map(path -> humanFormat.path(path.toString()))
                .toList();
        String subject = subject(tool, from, to);
        return new PlannedUpgrade(
                "Upgrade " + subject,
                subject,
                Optional.of(to),
                sentences,
                warnings,
                steps(from, to, running, JsonFields.texts(plan.path("commands")), data));
    }

    private static List<Step> steps(String from, String to, boolean running, List<String> commands, List<String> data) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("Install %s next to %s".formatted(to, from), commands));
        steps.add(new Step("Test " + to));
        if (running) {
            steps.add(new Step("Stop the service"));
        }
        if (!data.isEmpty()) {
            steps.add(new Step("Back up the data", data));
        }
        steps.add(new Step("Switch to " + to));
        if (running) {
            steps.add(new Step("Start the service and wait until it responds"));
        }
        steps.add(new Step("Run the doctor's rollback checks"));
        steps.add(new Step("Keep %s for rollback".formatted(from)));
        return steps;
    }

    /// A plan without steps, for a tool that cannot be upgraded now.
    static PlannedUpgrade notPossible(Envelope envelope, ToolRow tool) {
        return titled(
                isCurrent(envelope.tool())
                        ? "%s is up to date".formatted(tool.name())
                        : "%s cannot be upgraded now".formatted(tool.name()),
                tool.name(),
                Optional.empty());
    }

    /// Why there is no plan.
    static String obstacle(Envelope envelope, ToolRow tool) {
        JsonNode json = envelope.tool();
        return envelope.reason()
                .orElseGet(() -> isCurrent(json)
                        ? "%s is the newest compatible version.".formatted(from(json, tool))
                        : "No reason given.");
    }

    private static String from(JsonNode json, ToolRow tool) {
        return JsonFields.text(json, "from").orElse(tool.version());
    }

    private static boolean isCurrent(JsonNode json) {
        return JsonFields.text(json, "outcome").filter("current"::equals).isPresent();
    }
}
