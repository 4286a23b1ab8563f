package io.github.lamplighter.installer;

/// What a statement rests on.
///
/// @param source a file (home as `~`), a command or an address
/// @param detail the line, key, value or quoted output found there
public record Evidence(String source, String detail) {}
