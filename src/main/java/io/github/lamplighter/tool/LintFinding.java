package io.github.lamplighter.tool;

/// Something in a manifest that does no harm but is not understood: it is reported, and kept.
///
/// @param pointer the key, as an RFC 6901 JSON pointer
/// @param line counted from 1
/// @param column counted from 1
/// @param message a sentence without the place
public record LintFinding(String pointer, int line, int column, String message) {}
