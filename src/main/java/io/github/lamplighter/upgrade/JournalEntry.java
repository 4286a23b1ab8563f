package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line of a journal: what a transaction is about to do, or its result.
public sealed interface JournalEntry {

    Instant at();

    /// The first line: the worker holds the lock.
    ///
    /// @param id the transaction's
    /// @param name the tool's
    /// @param worker the pid of the process that writes this journal
    /// @param sequence a higher number than all transactions of the tool before it: clocks get adjusted
    record Started(Instant at, String id, String name, long worker, long sequence) implements JournalEntry {

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

    /// The plan.
    ///
    /// @param from the version on disk
    /// @param to the new version as users know it
    /// @param identity what exactly is installed: a version, a commit or a snapshot
    /// @param steps in order; some may be skipped
    /// @param commands of the package manager, as users would type them
    record Planned(Instant at, String from, String to, String identity, List<Step> steps, List<String> commands)
            implements JournalEntry {
        public Planned {
            steps = List.copyOf(steps);
            commands = List.copyOf(commands);
        }

        /// The prefix of the identity of a previous version.
        static final String SNAPSHOT = "snapshot ";

        boolean isRollback() {
            return identity.startsWith(SNAPSHOT);
        }
    }

    /// Everything that a rollback needs, written before anything of the user's is changed.
    record RollbackPointRecorded(Instant at, RollbackPoint point) implements JournalEntry {}

    /// Everything that a rollback of Lamplighter itself needs, written before the link is changed.
    record LinkSwitchRecorded(Instant at, LinkSwitch change) implements JournalEntry {}

    record StepStarted(Instant at, Step step) implements JournalEntry {}

    /// @param detail a phrase or sentence; may be empty
    record StepEnded(Instant at, Step step, StepOutcome outcome, long tookMillis, String detail)
            implements JournalEntry {
        boolean isCancelled() {
            return outcome == StepOutcome.FAILED && detail.equals(StepSequence.CANCELLED);
        }
    }

    /// A line of a package manager's output.
    record Output(Instant at, String line) implements JournalEntry {}

    /// What was backed up of the tool's data, written before the switch.
    ///
    /// @param isComplete whether everything that links in the data lead to is among it
    record DataCopied(Instant at, List<DataCopy> copies, boolean isComplete) implements JournalEntry {
        public DataCopied {
            copies = List.copyOf(copies);
        }
    }

    /// A part of a rollback that is done and must not be repeated (`data`).
    record Restored(Instant at, String part) implements JournalEntry {}

    /// The last line of a run.
    ///
    /// @param isOpen whether something could not be restored yet; recovery continues with it
    record Ended(Instant at, UpgradeOutcome outcome, boolean isOpen) implements JournalEntry {}

    /// The state before the switch. All of it is in the journal, because recovery has nothing else.
    ///
    /// @param environment the final path
    /// @param prepared the folder that takes its place; after the exchange it holds the old version
    /// @param oldIdentity the inode of the old environment: a rename keeps it, so it identifies the old
    ///     version
    /// @param newIdentity the inode of `prepared`
    /// @param stage the folder to delete in the end; empty if a snapshot is restored
    /// @param snapshot the folder that keeps the old environment after the commit
    /// @param links the previous target of each launcher link; empty where there was none
    /// @param unit the service's unit
    /// @param ran whether the service was running
    /// @param answered whether the service was responding; otherwise it need not respond afterwards
    /// @param serviceFile the previous text of our service file
    record RollbackPoint(
            Path environment,
            Path prepared,
            long oldIdentity,
            long newIdentity,
            Optional<Path> stage,
            Path snapshot,
            Map<Path, Optional<String>> links,
            Optional<String> unit,
            boolean ran,
            boolean answered,
            Optional<String> serviceFile) {
        public RollbackPoint {
            links = Map.copyOf(links);
        }
    }

    /// A change of the version of Lamplighter that is in use. The versions are side by side, and a link
    /// selects one.
    ///
    /// @param from the previous target of the link, and where it came from
    /// @param to its new target
    /// @param fromFolder the folder of the previous version
    /// @param toFolder the folder of the new version
    /// @param stage the folder with the download, to delete in the end; empty if a version is restored
    /// @param trayRan whether the tray icon was running from one of the versions
    record LinkSwitch(String from, String to, Path fromFolder, Path toFolder, Optional<Path> stage, boolean trayRan) {}
}
