package io.github.lamplighter.window;

/// The result of a command, shown above the tabs until the next one.
record PageBanner(ToolRow.Mark mark, String title, String detail) {}
