package io.github.lamplighter.window;

/// What a transaction does, with its words.
enum UpgradeKind {
    UPGRADE("upgrade", "Upgrading"),
    ROLLBACK("rollback", "Rolling back");

    private final String noun;
    private final String doing;

    UpgradeKind(String noun, String doing) {
        this.noun = noun;
        this.doing = doing;
    }

    /// For the middle of a sentence: `upgrade`.
    String noun() {
        return noun;
    }

    /// For the beginning of a sentence: `Upgrading`.
    String doing() {
        return doing;
    }

    /// What a click on *Cancel* would do.
    ///
    /// @param installed the version before
    String cancelConsequence(String installed) {
        return switch (this) {
            case UPGRADE ->
                "If the new version is installed already, Lamplighter rolls back to %s. Otherwise nothing changes."
                        .formatted(installed);
            case ROLLBACK ->
                "If the previous version is restored already, Lamplighter returns to %s. Otherwise nothing changes."
                        .formatted(installed);
        };
    }
}
