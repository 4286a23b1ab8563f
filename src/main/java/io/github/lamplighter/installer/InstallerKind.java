package io.github.lamplighter.installer;

import java.util.Arrays;
import java.util.Optional;

/// The package managers that own environments; `SELF` is Lamplighter's own package.
public enum InstallerKind {
    UV,
    PIPX,
    NPM,
    VENV,
    SELF;

    /// As the contract and the command line write it.
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
