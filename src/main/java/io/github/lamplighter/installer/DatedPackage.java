package io.github.lamplighter.installer;

import java.time.Instant;

/// An installed package.
///
/// @param name as its package manager knows it
/// @param version as written there; empty if it cannot be read
/// @param installedAt when its files were put in place
public record DatedPackage(String name, String version, Instant installedAt) {}
