package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Runs a change of a service: finishes interrupted upgrades first, holds the environment's lock against
/// upgrades, records the change, and checks the service again.
///
/// @param recover finishes or rolls back interrupted upgrades; then says why the tool with this name must not
///     be started
/// @param copies backups of service files from before they were changed or removed
/// @param examineTools created only if it is needed
public record ServiceOperation(
        Function<String, Optional<String>> recover,
        EnvironmentLock locks,
        ActivityLog activityLog,
        ServiceManager manager,
        BackupStore copies,
        Supplier<CheckTools> checkTools,
        InstantSource clock,
        ZoneId zone) {

    /// The name of a service file in a backup.
    static final String FILE = "service";

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);

    /// How a change is called.
    ///
    /// @param doing for those who find the lock taken: `Stopping`
    /// @param done for `activity`, with a place for the tool's name: `stopped %s`
    /// @param command without `lamplighter` and the tool's name: `service stop`
    /// @param undo a command in the same form; empty if there is nothing to undo
    record Labels(String doing, String done, String command, String undo) {

        /// Adoption backs up the file that it replaces itself.
        private boolean changesOurFile() {
            return command.equals("service install") || command.equals("service uninstall");
        }

        private boolean startsService() {
            return command.equals("service start")
                    || command.equals("service restart")
                    || command.equals("service install");
        }
    }

    sealed interface Result {
        /// @param warnings of the check that followed, about identity, start-up, configuration and access
        record Completed(ServiceOutcome outcome, List<Finding> warnings) implements Result {
            public Completed {
                warnings = List.copyOf(warnings);
            }
        }

        /// Another operation holds the lock; `why` is a sentence.
        record Busy(String why) implements Result {}
    }

    /// @param after the tool's manifest once the work is done
    Result run(Manifest manifest, String unit, Labels labels, Supplier<ServiceOutcome> work, Supplier<Manifest> after) {
        return switch (runWithoutCheck(manifest, unit, labels, work)) {
            case Result.Completed completed ->
                new Result.Completed(
                        completed.outcome(), warnings(checkTools.get().recheckService(after.get())));
            case Result.Busy busy -> busy;
        };
    }

    /// For a tool that is no longer managed afterwards.
    Result runWithoutCheck(Manifest manifest, String unit, Labels labels, Supplier<ServiceOutcome> work) {
        String name = manifest.name().value();
        Optional<String> unfinished = recover.apply(name);
        if (unfinished.isPresent() && labels.startsService()) {
            return new Result.Completed(new ServiceOutcome.Refused(unfinished.get()), List.of());
        }
        String doing = "%s %s since %s."
                .formatted(labels.doing(), name, CLOCK.format(clock.instant().atZone(zone)));
        EnvironmentLock.Attempt attempt;
        try {
            attempt = locks.take(manifest.install().environment(), doing);
        } catch (IOException e) {
            return notRecorded(e);
        }
        try {
            return switch (attempt) {
                case EnvironmentLock.Busy(String holder) ->
                    new Result.Busy(
                            "Another operation is in progress: %s Try again when it has finished.".formatted(holder));
                case EnvironmentLock.Held held -> {
                    ServiceOutcome outcome;
                    String undo;
                    try (held) {
                        Optional<Integer> kept;
                        try {
                            kept = labels.changesOurFile() ? kept(name, unit) : Optional.empty();
                        } catch (IOException e) {
                            yield notRecorded(e);
                        }
                        boolean byHand = kept.isPresent() && manager.isChangedByHand(unit);
                        outcome = work.get();
                        undo = undo(name, unit, labels, kept, byHand);
                    }
                    record(name, unit, labels, outcome, undo);
                    yield new Result.Completed(outcome, List.of());
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without its own files, for example on a full disk, Lamplighter changes nothing: an upgrade could do so at the
    /// same time.
    private static Result notRecorded(IOException cause) {
        String why = cause instanceof FileSystemException e && e.getFile() != null
                ? AtomicFile.why(Path.of(e.getFile()), e)
                : String.valueOf(cause.getMessage());
        return new Result.Completed(
                new ServiceOutcome.Refused(
                        "Nothing was changed, because Lamplighter can't write its own files: %s.".formatted(why)),
                List.of());
    }

    /// The command itself reports whether the service is running and responding, but not which installation it runs;
    /// versions do not concern it.
    static List<Finding> warnings(Optional<Report> report) {
        return report.stream()
                .flatMap(found -> found.findings().stream())
                .filter(Finding::needsAttention)
                .filter(finding -> finding.id().equals(CheckId.IDENTITY)
                        || (finding.severity() == Severity.WARNING
                                && (finding.group() == Group.AT_LOGIN || finding.group() == Group.SETTINGS_AND_ACCESS)))
                .toList();
    }

    /// Backs up the service file before anything is done.
    private Optional<Integer> kept(String name, String unit) throws IOException {
        Optional<String> text = manager.fileText(unit);
        return text.isPresent() ? Optional.of(copies.keep(name, Map.of(FILE, text.get()))) : Optional.empty();
    }

    /// Undoing restores the backup if the file has changed, or is gone and was changed by hand. Otherwise the
    /// backup is dropped, since Lamplighter can write the same file again.
    private String undo(String name, String unit, Labels labels, Optional<Integer> kept, boolean byHand)
            throws IOException {
        if (kept.isPresent()) {
            Optional<String> now = manager.fileText(unit);
            boolean same = now.isPresent() && now.equals(copies.text(name, kept.get(), FILE));
            if (!same && (now.isPresent() || byHand)) {
                return "lamplighter service install %s --kept %d".formatted(name, kept.get());
            }
            copies.drop(name, kept.get());
        }
        return labels.undo().isEmpty() ? "not needed" : "lamplighter " + labels.undo() + " " + name;
    }

    private void record(String name, String unit, Labels labels, ServiceOutcome outcome, String undo) {
        String what = labels.done().formatted(name);
        switch (outcome) {
            case ServiceOutcome.Done _ -> record(name, what, unit, labels, undo);
            case ServiceOutcome.Failed failed ->
                record(name, "%s, but this failed: %s".formatted(what, failed.reason()), unit, labels, undo);
            case ServiceOutcome.Already _, ServiceOutcome.Refused _ -> {}
        }
    }

    private void record(String name, String what, String unit, Labels labels, String undo) {
        activityLog.add(new ActivityLog.Change(
                clock.instant(), name, what, unit, "lamplighter %s %s".formatted(labels.command(), name), undo));
    }
}
