package io.github.lamplighter.text;

/// The source of a statement and what was found at the source.
///
/// @param source a file (home as `~`), a command or an address
/// @param detail the line, key, value or quoted output found at the source
public record Evidence(String source, String detail) {}
