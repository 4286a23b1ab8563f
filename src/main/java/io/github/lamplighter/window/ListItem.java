package io.github.lamplighter.window;

/// One line of the list at the left.
sealed interface ListItem {

    record Overview() implements ListItem {}

    record Heading(ToolRow.Section section, int count) implements ListItem {}

    record Tool(ToolRow row) implements ListItem {}
}
