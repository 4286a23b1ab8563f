package io.github.lamplighter.window;

/// A line of the sidebar.
sealed interface SidebarItem {

    record Overview() implements SidebarItem {}

    record Heading(ToolRow.Section section, int count) implements SidebarItem {}

    record Tool(ToolRow row) implements SidebarItem {}

    /// Whether it is the line of this page.
    ///
    /// @param page a tool's id; empty is the overview
    default boolean shows(String page) {
        return switch (this) {
            case Overview _ -> page.isEmpty();
            case Heading _ -> false;
            case Tool(ToolRow row) -> row.id().equals(page);
        };
    }
}
