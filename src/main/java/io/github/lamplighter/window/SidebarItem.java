package io.github.lamplighter.window;

/// One line of the list at the left.
sealed interface SidebarItem {

    record Overview() implements SidebarItem {}

    record Heading(ToolRow.Section section, int count) implements SidebarItem {}

    record Tool(ToolRow row) implements SidebarItem {}
}
