package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.TrayPanel;
import io.github.lamplighter.release.CommitList;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ResourceUsage;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Port to what the window shows, read and checked in this process. What changes a tool is a command of
/// [io.github.lamplighter.client.CliClient]. All methods block.
public interface WindowData {

    /// All tools of this user, Lamplighter itself among them, from the disk.
    List<Tool> tools();

    /// What is known about each of the tools: the last report, and the service manager's state now.
    List<KnownTool> known(List<Tool> tools);

    /// @param report empty if it was never checked
    /// @param service empty for a command, and for a tool that is not managed
    /// @param isUpgrading whether an upgrade of it is open
    /// @param upgraded the upgrade that installed the present version; empty if Lamplighter did not install it
    record KnownTool(
            Tool tool,
            Optional<Report> report,
            Optional<LiveService> service,
            boolean isUpgrading,
            Optional<UpgradeHistory.Upgraded> upgraded) {}

    /// How tools that aren't managed are used on this computer, in the order of `tools`.
    List<FoundTool> found(List<Tool> tools);

    /// @param use decides what managing it means
    /// @param how it is run now, as a phrase; empty if it is not running
    record FoundTool(Tool tool, Use use, Optional<String> how) {}

    enum Use {
        /// It has a service or a process.
        RUNS_NOW,
        /// Lamplighter has a recipe with which it can run it as a service.
        COULD_RUN,
        COMMAND
    }

    /// Whether the tray icon's process is running, and when it checks all tools next.
    Resident resident();

    /// @param panel whether a panel shows the icon; empty while that is not known
    /// @param nextCheck empty if nothing checks in the background, or nothing was checked yet
    record Resident(boolean hasTray, Optional<TrayPanel> panel, Optional<Instant> nextCheck) {}

    /// The size of the previous versions of all tools. Reads all their files the first time.
    long keptBytes();

    /// Calls `changed` in some thread whenever the service of one of these tools changes, until the result is
    /// closed.
    AutoCloseable watchServices(List<Tool> tools, Runnable changed);

    Optional<Report> report(String tool);

    /// Runs all checks of a tool and saves the report. An interruption stops it, and keeps the earlier report.
    ///
    /// @return why there is no new report, as a sentence
    Optional<String> check(String tool, Progress progress);

    /// The service now, with the response of its URL; empty for a tool without a readable manifest.
    Optional<ServiceStatus> service(String tool);

    /// What the service starts; empty for a tool without a readable manifest. Runs no program.
    Optional<ServiceSetup> serviceSetup(String tool);

    /// How the service file differs from the one that would be written now; may run the login shell.
    Optional<ServiceControl.Difference> serviceDifference(String tool);

    /// What the service's processes use now; empty if it is not running, or that is not known.
    Optional<ResourceUsage> usage(String tool);

    /// The last lines of a log, oldest first.
    ///
    /// @param since empty for all
    LogReading log(String tool, int lines, Optional<Instant> since);

    /// @param elsewhere where the output goes if the service file redirects it, as a sentence
    /// @param unavailable why the log may be empty although the service wrote something, as a sentence
    record LogReading(List<LogLine> lines, Optional<String> elsewhere, Optional<String> unavailable) {
        public LogReading {
            lines = List.copyOf(lines);
        }
    }

    /// Passes the last `lines` lines and then each new one to `line`, in some thread, until the result is closed.
    /// Returns at once.
    Following followLog(String tool, int lines, Consumer<LogLine> line);

    /// Stops following when it is closed.
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /// The states of tools over the last days, by id.
    Map<String, StateDays> days(List<String> tools);

    /// What the update of a tool brings, as far as its source says it. Asks the source of a git installation.
    News news(String tool);

    /// @param page the release notes, or the releases of its repository
    /// @param homepage of the project
    record News(Optional<URI> page, Optional<URI> homepage, CommitList commits) {

        /// Nothing is known.
        static final News NONE = new News(Optional.empty(), Optional.empty(), CommitList.NONE);
    }

    /// Past upgrades and rollbacks, newest first.
    List<UpgradeOutcome> history(String tool);

    /// The previous versions that can be restored, newest first. Reads all their files.
    List<KeptVersion> keptVersions(String tool);

    /// @param hasData whether it has a backup of the tool's data
    record KeptVersion(String version, Instant takenAt, long bytes, boolean hasData) {}
}
