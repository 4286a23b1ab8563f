package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.LiveFacts;
import io.github.lamplighter.status.ServiceProblem;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import java.time.Instant;
import java.util.Optional;

/// One tool of the list.
///
/// @param report the last one, if there is one
/// @param service the service manager's state now; empty for a command
/// @param upgraded the upgrade that installed the present version
record ToolRow(
        Tool tool,
        Optional<ToolDetails> report,
        Optional<ServiceState> service,
        ToolStatus status,
        Optional<UpgradeHistory.Upgraded> upgraded) {

    /// An error in a manifest.
    ///
    /// @param line 0 if it is not known
    record Broken(String file, int line, int column, String why) {

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
        STOPPED("Stopped"),
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

    /// Its name for commands.
    String id() {
        return tool.id();
    }

    String name() {
        return tool.name();
    }

    /// Installed now; empty if that is not known.
    String version() {
        return tool.provenance()
                .map(found -> found.version())
                .filter(found -> !found.isEmpty())
                .or(() -> report.flatMap(ToolDetails::version))
                .orElse("");
    }

    /// The package manager's name; empty if it is not known.
    String installer() {
        return tool.provenance()
                .map(found -> found.installer())
                .or(() -> tool.manifest().map(manifest -> manifest.install().installer()))
                .map(kind -> kind.word())
                .orElse("");
    }

    boolean managed() {
        return tool.managed();
    }

    /// Whether this is Lamplighter itself.
    boolean isLamplighter() {
        return !UserTools.isOne(tool.id());
    }

    Optional<Manifest> manifest() {
        return tool.manifest();
    }

    boolean expectedRunning() {
        return tool.expected() == Expected.RUNNING;
    }

    /// The upgrade that installed the present version, as long as it counts as new.
    Optional<UpgradeHistory.Upgraded> probation(Instant now) {
        return upgraded.filter(last -> managed() && last.to().equals(version()) && last.isOnProbation(now));
    }

    /// The action that restores the version before the last upgrade, if it is kept.
    Optional<Action> rollback() {
        return upgraded.flatMap(UpgradeHistory.Upgraded::previous)
                .map(before -> Action.of("Roll back to " + before, "rollback", id()));
    }

    /// Whether it has a service, which may run on demand.
    boolean isService() {
        return tool.expected() != Expected.COMMAND;
    }

    /// Why its manifest cannot be read.
    Optional<Broken> broken() {
        return tool.entry()
                .flatMap(entry -> entry instanceof ManifestEntry.Broken found
                        ? Optional.of(
                                new Broken(found.file().toString(), found.line(), found.column(), found.message()))
                        : Optional.empty());
    }

    /// Whether it has a service that can be stopped and restarted now.
    boolean isUp() {
        return service.map(ServiceState::phase)
                .filter(phase -> phase == Phase.RUNNING || phase == Phase.STARTING || phase == Phase.RESTARTING)
                .isPresent();
    }

    /// The finding that is the headline. There is none if the report is too old, and if its service has a worse problem
    /// now.
    Optional<ToolDetails.Finding> problem() {
        return report.flatMap(ToolDetails::problem)
                .filter(finding -> finding.title().equals(status.headline()));
    }

    /// The service, if the headline is what its manager reports now.
    private Optional<ServiceState> failing() {
        return service.filter(now -> problem().isEmpty())
                .filter(now -> ServiceProblem.of(now, status.stoppedByUser())
                        .filter(live -> live.headline().equals(status.headline()))
                        .isPresent());
    }

    /// Since when the tool has the problem that is the headline.
    Optional<Instant> since() {
        return problem().flatMap(ToolDetails.Finding::since).or(() -> failing().flatMap(ServiceState::since));
    }

    /// The first fix of the problem that is the headline.
    Optional<Action> fix() {
        return problem()
                .flatMap(finding -> finding.actions().stream().findFirst())
                .or(() -> failing()
                        .filter(now -> !now.masked())
                        .filter(now -> now.phase() == Phase.FAILED || now.phase() == Phase.STOPPED)
                        .map(_ -> Action.of("Start " + name(), "start", id())));
    }

    /// Whether its service was started or ended after the doctor looked at it.
    boolean hasChangedSinceReport() {
        return service.filter(now -> report.filter(last -> LiveFacts.isOlder(last.report(), now))
                        .isPresent())
                .isPresent();
    }

    Optional<ToolDetails.Update> update() {
        return report.flatMap(ToolDetails::update);
    }

    /// Whether it is running, by the service manager, else by the last check.
    boolean isRunning() {
        return service.isPresent()
                ? isUp()
                : report.map(ToolDetails::facts)
                        .map(facts -> facts.get(ToolDetails.FactName.RUNNING))
                        .flatMap(ToolDetails.Fact::value)
                        .orElse(false);
    }

    private boolean isFoundOnly() {
        return !managed();
    }

    Section section() {
        if (isFoundOnly()) {
            return Section.NOT_MANAGED;
        }
        return switch (status.state()) {
            case FAILURE, ATTENTION -> Section.NEEDS_ATTENTION;
            case UNKNOWN -> Section.UNKNOWN;
            case UPDATE -> Section.UPDATES;
            case STOPPED -> Section.STOPPED;
            case OK, WORKING -> ok();
        };
    }

    /// A service that runs on demand and is not running is stopped, not a command.
    private Section ok() {
        return switch (tool.expected()) {
            case RUNNING -> Section.RUNNING;
            case ON_DEMAND -> isRunning() ? Section.RUNNING : Section.STOPPED;
            case COMMAND -> Section.COMMANDS;
        };
    }

    Mark mark() {
        return isFoundOnly() ? Mark.INFO : Mark.of(status);
    }

    /// One line: the worst finding, else that the tool is OK.
    String headline() {
        if (!isFoundOnly()) {
            return status.headline();
        }
        return installer().isEmpty() ? "Not managed" : "Installed with " + installer();
    }

    /// The headline for a narrow row of the list.
    String brief() {
        Optional<Broken> broken = broken();
        if (broken.isPresent()) {
            return broken.get().brief();
        }
        return section() == Section.UPDATES
                ? update().map(update -> "%s → %s".formatted(version(), update.to()))
                        .orElse(headline())
                : headline();
    }

    /// The same row without the update: whether the tool itself is OK.
    ToolRow withoutUpdate() {
        return new ToolRow(tool, report, service, status.withoutUpdate(), upgraded);
    }

    /// The row as text for a screen reader.
    String spoken() {
        return "%s: %s%s, %s".formatted(mark().word(), name(), version().isEmpty() ? "" : " " + version(), headline());
    }
}
