package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line of a journal: what a transaction is about to do, or what came of it.
public sealed interface JournalEntry {

    Instant at();

    /// The first line: a worker holds the lock.
    ///
    /// @param id the transaction's
    /// @param name the tool's
    /// @param worker the pid of the process that writes this journal
    record Started(Instant at, String id, String name, long worker) implements JournalEntry {

        /// Clocks get adjusted, and boot times are rounded.
        private static final Duration SLACK = Duration.ofMinutes(1);

        /// The worker's process; empty when it is gone.
        Optional<ProcessHandle> process() {
            return process(worker, at);
        }

        /// A process that started after the journal did only reuses the worker's pid.
        static Optional<ProcessHandle> process(long worker, Instant startedAt) {
            return ProcessHandle.of(worker)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .startInstant()
                            .filter(start -> start.isAfter(startedAt.plus(SLACK)))
                            .isEmpty());
        }
    }

    /// What will be done.
    ///
    /// @param from the version on disk
    /// @param to what a person calls the new one
    /// @param identity what the new one *is*: a version, or a commit
    /// @param steps in order; some may be skipped
    /// @param commands of the installer, as a person would type them
    record Planned(Instant at, String from, String to, String identity, List<Step> steps, List<String> commands)
            implements JournalEntry {
        public Planned {
            steps = List.copyOf(steps);
            commands = List.copyOf(commands);
        }
    }

    /// Everything that going back needs, written before anything of the user's is touched. It is only ever
    /// read back from our own journal.
    record RollbackPointRecorded(Instant at, RollbackPoint way) implements JournalEntry {}

    record StepStarted(Instant at, Step step) implements JournalEntry {}

    /// @param detail a phrase or sentence; empty when there is nothing to say
    record StepEnded(Instant at, Step step, StepOutcome outcome, long tookMillis, String detail)
            implements JournalEntry {}

    /// A line of an installer's output.
    record Output(Instant at, String line) implements JournalEntry {}

    /// Some part of going back is over and must not be done twice (`data`).
    record Restored(Instant at, String part) implements JournalEntry {}

    /// The last line: the transaction is over.
    record Ended(Instant at, UpgradeOutcome outcome) implements JournalEntry {}

    /// What was there before the stop and where it lies.
    ///
    /// @param environment the final path
    /// @param prepared what takes its place; after the exchange it holds the old one
    /// @param oldIdentity the inode of the old environment: a rename keeps it, so it says where the old one is
    /// now
    /// @param stage the folder to drop when this is over; empty when what is put in place is a kept snapshot
    /// @param snapshot where the old environment is kept after the commit
    /// @param links the text of each launcher link as it was; empty where there was none
    /// @param unit the service's unit, when it has one
    /// @param ran whether the service ran
    /// @param answered whether it was ready then; what was not ready before need not be ready after
    /// @param serviceFile the text of a service file of ours as it was
    /// @param data each declared data path, with where its copy lies
    record RollbackPoint(
            Path environment,
            Path prepared,
            long oldIdentity,
            Optional<Path> stage,
            Path snapshot,
            Map<Path, Optional<String>> links,
            Optional<String> unit,
            boolean ran,
            boolean answered,
            Optional<String> serviceFile,
            Map<Path, Path> data) {
        public RollbackPoint {
            links = Map.copyOf(links);
            data = Map.copyOf(data);
        }
    }
}
