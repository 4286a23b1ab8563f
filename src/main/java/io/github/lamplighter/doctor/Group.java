package io.github.lamplighter.doctor;

/// The groups of checks, in the order of every report.
public enum Group {
    RUNNING("running", "Process"),
    VERSION("version", "Version"),
    NEEDS("needs", "Requirements"),
    AT_LOGIN("at-login", "Startup"),
    SETTINGS_AND_ACCESS("settings-and-access", "Configuration and access"),
    OWN_DOCTOR("own-doctor", "Its own doctor");

    private final String word;
    private final String title;

    Group(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /// As the contract writes it.
    public String word() {
        return word;
    }

    /// As a person reads it.
    public String title() {
        return title;
    }
}
