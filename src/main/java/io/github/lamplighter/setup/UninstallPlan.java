package io.github.lamplighter.setup;

import io.github.lamplighter.file.ResidentProcesses.Resident;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a removal of Lamplighter would do, in its order.
///
/// @param processes that are ended
/// @param services all services of tools that Lamplighter wrote
/// @param withServices whether they are removed, too
/// @param removals what is deleted
/// @param remaining what stays, and why
/// @param next the command that removes the rest, as root; empty if there is none
public record UninstallPlan(
        List<Resident> processes,
        List<ToolService> services,
        boolean withServices,
        List<Removal> removals,
        List<Remaining> remaining,
        Optional<String> next) {

    public UninstallPlan {
        processes = List.copyOf(processes);
        services = List.copyOf(services);
        removals = List.copyOf(removals);
        remaining = List.copyOf(remaining);
    }

    /// What is deleted, in this order: what a second run needs to find the rest comes last.
    public enum Kind {
        AUTOSTART("start at login"),
        TIMER("checks by timer"),
        RECOVERY("recovery at login"),
        DEMO("demo"),
        VERSIONS("previous versions"),
        DESKTOP("menu entry, icons, man page, completions"),
        CACHE("cache"),
        SETTINGS("settings"),
        MANIFESTS("manifest"),
        STATE("reports, history, backups"),
        PROGRAM("program");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// For people.
        public String words() {
            return words;
        }
    }

    /// @param paths files, and folders with all that is in them
    public record Removal(Kind kind, List<Path> paths, long bytes) {
        public Removal {
            paths = List.copyOf(paths);
        }
    }

    /// The service of a tool.
    ///
    /// @param running whether it has a process
    /// @param adopted the tool whose own service file was replaced; it is restored instead of removed
    /// @param depends whether it runs a command of Lamplighter, and does not work without
    /// @param impact what a stop interrupts, as a sentence
    public record ToolService(
            String unit, boolean running, Optional<String> adopted, boolean depends, Optional<String> impact) {}

    /// @param why a phrase
    public record Remaining(Path path, String why) {}

    /// Whether nothing would be ended or deleted.
    public boolean isEmpty() {
        return processes.isEmpty() && removals.isEmpty() && (services.isEmpty() || !withServices);
    }

    public Optional<Removal> removal(Kind kind) {
        return removals.stream().filter(removal -> removal.kind() == kind).findFirst();
    }
}
