package io.github.lamplighter.version;

/// A version that no scheme can read.
public record Opaque(String text) implements Version {
    @Override
    public boolean isFinal() {
        return false;
    }
}
