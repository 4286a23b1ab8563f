package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.status.ExamineTools;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What stands around every verb that changes a service: a transaction that was cut off is ended first, the
/// environment's lock keeps upgrades out, the change is written down, and the doctor asks again.
///
/// @param copies of service files, from before they were changed or taken away
/// @param recover ends what a crash left half done
/// @param checkUp put together only when it is needed
public record ServiceOperation(
        Runnable recover,
        EnvironmentLock locks,
        ActivityLog activityLog,
        ServiceManager manager,
        BackupStore copies,
        Supplier<ExamineTools> examineTools,
        InstantSource clock,
        ZoneId zone) {

    /// The kind of its copies.
    static final String FILE = "service";

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);

    /// How a verb is called in the record of changes.
    ///
    /// @param doing for those who find the lock taken: `InterruptingCommand`
    /// @param done for the record: `stopped`
    /// @param verb as it is typed: `service stop`
    /// @param back how to put it back, as it is typed; empty where nothing is to be put back
    record Words(String doing, String done, String verb, String back) {

        /// Adoption keeps the file of somebody else itself.
        private boolean changesOurFile() {
            return verb.equals("service install") || verb.equals("service uninstall");
        }
    }

    sealed interface Result {
        /// @param warnings what the doctor, asked again, warns of in the service's file and who can reach it
        record Ended(ServiceOutcome outcome, List<Finding> warnings) implements Result {
            public Ended {
                warnings = List.copyOf(warnings);
            }
        }

        /// Somebody else is at work on the tool; `why` is a sentence.
        record Busy(String why) implements Result {}
    }

    Result around(Manifest manifest, String unit, Words words, Supplier<ServiceOutcome> work) {
        return around(manifest, unit, words, work, () -> manifest);
    }

    /// @param after the tool's description once the work is done
    Result around(
            Manifest manifest, String unit, Words words, Supplier<ServiceOutcome> work, Supplier<Manifest> after) {
        return switch (forTheLastTime(manifest, unit, words, work)) {
            case Result.Ended ended ->
                new Result.Ended(ended.outcome(), warnings(examineTools.get().recheckService(after.get())));
            case Result.Busy busy -> busy;
        };
    }

    /// The same for a tool that is no longer looked after then: nobody asks the doctor about it.
    Result forTheLastTime(Manifest manifest, String unit, Words words, Supplier<ServiceOutcome> work) {
        recover.run();
        String name = manifest.name().value();
        String doing = "%s %s since %s."
                .formatted(words.doing(), name, CLOCK.format(clock.instant().atZone(zone)));
        try {
            return switch (locks.take(manifest.install().environment(), doing)) {
                case EnvironmentLock.Busy(String holder) ->
                    new Result.Busy(
                            "Somebody else is at work on it. %s Try again when that is done.".formatted(holder));
                case EnvironmentLock.Held held -> {
                    ServiceOutcome outcome;
                    String back;
                    try (held) {
                        Optional<Integer> kept = words.changesOurFile() ? kept(name, unit) : Optional.empty();
                        boolean byHand = kept.isPresent() && manager.isChangedByHand(unit);
                        outcome = work.get();
                        back = back(name, unit, words, kept, byHand);
                    }
                    write(name, unit, words, outcome, back);
                    yield new Result.Ended(outcome, List.of());
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether it runs and answers is said by the verb itself; versions are not its business.
    private static List<Finding> warnings(Optional<Report> report) {
        return report.stream()
                .flatMap(found -> found.findings().stream())
                .filter(finding -> finding.severity() == Severity.WARNING && finding.needsAttention())
                .filter(finding -> finding.group() == Group.AT_LOGIN || finding.group() == Group.SETTINGS_AND_ACCESS)
                .toList();
    }

    /// A copy of its file, made before anything is done.
    private Optional<Integer> kept(String name, String unit) throws IOException {
        Optional<String> text = manager.fileText(unit);
        return text.isPresent() ? Optional.of(copies.keep(name, Map.of(FILE, text.get()))) : Optional.empty();
    }

    /// A file that says something else now is put back word for word; one that is gone and was Lamplighter's to the
    /// letter can be written again.
    private String back(String name, String unit, Words words, Optional<Integer> kept, boolean byHand)
            throws IOException {
        if (kept.isPresent()) {
            Optional<String> now = manager.fileText(unit);
            boolean same = now.isPresent() && now.equals(copies.text(name, kept.get(), FILE));
            if (!same && (now.isPresent() || byHand)) {
                return "lamplighter service install %s --kept %d".formatted(name, kept.get());
            }
            copies.drop(name, kept.get());
        }
        return words.back().isEmpty() ? "Nothing is to be put back." : "lamplighter " + words.back() + " " + name;
    }

    private void write(String name, String unit, Words words, ServiceOutcome outcome, String back) {
        String what = words.done() + " " + name;
        switch (outcome) {
            case ServiceOutcome.Done _ -> write(name, what, unit, words, back);
            case ServiceOutcome.Failed failed ->
                write(name, "%s, which did not end well: %s".formatted(what, failed.reason()), unit, words, back);
            case ServiceOutcome.Already _, ServiceOutcome.Refused _ -> {}
        }
    }

    private void write(String name, String what, String unit, Words words, String back) {
        activityLog.add(new ActivityLog.Change(
                clock.instant(), name, what, unit, "lamplighter %s %s".formatted(words.verb(), name), back));
    }
}
