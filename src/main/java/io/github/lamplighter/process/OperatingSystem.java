package io.github.lamplighter.process;

/// The operating system that this process runs on.
///
/// @param hints the key of a manifest's hints for it: `macos`, or the family of a Linux distribution
///     (`debian`)
public record OperatingSystem(Kernel kernel, String hints) {

    public enum Kernel {
        LINUX,
        MACOS
    }

    public static OperatingSystem macos() {
        return new OperatingSystem(Kernel.MACOS, "macos");
    }

    /// @param family `debian`, `fedora`, …
    public static OperatingSystem linux(String family) {
        return new OperatingSystem(Kernel.LINUX, family);
    }

    public boolean isMacos() {
        return kernel == Kernel.MACOS;
    }
}
