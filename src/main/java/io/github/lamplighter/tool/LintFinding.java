package io.github.lamplighter.tool;

/// A problem of a manifest with its position.
///
/// @param pointer the key, as an RFC 6901 JSON pointer
/// @param line counted from 1
/// @param column counted from 1
/// @param message a sentence without the position
public record LintFinding(String pointer, int line, int column, String message) {}
