package io.github.lamplighter.version;

/// A version that no scheme can parse.
public record OpaqueVersion(String text) implements Version {
    @Override
    public boolean isFinal() {
        return false;
    }
}
