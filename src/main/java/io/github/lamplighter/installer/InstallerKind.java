package io.github.lamplighter.installer;

import java.util.Arrays;
import java.util.Optional;

/// The package managers; `SELF` is Lamplighter's own installation.
public enum InstallerKind {
    UV,
    PIPX,
    NPM,
    VENV,
    SELF;

    /// The word in JSON and on the command line.
    public String word() {
        return switch (this) {
            case UV -> "uv";
            case PIPX -> "pipx";
            case NPM -> "npm";
            case VENV -> "venv";
            case SELF -> "self";
        };
    }

    public static Optional<InstallerKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
