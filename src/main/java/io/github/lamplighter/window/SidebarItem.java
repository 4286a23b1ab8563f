package io.github.lamplighter.window;

/// A line of the sidebar.
sealed interface SidebarItem {

    record Overview() implements SidebarItem {}

    record Heading(ToolRow.Section section, int count) implements SidebarItem {}

    record Tool(ToolRow row) implements SidebarItem {}
}
