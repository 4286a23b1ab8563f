package io.github.lamplighter.upgrade;

import java.util.Arrays;
import java.util.Optional;

/// The steps of an upgrade, in their order. Each is written to the journal before it is done.
public enum Step {
    BASELINE("baseline", "Looking at it as it is", "Looked at it as it is"),
    STAGE("stage", "Installing beside the old one", "Installed beside the old one"),
    TRY("try", "Trying it out", "Tried it out"),
    MEND_PATHS("mend-paths", "Making it fit its place", "Made it fit its place"),
    ARM("arm", "Preparing the way back", "Prepared the way back"),
    STOP("stop", "Stopping", "Stopped"),
    COPY_DATA("copy-data", "Copying its data", "Copied its data"),
    SWITCH("switch", "Putting it in place", "Put in place"),
    IDENTITY("identity", "Reading what is in place", "Is what was asked for"),
    SERVICE_FILE("service-file", "Writing the service file", "Service file is up to date"),
    START("start", "Starting", "Started"),
    READY("ready", "Waiting until it answers", "Answers"),
    GATES("gates", "Checking", "Checked"),
    COMMIT("commit", "Keeping the old one", "Kept the old one"),
    ROLL_BACK("roll-back", "Going back", "Went back");

    private final String word;
    private final String doing;
    private final String done;

    Step(String word, String doing, String done) {
        this.word = word;
        this.doing = doing;
        this.done = done;
    }

    /// As the contract writes it.
    public String word() {
        return word;
    }

    /// What a person reads while it runs.
    public String doing() {
        return doing;
    }

    /// What a person reads when it is over.
    public String done() {
        return done;
    }

    /// Whether the service is down in this step when there is one: what the dialog frames.
    public boolean isDowntime() {
        return compareTo(STOP) >= 0 && compareTo(READY) <= 0;
    }

    static Optional<Step> of(String word) {
        return Arrays.stream(values()).filter(step -> step.word.equals(word)).findFirst();
    }
}
