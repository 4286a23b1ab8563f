package io.github.lamplighter.upgrade;

import java.util.Arrays;
import java.util.Optional;

/// The steps of an upgrade, in their order. Each is written to the journal before it is done.
public enum Step {
    BASELINE("baseline", "Checking %1$s", "Checked %1$s", "Could not check %1$s"),
    DOWNLOAD("download", "Downloading %2$s", "Downloaded %2$s", "Could not download %2$s"),
    STAGE("stage", "Installing %2$s (staged)", "Installed %2$s (staged)", "Could not install %2$s"),
    TEST("try", "Testing %2$s", "Tested %2$s", "Test of %2$s failed"),
    ADJUST_PATHS("mend-paths", "Adjusting paths", "Adjusted paths", "Could not adjust paths"),
    PREPARE_ROLLBACK("arm", "Preparing rollback", "Prepared rollback", "Could not prepare rollback"),
    STOP("stop", "Stopping service", "Stopped service", "Could not stop service"),
    COPY_DATA("copy-data", "Backing up data", "Backed up data", "Could not back up data"),
    SWITCH("switch", "Switching to %2$s", "Switched to %2$s", "Could not switch to %2$s"),
    VERIFY("identity", "Verifying version, source", "Verified version, source", "Wrong version or source"),
    SERVICE_FILE("service-file", "Updating service file", "Updated service file", "Could not update service file"),
    START("start", "Starting service", "Started service", "Could not start service"),
    READY("ready", "Waiting for a response", "Responding", "Not responding"),
    HAND_OVER("hand-over", "Restarting tray icon", "Restarted tray icon", "Tray icon did not start"),
    DOCTOR_CHECKS("gates", "Running doctor checks", "Ran doctor checks", "A doctor check failed"),
    COMMIT("commit", "Keeping %1$s for rollback", "Kept %1$s for rollback", "Could not keep %1$s for rollback"),
    ROLLBACK("roll-back", "Rolling back to %1$s", "Rolled back to %1$s", "Could not roll back to %1$s");

    private final String word;
    private final String doing;
    private final String done;
    private final String failed;

    /// @param doing what users read while it runs, `%1$s` being the old version and `%2$s` the new one
    Step(String word, String doing, String done, String failed) {
        this.word = word;
        this.doing = doing;
        this.done = done;
        this.failed = failed;
    }

    /// The contract's word.
    public String word() {
        return word;
    }

    /// What users read while the step runs.
    public String doing(String from, String to) {
        return doing.formatted(from, to);
    }

    /// What users read when the step is over.
    public String ended(StepOutcome outcome, String from, String to) {
        return (outcome == StepOutcome.FAILED ? failed : done).formatted(from, to);
    }

    /// Whether a running service is down during this step.
    public boolean isDowntime() {
        return compareTo(STOP) >= 0 && compareTo(READY) <= 0;
    }

    /// Whether the new version shows in this step, after the switch, whether it is any good.
    boolean isCheck() {
        return switch (this) {
            case VERIFY, START, READY, HAND_OVER, DOCTOR_CHECKS -> true;
            default -> false;
        };
    }

    static Optional<Step> of(String word) {
        return Arrays.stream(values()).filter(step -> step.word.equals(word)).findFirst();
    }
}
